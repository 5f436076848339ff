import type { Bytes } from '../../src/core/bytes.ts'
import type { IdentityKey } from '../../src/core/ids.ts'
import type { Timers } from '../../src/core/timers.ts'
import { addressOf, addressToken } from '../../src/crypto/address.ts'
import { doorOfPair, type DoorKeys, type Role } from '../../src/crypto/bind.ts'
import { createSigner, deriveIdentity, pairKey, type IdentitySecrets } from '../../src/crypto/identity.ts'
import { makeIncarnation } from '../../src/crypto/incarnation.ts'
import { bind, type Bound, type Meeting, type Party, type Refused } from '../../src/net/bind.ts'
import type { Channel } from '../../src/net/channel.ts'
import { readBindFrames, type Inbox } from '../../src/net/inbox.ts'
import { fingerprint } from './memory-network.ts'
import { memoryPipe, type End } from './memory-pipe.ts'
import { bytesOf } from './samples.ts'

/** Whoever takes part in a BIND. */
export interface Actor extends Party {
  readonly secrets: IdentitySecrets
}

/** `n` tells the roots apart; `madeAt` the incarnations of one person. */
export async function actor(name: string, n: number, madeAt = 1000): Promise<Actor> {
  const secrets = deriveIdentity(bytesOf(16, n))
  const signer = await createSigner(secrets)
  const address = addressOf(addressToken(secrets.addressKey, 0))
  return {
    ...{ secrets, signer, profile: { name, address, knockKey: secrets.knockKey } },
    incarnation: await makeIncarnation(signer, bytesOf(8, n), madeAt),
  }
}

export function doorBetween(a: Actor, b: Actor): DoorKeys {
  const pair = pairKey(a.secrets, b.secrets)
  if (!pair) throw new Error('no pair key')
  return doorOfPair(pair)
}

/** Each thing a turn later; no time passes. */
export const turns: Timers = {
  now: () => 0,
  elapsed: () => 0,
  after: (_, call) => {
    const later = setImmediate(call)
    return () => clearImmediate(later)
  },
}

let certificates = 0
/** A wire of its own; `carried` sees every byte on it. */
export function wire(carried: (bytes: Bytes) => void = () => undefined): readonly [End, End] {
  return memoryPipe({ timers: turns, carried, certificate: () => fingerprint((certificates += 1)) }).ends
}

export interface Side {
  readonly me: Actor
  readonly role: Role
  readonly keys: DoorKeys
  readonly expects: IdentityKey | undefined
  readonly newest?: Meeting['newest']
  /** Resolves when the ten seconds are over. */
  readonly expired?: Promise<void>
}

export type Met = (Bound | Refused) & { readonly inbox: Inbox }

/** One side of BIND; closes the channel where there will be no link, as the switchboard does. */
export async function bindSide(channel: Channel, side: Side): Promise<Met> {
  const { me, role, keys, expects, newest = () => undefined, expired = new Promise(() => undefined) } = side
  const inbox = readBindFrames(channel, expired)
  const outcome = await bind(channel, inbox, { me, meeting: { role, keys, expects, newest } })
  if (outcome.result !== 'bound') channel.close()
  return { ...outcome, inbox }
}

/** Both sides of one BIND over one wire. */
export async function meet(
  dialer: Omit<Side, 'role'>,
  listener: Omit<Side, 'role'>,
  [near, far]: readonly [Channel, Channel] = wire(),
): Promise<[Met, Met]> {
  return Promise.all([
    bindSide(near, { ...dialer, role: 'dialer' }),
    bindSide(far, { ...listener, role: 'listener' }),
  ])
}

/** Carries everything from one channel to the other and back, as somebody in the middle does. */
export function relay(
  a: Channel,
  b: Channel,
  tamper: (bytes: Bytes) => Bytes | undefined = (bytes) => bytes,
): void {
  const carry = (from: Channel, to: Channel): void => {
    from.listen({
      message: (bytes) => {
        const passed = tamper(bytes)
        if (passed) to.send(passed)
      },
      drained: () => undefined,
      closed: () => to.close(),
    })
  }
  carry(a, b)
  carry(b, a)
}
