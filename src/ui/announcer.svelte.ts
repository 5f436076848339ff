import { nextAnnouncement, type Announcement } from './announcements.ts'

/** Milliseconds between two announcements. */
const PAUSE = 1000

/** What the polite region of the page says: at most one thing per second. */
export class Announcer {
  text = $state('')
  #waiting: readonly Announcement[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  say(announcement: Announcement): void {
    this.#waiting = [...this.#waiting, announcement]
    if (this.#timer === undefined) this.#next()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
  }

  #next(): void {
    const next = nextAnnouncement(this.#waiting)
    this.#timer = undefined
    if (next === undefined) return
    this.#waiting = next.left
    // The same words again would be no change, and would not be read.
    this.text = next.text === this.text ? `${next.text}\u00a0` : next.text
    this.#timer = setTimeout(() => {
      this.#next()
    }, PAUSE)
  }
}
