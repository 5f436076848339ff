import type { Body } from '../../../../src/core/body.ts'
import { createGroups, type Groups } from '../../../../src/features/groups/groups.ts'
import { decodeBody } from '../../../../src/protocol/body.ts'
import { noDelivery, rowsOf, type Desk, type Place } from '../../../support/desk.ts'
import { bytesOf } from '../../../support/samples.ts'

export const ORIGIN = 'https://earshot.test'

/** What one person does with groups; `refreshed` counts how often the doors changed. */
export function groupsOf(self: Desk): Groups & { readonly refreshed: () => number } {
  let refreshed = 0
  const groups = createGroups({
    ...{ ledger: self.ledger, author: self.author, delivery: noDelivery(self), origin: ORIGIN },
    refresh: () => {
      refreshed += 1
    },
  })
  return { ...groups, refreshed: () => refreshed }
}

export const picture = { type: 'image/webp' as const, bytes: bytesOf(9, 1) }

/** What somebody wrote in a chat, but for how they introduce themselves. */
export async function words(self: Desk, place: Place): Promise<Body[]> {
  const rows = (await rowsOf(self, place)).filter(({ record }) => record.author === self.me)
  return rows.slice(2).flatMap(({ record }) => {
    return record.form === 'record' ? (decodeBody(record.content.kind, record.content.body) ?? []) : []
  })
}

/** Whom somebody's groups wait for, and what for. */
export async function requestsOf(self: Desk): Promise<[string, string][]> {
  return (await self.store.all('requests')).map(({ identity, at }) => [identity, at])
}
