import { grouped } from '../../../core/grouped.ts'
import type { IdentityKey } from '../../../core/ids.ts'
import type { Marks } from '../../../core/marks.ts'

/** One emoji under a message, and who chose it. */
export interface Tally {
  readonly emoji: string
  readonly who: readonly IdentityKey[]
  readonly mine: boolean
}

/** The six that are always at hand. */
export const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** What stands under a message: the most frequent first, and of equals the earliest. */
export function talliesOf({ reactions = [] }: Marks, me: IdentityKey): Tally[] {
  const given = reactions.filter(({ emoji }) => emoji !== '').sort((a, b) => a.clock - b.clock)
  const byEmoji = grouped(given, ({ emoji }) => emoji)
  return [...byEmoji]
    .map(([emoji, all]) => {
      const who = all.map(({ author }) => author)
      return { emoji, who, mine: who.includes(me) }
    })
    .sort((a, b) => b.who.length - a.who.length)
}

/** The accessible name of one of them. */
export function tallyLabel({ emoji, who, mine }: Tally): string {
  const count = `${emoji} ${String(who.length)}`
  return mine ? `${count}, you reacted` : count
}

/** The emoji that this person gave; undefined for none. */
export function mineOf({ reactions = [] }: Marks, me: IdentityKey): string | undefined {
  const mine = reactions.find(({ author }) => author === me)?.emoji
  return mine === '' ? undefined : mine
}
