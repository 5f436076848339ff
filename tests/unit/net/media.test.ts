import { describe, test } from 'vitest'
import type { Media, MediaKind, Tracks } from '../../../src/net/media.ts'
import type { Signal } from '../../../src/protocol/signal.ts'
import { MEDIA_STORIES, type MediaBench, type Seen, type Who } from './media-suite.ts'
import { memoryMedia, type MemorySide } from './memory-media.ts'

interface Side {
  readonly media: Media
  readonly seen: Recorded
}

interface Recorded extends Seen {
  states: Seen['states'][number][]
  remotes: number
  closed: number
  signals: Signal[]
}

function track(kind: MediaKind): Tracks {
  return { [kind]: { kind } as MediaStreamTrack }
}

function memoryBench(): MediaBench {
  const network = memoryMedia()
  const sides = new Map<Who, Side>()
  const other = { alice: 'bob', bob: 'alice' } as const
  const side = (who: Who): Side => {
    const found = sides.get(who)
    if (!found) throw new Error(`${who} has not opened anything`)
    return found
  }
  return {
    open: async (who, { initiator, sends }) => {
      const seen: Recorded = { states: [], remotes: 0, closed: 0, signals: [] }
      const media = network.open({
        initiator,
        iceServers: [],
        tracks: Object.assign({}, ...sends.map(track)) as Tracks,
        signal: (signal: Signal) => {
          seen.signals.push(signal)
          queueMicrotask(() => sides.get(other[who])?.media.signal(signal))
        },
        remote: () => (seen.remotes += 1),
        state: (state) => seen.states.push(state),
        closed: () => (seen.closed += 1),
      })
      sides.set(who, { media, seen })
    },
    signal: async (who, signal) => side(who).media.signal(signal),
    replace: async (who, kind, on) => side(who).media.replace(kind, on ? track(kind)[kind] : undefined),
    restart: async (who) => side(who).media.restart(),
    close: async (who) => side(who).media.close(),
    seen: async (who) => side(who).seen,
    receives: async (who) => Object.keys((side(who).media as MemorySide).receives) as MediaKind[],
    until: async (what, check) => {
      for (let turns = 0; !(await check()); turns++)
        if (turns > 100) throw new Error(`waited in vain: ${what}`)
    },
  }
}

describe('calls inside one process', () => {
  test.each(MEDIA_STORIES)('$name', ({ run }) => run(memoryBench()))
})
