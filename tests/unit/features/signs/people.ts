import type { IdentityKey } from '../../../../src/core/ids.ts'
import { createSigns, type Signs } from '../../../../src/features/signs/signs.ts'
import type { Frame } from '../../../../src/protocol/frame.ts'
import type { Desk } from '../../../support/desk.ts'
import { desks, party } from '../../../support/party.ts'
import { virtualTime, type VirtualTime } from '../../../support/virtual-time.ts'

/** Alice in a group with Bob and Cem, who also knows Dora; and what she says to whom. */
export interface Stage {
  readonly people: readonly [alice: Desk, bob: Desk, cem: Desk, dora: Desk]
  readonly signs: Signs
  readonly time: VirtualTime
  readonly said: [string, Frame][]
  readonly failures: unknown[]
}

export async function stage(): Promise<Stage> {
  const people = await desks('Alice', 'Bob', 'Cem', 'Dora')
  const [alice, bob, cem] = people
  await party([alice, bob, cem])
  const said: [string, Frame][] = []
  const failures: unknown[] = []
  const names = new Map(people.map(({ me, ledger }) => [me, ledger.state.self.name]))
  const links = {
    state: () => ({ at: 'offline' }) as const,
    send: (peer: IdentityKey, frame: Frame) => {
      said.push([names.get(peer) ?? '?', frame])
      return true
    },
    waiting: () => 0,
    watch: () => () => undefined,
  }
  const time = virtualTime()
  const failed = (error: unknown) => void failures.push(error)
  const signs = createSigns({ ledger: alice.ledger, links, timers: time, failed })
  return { people, signs, time, said, failures }
}
