import { toHex, type Bytes } from '../../core/bytes.ts'
import type { Picture } from '../../core/body.ts'
import { isKnown } from '../../core/contact.ts'
import { FIRST_ERA } from '../../core/era.ts'
import { conversationId, type ConversationId, type IdentityKey } from '../../core/ids.ts'
import type { Invite, ShownInvite } from '../../core/invite.ts'
import type { Request } from '../../core/group.ts'
import { firstMembership, MAX_MEMBERS, members, seatOf, type Card } from '../../core/membership.ts'
import { inviteIdOf } from '../../crypto/invite.ts'
import { inviteForLink, inviteForQr } from '../../protocol/invite.ts'
import type { Frame } from '../../protocol/frame.ts'
import { acquaint } from '../../sync/acquaint.ts'
import { append, localNumber } from '../../sync/append.ts'
import type { Author } from '../../sync/author.ts'
import type { Delivery } from '../../sync/delivery.ts'
import type { Draft } from '../../sync/draft.ts'
import type { Ledger } from '../../sync/ledger.ts'
import { arrange, beginGeneration, cardOf } from '../../sync/organise.ts'
import { openPair } from '../../sync/pair.ts'
import { profileOf } from '../../sync/profile.ts'
import { reconsider } from '../../sync/roster.ts'

/** Why something could not be done. */
export type GroupProblem = 'full' | 'no-keys' | 'not-organiser'

/** What a person does with groups. Each resolves when it is on the disk. */
export interface Groups {
  /** Makes a group and asks these contacts into it. */
  create(group: { name: string; picture?: Picture; people: readonly IdentityKey[] }): Promise<ConversationId>
  /** Asks contacts into a group that we organise. */
  invite(group: ConversationId, people: readonly IdentityKey[]): Promise<GroupProblem | undefined>
  /** Our answer to somebody who asked us in. */
  answer(invitation: string, answer: 'join' | 'decline'): Promise<void>
  /** Forgets an invitation that came to nothing. */
  forget(invitation: string): Promise<void>
  remove(group: ConversationId, who: IdentityKey): Promise<GroupProblem | undefined>
  /** What everybody sees of the group. */
  describe(group: ConversationId, info: { name: string; picture?: Picture }): Promise<void>
  leave(group: ConversationId): Promise<void>
  handOver(group: ConversationId, to: IdentityKey): Promise<void>
  /** Proposes to go on without the organiser; each member decides. */
  goOnWithout(group: ConversationId): Promise<void>
  /** Agrees to such a proposal: the recordKey of its roster record. */
  follow(group: ConversationId, roster: string): Promise<void>
  /** A code for many: the live one, or a new one. */
  poster(
    group: ConversationId,
    how: { via: 'qr' | 'link'; admit: 'ask' | 'all' },
  ): Promise<{ text: string; expires: number }>
  withdraw(group: ConversationId): Promise<void>
  /** We opened such a code. */
  knock(invite: Invite): Promise<void>
  /** Our answer to somebody who came with such a code. */
  decide(group: ConversationId, who: IdentityKey, answer: 'admit' | 'turn-away'): Promise<void>
  /** Introduces two contacts to each other. */
  introduce(who: IdentityKey, to: IdentityKey): Promise<void>
  /** Opens the chat with somebody met through others; with a card, somebody who was introduced. */
  meet(who: IdentityKey | Card, by?: IdentityKey): Promise<ConversationId>
  turnedAway(from: IdentityKey, frame: Frame & { type: 'turned-away' }): Promise<void>
}

export interface GroupsDeps {
  readonly ledger: Ledger
  readonly author: Author
  readonly delivery: Delivery
  /** Scheme, host and port of this page. */
  readonly origin: string
  /** The doors changed. */
  refresh(): void
}

/** How long a group's code is good for, milliseconds. */
const POSTER_MS = 30 * 24 * 3_600_000

