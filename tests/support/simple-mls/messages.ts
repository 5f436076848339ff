import type { Bytes } from '../../../src/core/bytes.ts'
import type { IdentityKey } from '../../../src/core/ids.ts'
import type { Mls } from '../../../src/crypto/mls.ts'
import { box, keyOf, unbox } from './box.ts'
import { arrival, headOf, type Person } from './person.ts'
import { hear, type Group } from './state.ts'
import * as wire from './wire.ts'

const GENERATIONS = { ahead: 2000, kept: 1000 }

export function messages({ world, read, keep }: Person): Pick<Mls, 'seal' | 'open'> {
  return {
    seal: async (state, plain, context) => {
      const group = read(state)
      const { keys, frame, sent: generation, name } = group
      if (frame.left) throw new TypeError('whoever was removed seals nothing')
      world.used?.(`${name}/${generation}`)
      const head = headOf('message', group, { generation, context })
      const sealed = box(keyOf(keys[0], frame.own, generation), head, plain)
      return { state: keep({ ...group, sent: generation + 1 }), sealed }
    },
    open: async (state, sealed) => {
      const group = read(state)
      const head = arrival(group, sealed, 'message')
      if (head === 'later') return { result: 'later' }
      const opened = head === 'refused' ? undefined : unsealed(group, head, sealed)
      if (!opened || head === 'refused') return { result: 'refused', state }
      const { heard, sender, plain } = opened
      const after = keep({ ...group, heard })
      return { result: 'opened', state: after, epoch: head.epoch, sender, plain, context: head.context }
    },
  }
}

function unsealed(
  { frame, present, keys, heard }: Group,
  head: wire.Head,
  sealed: Bytes,
): { heard: Group['heard']; sender: IdentityKey; plain: Bytes } | undefined {
  const past = present.number - head.epoch
  const sender = head.leaf === frame.own ? undefined : frame.epochs[past]?.leaves[head.leaf]?.who
  const key = keys[past]
  const ratchet = heard[past]?.[head.leaf]
  const after = ratchet && hear(ratchet, head.generation, GENERATIONS)
  if (!sender || !after || key === undefined) return undefined
  const plain = unbox(keyOf(key, head.leaf, head.generation), wire.headLength(head), sealed)
  if (!plain) return undefined
  const ofEpoch = heard[past]?.with(head.leaf, after) ?? []
  return { heard: heard.with(past, ofEpoch), sender, plain }
}
