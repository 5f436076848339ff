import { createGroups, type Groups } from '../../../../src/features/groups/groups.ts'
import { noDelivery, type Desk } from '../../../support/desk.ts'

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
