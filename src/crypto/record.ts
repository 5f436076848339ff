import { equal, fromHex, join, uint, type Bytes } from '../core/bytes.ts'
import { KIND_CODES } from '../core/body.ts'
import type { Feed } from '../core/feed.ts'
import { label } from '../core/labels.ts'
import type { Content, FeedRecord, Signed } from '../core/record.ts'
import { hash } from './hash.ts'
import { verify, type Signer } from './identity.ts'

/** H(kind ‖ clock ‖ body ‖ salt) (PROTOCOL §5). */
export function innerOf({ kind, clock, body, salt }: Content): Bytes {
  return hash(KIND_CODES[kind], clock, body, salt)
}

/** H(head before ‖ seq ‖ inner) (PROTOCOL §5). */
export function nextHead(feed: Feed, inner: Uint8Array): Bytes {
  return hash(feed.head, feed.seq + 1, inner)
}

function signedBytes(record: Omit<Signed, 'signature'>): Bytes {
  return join(
    label.record,
    fromHex(record.conversation),
    fromHex(record.author),
    fromHex(record.incarnation),
    record.seq,
    join(uint(record.era.generation, 8), uint(record.era.epoch, 8)),
    record.inner,
  )
}

export async function signRecord(
  signer: Signer,
  fields: Omit<Signed, 'signature' | 'author' | 'inner'>,
  content: Content,
): Promise<FeedRecord & { form: 'record' }> {
  const signed = { ...fields, author: signer.identity, inner: innerOf(content) }
  return { ...signed, form: 'record', content, signature: await signer.sign(signedBytes(signed)) }
}

/** True when the author signed exactly this; a record's content must also be the one that `inner` commits to. */
export async function verifyRecord(record: FeedRecord): Promise<boolean> {
  if (record.form === 'record' && !equal(innerOf(record.content), record.inner)) return false
  return verify(record.author, signedBytes(record), record.signature)
}
