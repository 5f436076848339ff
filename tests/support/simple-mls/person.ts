import { equal, type Bytes } from '../../../src/core/bytes.ts'
import type { IdentityKey } from '../../../src/core/ids.ts'
import type { MlsState, Psk } from '../../../src/crypto/mls.ts'
import { bytesFrom, keyOf } from './box.ts'
import type { Group, Leaf } from './state.ts'
import * as wire from './wire.ts'

/** What a simulation gives to somebody's MLS. */
export interface SimpleMlsWorld {
  now(): number
  randomBytes(length: number): Bytes
  /** Told of each key under which something is sealed for a group: none may come twice. */
  used?(key: string): void
}

export interface Person {
  readonly identity: IdentityKey
  readonly world: SimpleMlsWorld
  read(state: MlsState): Group
  keep(group: Group): MlsState
}

export interface KeyPackage extends Leaf {
  readonly from: number
  readonly until: number
}

export interface WelcomeBody {
  readonly id: string
  readonly number: number
  readonly secret: string
  readonly leaves: readonly (Leaf | null)[]
}

export function goodKeyPackage(world: SimpleMlsWorld, shown: Bytes): KeyPackage | undefined {
  const body = wire.readKeyPackage<KeyPackage>(shown)
  return body && body.from <= world.now() && world.now() <= body.until ? body : undefined
}

/** Part of a key: without it, and with another one, nothing opens. */
export function secretOf(psk: Psk | undefined): Uint8Array {
  return psk ? bytesFrom(keyOf(psk.id, psk.secret), 16) : new Uint8Array()
}

export function headOf(
  kind: wire.Head['kind'],
  { id, present, frame }: Group,
  rest: { generation: number; context: Bytes },
): Bytes {
  return wire.writeHead({ kind, id, epoch: present.number, leaf: frame.own, ...rest })
}

/** What the header says before any key is used. */
export function arrival(
  group: Group,
  bytes: Bytes,
  kind: wire.Head['kind'],
): wire.Head | 'later' | 'refused' {
  const head = wire.readHead(bytes)
  if (head?.kind !== kind || !equal(head.id, group.id)) return 'refused'
  if (head.epoch > group.present.number) return group.frame.left ? 'refused' : 'later'
  if (kind === 'commit' && (head.epoch < group.present.number || group.frame.left)) return 'refused'
  return head
}
