import type { Body } from '../../../src/core/body.ts'
import type { Line } from '../../../src/core/conversation.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { beginGeneration } from '../../../src/sync/organise.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { rowsOf, say, type Desk } from '../../support/desk.ts'
import { act, GROUP, membershipOf } from '../../support/party.ts'

/** What somebody reads of what happened to the group. */
export async function lines(self: Desk): Promise<Line[]> {
  return (await rowsOf(self, GROUP)).flatMap(({ line }) => line ?? [])
}

/** Says it; the record of it. */
export async function one(self: Desk, body: Body): Promise<RecordOnWire> {
  const [record] = (await say(self, GROUP, body)).slice(-1)
  if (!record) throw new Error('nothing was said')
  return record
}

export function begin(
  self: Desk,
  cause: 'lost' | 'handover' | 'without',
  without: Desk[] = [],
): ReturnType<typeof beginGeneration> {
  const gone = without.map(({ me }) => me)
  return act(self, (draft) =>
    beginGeneration(draft, self.author, { conversation: GROUP, cause, without: gone }),
  )
}

/** Where somebody thinks the group is. */
export function state(self: Desk): { era: number[]; organiser: string | undefined; open: number } {
  const { era, organiser, open } = membershipOf(self)
  return { era: [era.generation, era.epoch], organiser, open: open.length }
}

/** Everything that somebody wrote. */
export async function own(self: Desk): Promise<RecordOnWire[]> {
  const rows = (await rowsOf(self, GROUP)).map(({ record }) => record)
  return rows.filter(({ author }) => author === self.me).map(toWire)
}
