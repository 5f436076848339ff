import type { Timers } from '../core/timers.ts'
import type { Store } from '../store/store.ts'
import { entomb } from './entomb.ts'
import type { Ledger } from './ledger.ts'
import type { Life } from './life.ts'

/** Takes away what was to disappear; after a restart, too. */
export interface Vanishing {
  /** Something was added to it. */
  look(): void
  close(): void
}

/** The device's age is kept so often while anything is going to disappear, milliseconds. */
const NOTE_MS = 60_000

export function createVanishing(deps: {
  readonly ledger: Ledger
  readonly store: Store
  readonly timers: Timers
  readonly life: Life
  failed(error: unknown): void
}): Vanishing {
  const { ledger, store, timers, life, failed } = deps
  let stop = (): void => undefined
  let looking: Promise<void> = Promise.resolve()

  const look = (): void => {
    looking = looking.then(sweep).catch(failed)
  }
  const sweep = async (): Promise<void> => {
    stop()
    const all = await store.all('vanishings')
    const due = all.filter(({ at }) => at <= life.age())
    if (due.length > 0) {
      await ledger.transact(async (draft) => {
        for (const { record } of due) await entomb(draft, record, 'gone')
        for (const { record } of due) draft.remove('vanishings', record)
      })
    }
    const next = Math.min(...all.filter(({ at }) => at > life.age()).map(({ at }) => at))
    if (next === Infinity) return
    await life.note()
    stop = timers.after(Math.min(NOTE_MS, Math.max(1, next - life.age())), look)
  }
  look()
  return {
    look,
    close: () => {
      stop()
    },
  }
}