export function createGroups(deps: GroupsDeps): Groups {
  const { ledger, author, delivery } = deps
  return {
    create: (group) => create(deps, group),
    invite: (group, people) => ledger.transact((draft) => ask(draft, author, { group, people })),
    answer: async (id, answer) => {
      await ledger.transact((draft) => respond(draft, author, { id, answer }))
      deps.refresh()
    },
    forget: (id) =>
      ledger.transact((draft) => {
        draft.remove('invitations', id)
      }),
    remove: (group, who) =>
      delivery.carry(group, async (draft) => {
        if (draft.get('memberships', group)?.organiser !== draft.self.identity) return 'not-organiser'
        draft.remove('requests', `${group}/${who}`)
        const remove = [{ identity: who, left: false }]
        return (await arrange(draft, author, { conversation: group, remove })) ? undefined : 'no-keys'
      }),
    describe: (group, info) =>
      delivery.carry(group, async (draft) => {
        await append(draft, author, { conversation: group, bodies: [{ kind: 'info', ...info }] })
      }),
    leave: (group) =>
      delivery.carry(group, async (draft) => {
        await append(draft, author, { conversation: group, bodies: [{ kind: 'leave' }] })
        const chat = draft.get('conversations', group)
        if (chat) draft.put('conversations', { ...chat, left: true })
      }),
    handOver: (group, to) =>
      delivery.carry(group, async (draft) => {
        await append(draft, author, { conversation: group, bodies: [{ kind: 'handover', to }] })
      }),
    goOnWithout: (group) =>
      delivery.carry(group, async (draft) => {
        const organiser = draft.get('memberships', group)?.organiser
        if (organiser === undefined || organiser === draft.self.identity) return
        // Whoever asked to be let go stays with nobody.
        if (draft.get('conversations', group)?.left) return
        await beginGeneration(draft, author, { conversation: group, cause: 'without', without: [organiser] })
      }),
    follow: (group, roster) => delivery.carry(group, (draft) => follow(draft, author, { group, roster })),
    poster: (group, how) => poster(deps, group, how),
    withdraw: (group) =>
      ledger.transact((draft) => {
        for (const invite of postersOf(draft, group)) draft.put('invites', { ...invite, state: 'withdrawn' })
        for (const { at, identity } of draft.all('requests').filter((request) => request.group === group))
          if (THROUGH_POSTER.includes(at)) draft.remove('requests', `${group}/${identity}`)
      }),
    knock: async (invite) => {
      await ledger.transact((draft) => {
        knock(draft, invite)
      })
      deps.refresh()
    },
    decide: (group, who, answer) =>
      ledger.transact((draft) => {
        const request = draft.get('requests', `${group}/${who}`)
        if (request)
          draft.put('requests', { ...request, at: answer === 'admit' ? 'admitted' : 'turned-away' })
      }),
    introduce: (who, to) => ledger.transact((draft) => introduce(draft, author, { who, to })),
    meet: async (who, by) => {
      const conversation = await ledger.transact((draft) => meet(draft, author, { who, by }))
      deps.refresh()
      return conversation
    },
    turnedAway: (from, { invite, reason }) =>
      ledger.transact((draft) => {
        const known = draft.get('invitations', invite)
        if (known?.organiser === from) draft.put('invitations', { ...known, at: 'refused', refusal: reason })
      }),
  }
}

async function create(
  { ledger, author }: GroupsDeps,
  { name, picture, people }: { name: string; picture?: Picture; people: readonly IdentityKey[] },
): Promise<ConversationId> {
  const group = conversationId(toHex(author.randomBytes(16)))
  await ledger.transact(async (draft) => {
    const local = localNumber((length: number): Bytes => author.randomBytes(length))
    const circle = { kind: 'group', name } as const
    draft.add('conversations', { id: group, circle, local, active: author.now(), unread: 0, messages: 0 })
    draft.add('memberships', firstMembership(group, [draft.self.identity], FIRST_ERA))
    await beginGeneration(draft, author, { conversation: group, cause: 'first' })
    if (picture) {
      await append(draft, author, { conversation: group, bodies: [{ kind: 'info', name, picture }] })
    }
    await ask(draft, author, { group, people })
  })
  return group
}

/** Asks in the chats with them, so that it reaches them whenever they come. */
async function ask(
  draft: Draft,
  author: Author,
  { group, people }: { group: ConversationId; people: readonly IdentityKey[] },
): Promise<GroupProblem | undefined> {
  const membership = draft.get('memberships', group)
  const circle = draft.get('conversations', group)?.circle
  if (membership?.organiser !== draft.self.identity || circle?.kind !== 'group') return 'not-organiser'
  const fresh = people.filter((who) => !seatOf(membership, who))
  const waiting = draft.all('requests').filter(({ group: of, at }) => of === group && at === 'asked')
  const all = new Set([...members(membership), ...waiting.map(({ identity }) => identity), ...fresh])
  if (all.size > MAX_MEMBERS) return 'full'
  for (const identity of fresh) {
    const conversation = openPair(draft, identity, author)
    const { name } = circle
    draft.put('requests', { group, identity, at: 'asked' })
    await append(draft, author, { conversation, bodies: [{ kind: 'invitation', group, name }] })
  }
  return undefined
}

