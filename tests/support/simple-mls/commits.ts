import { fromHex, toHex } from '../../../src/core/bytes.ts'
import type { IdentityKey } from '../../../src/core/ids.ts'
import type { Membership, Mls } from '../../../src/crypto/mls.ts'
import { box, keyOf, unbox } from './box.ts'
import { arrival, goodKeyPackage, headOf, secretOf, type Person, type WelcomeBody } from './person.ts'
import { groupOf, type Group, type Leaf } from './state.ts'
import * as wire from './wire.ts'

/** The present epoch and the last four. */
const EPOCHS = 5

/** What only members of the epoch it ends can read. */
interface CommitBody {
  readonly secret: string
  readonly removed: readonly number[]
  readonly leaves: readonly (Leaf | null)[]
}

export function commits(person: Person): Pick<Mls, 'commit' | 'take'> {
  const { world, read, keep } = person
  return {
    commit: async (state, membership) => {
      const group = read(state)
      const { leaves, removed, added } = changed(person, group, membership)
      const secret = toHex(world.randomBytes(16))
      const body: CommitBody = { secret, removed, leaves }
      const mixed = secretOf(membership.psk)
      world.used?.(`${group.name}/commit`)
      const head = headOf('commit', group, { generation: 0, context: new Uint8Array() })
      const number = group.present.number + 1
      const welcome: WelcomeBody = { id: group.frame.id, number, secret, leaves }
      return {
        state: keep(next(group, body)),
        commit: box(keyOf(group.keys[0], mixed), head, wire.json(body)),
        welcome: added.length > 0 ? wire.writeWelcome(added.map(fromHex), mixed, welcome) : undefined,
      }
    },
    take: async (state, commit, { organiser, psk }) => {
      const group = read(state)
      const head = arrival(group, commit, 'commit')
      if (head === 'later') return { result: 'later' }
      if (head === 'refused' || group.present.leaves[head.leaf]?.who !== organiser) {
        return { result: 'refused', state }
      }
      const key = keyOf(group.keys[0], secretOf(psk))
      const body = wire.parse<CommitBody>(unbox(key, wire.headLength(head), commit))
      if (!body) return { result: 'refused', state }
      const { own } = group.frame
      return {
        result: 'taken',
        state: keep(body.removed.includes(own) ? left(group, body) : next(group, body)),
      }
    },
  }
}

/** Throws where the caller asks for what must not be. */
function changed(
  { world, identity }: Person,
  { frame, present }: Group,
  { add = [], remove = [] }: Membership,
): { leaves: (Leaf | null)[]; removed: number[]; added: string[] } {
  if (frame.own !== 0 || frame.left) throw new TypeError('only the organiser commits')
  const members = present.leaves.flatMap((leaf) => leaf ?? [])
  const isMember = (who: IdentityKey): boolean => members.some((one) => one.who === who)
  if (!remove.every(isMember) || remove.includes(identity)) throw new TypeError('no member, or the organiser')
  const leaves = present.leaves.map((leaf) => (leaf && remove.includes(leaf.who) ? null : leaf))
  const removed = present.leaves.flatMap((leaf, n) => (leaf && !leaves[n] ? [n] : []))
  while (leaves.at(-1) === null) leaves.pop()
  const added = add.map((shown) => {
    const one = goodKeyPackage(world, shown)
    if (!one || [...members, ...leaves].some((leaf) => leaf?.mark === one.mark)) {
      throw new TypeError('no good key package, or one that was used')
    }
    if (leaves.some((leaf) => leaf?.who === one.who)) throw new TypeError('nobody is in a group twice')
    const free = leaves.indexOf(null)
    leaves[free < 0 ? leaves.length : free] = { who: one.who, mark: one.mark }
    return one.mark
  })
  return { leaves, removed, added }
}

function next(group: Group, { secret, leaves }: CommitBody): Group {
  const { frame, present, heard } = group
  const epochs = [{ number: present.number + 1, secret, leaves }, ...frame.epochs].slice(0, EPOCHS)
  return groupOf({ ...frame, epochs }, heard)
}

/** The last epoch can still be read, and there is no next one. */
function left(group: Group, { leaves }: CommitBody): Group {
  const stayed = leaves.flatMap((leaf) => leaf?.who ?? [])
  const { frame, present, sent, heard } = group
  const gone = groupOf({ ...frame, left: stayed.filter((who) => who !== present.leaves[frame.own]?.who) })
  return { ...gone, sent, heard }
}
