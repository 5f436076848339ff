import { expect } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { founded, grown, type Member } from '../../support/mls-member.ts'
import { rogue, type Rogue } from '../../support/rogue-mls.ts'

/** Alice's group with Bob and Carol in it, and Dave outside; all of them may do as they like. */
export interface Trio {
  readonly alice: Rogue
  readonly bob: Rogue
  readonly carol: Rogue
  readonly dave: Rogue
  readonly hers: Member
  readonly bobs: Member
  readonly carols: Member
  /** Expects a commit to be refused for what it is: its key was used up, and the group stays where it was. */
  refuses(member: Member, commit: Bytes): Promise<void>
}

export async function trio(): Promise<Trio> {
  const [alice, bob, carol, dave] = [await rogue(1), await rogue(2), await rogue(3), await rogue(4)]
  const hers = await founded(alice)
  const [bobs, carols] = await grown(hers, [], bob, carol)
  if (!bobs || !carols) throw new Error('somebody is missing')
  const refuses = async (member: Member, commit: Bytes): Promise<void> => {
    const [before, epoch] = [member.state, member.look().epoch]
    expect(await member.takes(commit, hers)).toBe('refused')
    expect(member.state).not.toEqual(before)
    expect(member.look().epoch).toBe(epoch)
    const after = member.state
    expect(await member.takes(commit, hers)).toBe('refused')
    expect(member.state).toBe(after)
  }
  return { alice, bob, carol, dave, hers, bobs, carols, refuses }
}
