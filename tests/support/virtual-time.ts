import type { Timers } from '../../src/core/timers.ts'

/** Time that passes only when told. */
export interface VirtualTime extends Timers {
  /** Jumps to the next thing that is due within `ms` and does it; false when there is none. */
  next(ms: number): boolean
  /** Moves the clock without doing anything, as a device that slept. */
  skip(ms: number): void
}

interface Due {
  readonly at: number
  readonly call: () => void
}

export function virtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let now = start
  let made = 0
  const due = new Map<number, Due>()
  /** The earliest; of several the one that was made first, which the map gives first. */
  const earliest = (): [number, Due] | undefined => {
    let found: [number, Due] | undefined
    for (const entry of due) if (!found || entry[1].at < found[1].at) found = entry
    return found
  }
  return {
    now: () => now,
    elapsed: () => now,
    after: (ms, call) => {
      const id = (made += 1)
      due.set(id, { at: now + Math.ceil(ms), call })
      return () => due.delete(id)
    },
    next: (ms) => {
      const [id, first] = earliest() ?? []
      if (id === undefined || first === undefined || first.at > now + ms) return false
      due.delete(id)
      now = Math.max(now, first.at)
      first.call()
      return true
    },
    skip: (ms) => {
      now += ms
    },
  }
}
