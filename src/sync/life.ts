import { ageAfter, resumed, type Age } from '../core/age.ts'
import type { Timers } from '../core/timers.ts'
import type { Store } from '../store/store.ts'

/** The device's own clock, which nobody can set (age.ts). */
export interface Life {
  /** Milliseconds that this device has lived. */
  age(): number
  /** Keeps it for the next run. */
  note(): Promise<void>
}

const NAME = 'age'

export async function openLife(store: Store, timers: Timers): Promise<Life> {
  const kept = (await store.get('settings', NAME))?.value as Age | undefined
  const start = resumed(kept, timers.now())
  const began = timers.elapsed()
  const age = (): Age => ageAfter(start, timers.elapsed() - began, timers.now())
  return {
    age: () => age().lived,
    note: () => store.commit([{ table: 'settings', put: { name: NAME, value: age() } }]),
  }
}
