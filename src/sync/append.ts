import { toHex, type Bytes } from '../core/bytes.ts'
import type { Body } from '../core/body.ts'
import { nextClock } from '../core/clock.ts'
import { emptyFeed } from '../core/feed.ts'
import type { ConversationId } from '../core/ids.ts'
import { feedKey, type FeedId } from '../core/record.ts'
import { signRecord } from '../crypto/record.ts'
import { decodeBody, encodeBody } from '../protocol/body.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import { ownFeed, type Draft } from './draft.ts'
import { keep } from './keep.ts'
import { profileOf } from './profile.ts'

/** What an author says, and where. */
export interface Words {
  readonly conversation: ConversationId
  readonly bodies: readonly Body[]
}

/** Composes and signs the next records of our feed; before the first one stands who is speaking. */
export async function append(
  draft: Draft,
  author: Author,
  { conversation, bodies }: Words,
): Promise<StoredRecord[]> {
  const id = ownFeed(draft, conversation)
  const begun = (draft.get('feeds', feedKey(id))?.seq ?? 0) > 0
  const stored: StoredRecord[] = []
  for (const body of begun ? bodies : [...opening(draft), ...bodies])
    stored.push(await say(draft, author, { id, body }))
  return stored
}

async function say(
  draft: Draft,
  author: Author,
  { id, body }: { id: FeedId; body: Body },
): Promise<StoredRecord> {
  const chat = draft.get('conversations', id.conversation)
  const membership = draft.get('memberships', id.conversation)
  if (!chat || !membership) throw new Error('there is no such conversation')
  const feed = draft.get('feeds', feedKey(id)) ?? emptyFeed(id)
  const clock = nextClock({ wall: author.now(), own: feed.clock, received: chat.active })
  const content = { kind: body.kind, clock, body: encodeBody(body), salt: author.randomBytes(8) }
  // What no receiver would take must not be accepted either.
  if (!decodeBody(body.kind, content.body)) throw new RangeError(`a ${body.kind} that is too long`)
  const place = { ...id, seq: feed.seq + 1, era: membership.era }
  const record = await signRecord(author.signer, place, content)
  return keep(draft, author, { feed, record, body })
}

/** A feed begins with the incarnation that writes it and what its author is called (PROTOCOL §1). */
function opening({ self }: Draft): Body[] {
  return [
    { kind: 'incarnation', incarnation: self.incarnation },
    { kind: 'profile', profile: profileOf(self) },
  ]
}

/** A fresh random number of 48 bits that stands for a conversation in the index. */
export function localNumber(randomBytes: (length: number) => Bytes): number {
  return parseInt(toHex(randomBytes(6)), 16) + 1
}
