import { bytesIn, type Layout } from '../../core/transfer-layout.ts'
import type { Moving } from './types.ts'

/** Shorter than this is no measurement, milliseconds. */
const WINDOW_MS = 500
/** How much a new measurement counts against those before. */
const WEIGHT = 0.3

/** How fast a file moves: smoothed, so that the numbers can be read. */
export interface Gauge {
  /** Begins anew: what was done before was not done now. */
  restart(blocks: number): void
  read(blocks: number, paused: boolean): Moving
}

export function createGauge(layout: Layout, now: () => number): Gauge {
  let since = now()
  let doneThen = 0
  let rate: number | undefined

  const measure = (done: number): void => {
    const elapsed = now() - since
    if (elapsed < WINDOW_MS) return
    const measured = ((done - doneThen) * 1000) / elapsed
    rate = rate === undefined ? measured : rate + WEIGHT * (measured - rate)
    since += elapsed
    doneThen = done
  }

  return {
    restart: (blocks) => {
      since = now()
      doneThen = bytesIn(layout, blocks)
      rate = undefined
    },
    read: (blocks, paused) => {
      const done = bytesIn(layout, blocks)
      if (!paused) measure(done)
      const bytesPerSecond = paused ? 0 : Math.max(0, rate ?? 0)
      const secondsLeft = bytesPerSecond > 0 ? Math.ceil((layout.size - done) / bytesPerSecond) : undefined
      return { at: 'moving', paused, done, bytesPerSecond, secondsLeft }
    },
  }
}