async function respond(
  draft: Draft,
  author: Author,
  { id, answer }: { id: string; answer: 'join' | 'decline' },
): Promise<void> {
  const invitation = draft.get('invitations', id)
  if (invitation?.at !== 'asked' || invitation.group === undefined) return
  if (answer === 'join') {
    draft.put('invitations', { ...invitation, at: 'accepted' })
    return
  }
  draft.remove('invitations', id)
  const conversation = openPair(draft, invitation.organiser, author)
  await append(draft, author, { conversation, bodies: [{ kind: 'declined', group: invitation.group }] })
}

async function follow(
  draft: Draft,
  author: Author,
  { group, roster }: { group: ConversationId; roster: string },
): Promise<void> {
  const membership = draft.get('memberships', group)
  const row = await draft.record(roster)
  if (!membership?.open.includes(roster) || !row) return
  const { author: by, incarnation, seq } = row.record
  await append(draft, author, {
    conversation: group,
    bodies: [{ kind: 'follow', target: { author: by, incarnation, seq } }],
  })
  draft.put('memberships', { ...membership, follows: roster })
  await reconsider(draft, author, group)
}

/** People who came by a code and are not let in. */
const THROUGH_POSTER: readonly Request['at'][] = ['called', 'wishes', 'turned-away']

function postersOf(draft: Draft, group: ConversationId): ShownInvite[] {
  return draft
    .all('invites')
    .filter((invite) => invite.group?.conversation === group && invite.state === 'live')
}

async function poster(
  { ledger, author, origin, refresh }: GroupsDeps,
  group: ConversationId,
  { via, admit }: { via: 'qr' | 'link'; admit: 'ask' | 'all' },
): Promise<{ text: string; expires: number }> {
  const { shown, name } = await ledger.transact((draft) => {
    const circle = draft.get('conversations', group)?.circle
    const good = postersOf(draft, group).find(({ expires }) => expires > author.now())
    const expires = Math.floor((author.now() + POSTER_MS) / 1000) * 1000
    const fresh: ShownInvite = good ?? { secret: author.randomBytes(16), expires, via, state: 'live' }
    const shown: ShownInvite = { ...fresh, group: { conversation: group, admit } }
    draft.put('invites', shown)
    return { shown, name: circle?.kind === 'group' ? circle.name : '' }
  })
  refresh()
  const { self } = ledger.state
  const { address } = profileOf(self)
  const { secret, expires } = shown
  const invite: Invite = { secret, expires, identity: self.identity, address, name, group: true }
  return { text: via === 'qr' ? inviteForQr(invite, origin) : inviteForLink(invite, origin), expires }
}

function knock(draft: Draft, { secret, identity: organiser, address, name, expires }: Invite): void {
  const id = inviteIdOf(secret)
  draft.put('invitations', { id, name, organiser, at: 'accepted', poster: { secret, address, expires } })
}

/** Each gets the other's card in the chat with us; the two meet when both want to. */
async function introduce(
  draft: Draft,
  author: Author,
  { who, to }: { who: IdentityKey; to: IdentityKey },
): Promise<void> {
  for (const [about, reader] of [
    [who, to],
    [to, who],
  ] as const) {
    const card = cardOf(draft, about)
    if (!card) throw new Error('nothing is known of this person yet')
    const conversation = openPair(draft, reader, author)
    await append(draft, author, { conversation, bodies: [{ kind: 'card', card }] })
  }
}

async function meet(
  draft: Draft,
  author: Author,
  { who, by }: { who: IdentityKey | Card; by: IdentityKey | undefined },
): Promise<ConversationId> {
  if (typeof who !== 'string') {
    await acquaint(draft, who, { by: by ?? who.identity })
    return meet(draft, author, { who: who.identity, by })
  }
  const contact = draft.get('contacts', who)
  if (who !== draft.self.identity && !isKnown(contact) && contact?.stage !== 'invited')
    throw new Error('nothing is known of this person')
  return openPair(draft, who, author)
}
