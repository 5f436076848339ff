import type { Timers } from '../../core/timers.ts'
import type { Ongoing } from './boot.ts'

/** What the tabs of one browser say to each other. */
type Word =
  | { readonly say: 'what goes on?' }
  | { readonly say: 'this'; readonly ongoing: Ongoing | undefined }
  | { readonly say: 'let go' }

const NAME = 'earshot'
/** How long the other tab may take to tell what goes on there. */
const ANSWER_MS = 400
/** How long the other tab may take to flush and let go, before its lock is stolen (DESIGN §3.3). */
const PATIENCE_MS = 2_000

/** One tab owns the engine: it holds a Web Lock for as long as it runs. */
export interface Tab {
  /** True when this tab owns the engine now; `lost` is called when another tab has taken it. */
  claim(lost: () => void): Promise<boolean>
  /** Asks the owner what would break off. */
  ongoing(): Promise<Ongoing | undefined>
  /** Has the owner let go, or takes the lock from it. */
  takeOver(lost: () => void): Promise<void>
  /** Lets another tab have it. */
  release(): void
}

export interface TabDeps {
  readonly locks: LockManager
  readonly channel: BroadcastChannel
  readonly timers: Timers
  /** What goes on in this tab. */
  ongoing(): Ongoing | undefined
  /** Another tab wants the engine: flush, close, then `release`. */
  letGo(): void
}

export function createTab({ locks, channel, timers, ongoing, letGo }: TabDeps): Tab {
  let release = (): void => undefined
  let owns = false
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (!owns) return
    if (data.say === 'what goes on?') channel.postMessage({ say: 'this', ongoing: ongoing() } satisfies Word)
    if (data.say === 'let go') letGo()
  })

  /** Resolves when the lock is ours or was refused; the lock itself is held until `release`. */
  const request = (options: LockOptions, lost: () => void): Promise<boolean> =>
    new Promise((resolve, reject) => {
      locks
        .request(NAME, options, async (lock) => {
          owns = lock !== null
          resolve(owns)
          if (owns) await new Promise<void>((done) => (release = done))
          owns = false
        })
        .catch((error: unknown) => {
          const held = owns
          owns = false
          if (held) lost()
          else reject(error instanceof Error ? error : new Error(String(error)))
        })
    })

  return {
    claim: (lost) => request({ ifAvailable: true }, lost),
    ongoing: () =>
      new Promise((resolve) => {
        const hear = ({ data }: MessageEvent<Word>): void => {
          if (data.say === 'this') done(data.ongoing)
        }
        const done = (what: Ongoing | undefined): void => {
          stopWaiting()
          channel.removeEventListener('message', hear)
          resolve(what)
        }
        const stopWaiting = timers.after(ANSWER_MS, () => {
          done(undefined)
        })
        channel.addEventListener('message', hear)
        channel.postMessage({ say: 'what goes on?' } satisfies Word)
      }),
    takeOver: async (lost) => {
      channel.postMessage({ say: 'let go' } satisfies Word)
      try {
        await request({ signal: AbortSignal.timeout(PATIENCE_MS) }, lost)
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
        await request({ steal: true }, lost)
      }
    },
    release: () => {
      release()
    },
  }
}
