import { fromHex, toHex, type Bytes } from '../../src/core/bytes.ts'
import type { IdentityKey } from '../../src/core/ids.ts'
import type { Mls, MlsState } from '../../src/crypto/mls.ts'
import { bytesFrom, keyOf } from './simple-mls/box.ts'
import { commits } from './simple-mls/commits.ts'
import { messages } from './simple-mls/messages.ts'
import {
  goodKeyPackage,
  secretOf,
  type KeyPackage,
  type Person,
  type SimpleMlsWorld,
  type WelcomeBody,
} from './simple-mls/person.ts'
import { decode, encode, groupOf, type Group } from './simple-mls/state.ts'
import * as wire from './simple-mls/wire.ts'

const DAY = 86_400_000
const GROUP_ID = 8

/**
 * An Mls for simulations: epochs, rosters, limits and refusals of the real one, and none of its arithmetic. Whoever
 * breaks its ciphers can read everything; nobody in a simulation does.
 */
export function createSimpleMls(identity: IdentityKey, world: SimpleMlsWorld): Mls {
  const decoded = new WeakMap<MlsState, Group>()
  const person: Person = {
    identity,
    world,
    read: (state) => decoded.get(state) ?? decode(state),
    keep: (group) => {
      const state = encode(group)
      decoded.set(state, group)
      return state
    },
  }
  return {
    ...keyPackages(person),
    ...groups(person),
    ...commits(person),
    ...messages(person),
    header: (sealed) => {
      const head = wire.readHead(sealed)
      return head && { id: head.id, epoch: head.epoch }
    },
    look: (state) => {
      const { id, frame, present, keys } = person.read(state)
      const members = frame.left ?? present.leaves.flatMap((leaf) => leaf?.who ?? [])
      return { id, epoch: present.number, members, authenticator: bytesFrom(keys[0], 32) }
    },
  }
}

/** A mark is not what it was made of: whoever sees a key package cannot join with it. */
function markOf(kept: Bytes): string {
  return toHex(bytesFrom(keyOf(kept), wire.MARK))
}

function keyPackages({ identity, world }: Person): Pick<Mls, 'keyPackage' | 'inspect'> {
  return {
    keyPackage: async () => {
      const kept = world.randomBytes(wire.MARK)
      const from = world.now() - DAY
      const body: KeyPackage = { who: identity, mark: markOf(kept), from, until: from + 29 * DAY }
      return { shown: wire.writeKeyPackage(body), kept }
    },
    inspect: async (shown) => goodKeyPackage(world, shown)?.who,
  }
}

function groups({ identity, world, keep }: Person): Pick<Mls, 'create' | 'join'> {
  return {
    create: async (id) => {
      if (id.length !== GROUP_ID) throw new TypeError('the id of a group has 8 bytes')
      const mark = toHex(world.randomBytes(wire.MARK))
      const epoch = { number: 0, secret: toHex(world.randomBytes(16)), leaves: [{ who: identity, mark }] }
      return keep(groupOf({ id: toHex(id), own: 0, left: null, epochs: [epoch] }))
    },
    join: async (welcome, { shown, kept }, { id, organiser, psk }) => {
      if (wire.readKeyPackage<KeyPackage>(shown)?.who !== identity) throw new TypeError('not our key package')
      const mark = markOf(kept)
      const body = wire.readWelcome<WelcomeBody>(welcome, fromHex(mark), secretOf(psk))
      if (body?.id !== toHex(id) || body.leaves[0]?.who !== organiser) return undefined
      const own = body.leaves.findIndex((leaf) => leaf?.mark === mark)
      const { number, secret, leaves } = body
      return keep(groupOf({ id: body.id, own, left: null, epochs: [{ number, secret, leaves }] }))
    },
  }
}
