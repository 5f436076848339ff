import type { FileView } from './types.ts'

/** How a file of ours stands with all to whom it goes. */
export interface Shared {
  readonly view: FileView
  /** So many bytes move in all. */
  readonly total: number
  /** So many have it, of so many. */
  readonly have: number
  readonly of: number
}

/**
 * Many transfers of one file as one. What moves comes first, then what can still be asked for; `savable` where nobody
 * was there to get it.
 */
export function shared(
  views: readonly FileView[],
  { size, savable }: { size: number; savable: boolean },
): Shared {
  const have = views.filter(({ at }) => at === 'complete').length
  const moving = views.filter((view) => view.at === 'moving')
  const running = moving.filter(({ paused }) => !paused)
  const shown = running.length > 0 ? running : moving
  return { view: viewOf(views, { shown, savable }), total: size * shown.length, have, of: views.length }
}

type Moving = FileView & { at: 'moving' }

function viewOf(
  views: readonly FileView[],
  { shown, savable }: { shown: readonly Moving[]; savable: boolean },
): FileView {
  const [only, second] = views
  if (only === undefined) return { at: 'complete', savable }
  if (second === undefined) return only
  const [first, ...others] = shown
  if (first) return others.reduce(together, first)
  const found = (at: FileView['at']): FileView | undefined => views.find((view) => view.at === at)
  const whole = views.find((view) => view.at === 'complete' && view.savable)
  return found('loading') ?? found('waiting') ?? whole ?? found('complete') ?? found('gone') ?? only
}

function together(one: Moving, other: Moving): Moving {
  const left = [one.secondsLeft, other.secondsLeft].filter((seconds) => seconds !== undefined)
  return {
    ...one,
    paused: one.paused && other.paused,
    done: one.done + other.done,
    bytesPerSecond: one.bytesPerSecond + other.bytesPerSecond,
    secondsLeft: left.length < 2 ? undefined : Math.max(...left),
  }
}
