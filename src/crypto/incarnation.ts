import { fromHex, join, toHex, type Bytes } from '../core/bytes.ts'
import type { Incarnation } from '../core/body.ts'
import { incarnationId, type IdentityKey } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { verify, type Signer } from './identity.ts'

function statement({ id, madeAt }: Pick<Incarnation, 'id' | 'madeAt'>): Bytes {
  return join(label.incarnation, fromHex(id), madeAt)
}

/** `madeAt` must be later than that of any incarnation of this identity seen before (PROTOCOL §1). */
export async function makeIncarnation(signer: Signer, random: Bytes, madeAt: number): Promise<Incarnation> {
  const id = incarnationId(toHex(random))
  return { id, madeAt, signature: await signer.sign(statement({ id, madeAt })) }
}

export async function verifyIncarnation(identity: IdentityKey, incarnation: Incarnation): Promise<boolean> {
  return verify(identity, statement(incarnation), incarnation.signature)
}

/** The latest made-at retires all others, then the higher bytes (PROTOCOL §1). */
export function retires(newer: Incarnation, older: Incarnation): boolean {
  return newer.madeAt === older.madeAt ? newer.id > older.id : newer.madeAt > older.madeAt
}

/** The one that counts of two, also when an older link is told of last. */
export function later(one: Incarnation, other: Incarnation | undefined): Incarnation {
  return other && retires(other, one) ? other : one
}
