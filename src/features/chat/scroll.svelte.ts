import { tick } from 'svelte'
import type { VirtualizerHandle } from 'virtua/svelte'
import type { Chat } from './chat.svelte.ts'
import type { View } from './lines.svelte.ts'
import { newestRows, unreadBelow, type Row } from './rows.ts'

/** So many of the newest messages are always in the page. */
const ALWAYS = 200
/** Nearer than this to the end counts as being there, pixels. */
const NEAR_END = 48
/** Nearer than this to an end of what is loaded, more is read there. */
const NEAR_MORE = 600
/** After so many looks it stays where it is. */
const MOST_LOOKS = 30
/** A message to which somebody jumped stands out so long, milliseconds. */
const LIT_MS = 1800

/** Where in the list of messages somebody is, and how they come elsewhere. */
export class Scroll {
  scroller = $state<HTMLDivElement>()
  list = $state<VirtualizerHandle>()
  /** The message to which somebody jumped: it has the focus, and keeps it while they read on. */
  target = $state<string>()
  lit = $state(false)
  #atBottom = $state(true)
  #lastVisible = $state(-1)
  /** It stands where it was put, and is the person's from then on. */
  #placed = $state(false)
  /** By hand, while it was still being aimed. */
  #touched = false
  #placing = 0
  #shown: { readonly view: View; readonly newest: string | undefined } | undefined
  readonly #chat: Chat

  readonly rows = $derived.by(() => this.#chat.view.lines.map(({ row }) => row))
  readonly atEnd = $derived.by(() => this.#atBottom && this.#chat.view.ended)
  /** What stays in the page, seen or not. */
  readonly mounted = $derived.by(() => {
    const { lines, ended } = this.#chat.view
    const target = lines.findIndex(({ key }) => key === this.target)
    return [...(ended ? newestRows(this.rows, ALWAYS) : []), ...(target < 0 ? [] : [target])]
  })
  /** Unread messages further down. */
  readonly below = $derived.by(() => {
    const [chat, unread] = [this.#chat, this.#chat.conversation?.unread ?? 0]
    if (!chat.view.ended) return unread
    const isUnread = chat.isUnread.bind(chat)
    return Math.min(unread, unreadBelow(this.rows, this.#lastVisible, isUnread))
  })

  constructor(chat: Chat) {
    this.#chat = chat
    chat.seesEnd = () => this.#placed && this.#seesEnd()
    $effect(() => {
      if (!this.lit || !this.#placed) return
      const timer = setTimeout(() => (this.lit = false), LIT_MS)
      return () => {
        clearTimeout(timer)
      }
    })
  }

  /** For the element that scrolls. */
  readonly noticeHands = (element: HTMLElement): void => {
    const note = (): void => void (this.#touched = true)
    for (const kind of ['wheel', 'touchmove', 'keydown'])
      element.addEventListener(kind, note, { passive: true })
  }

  readonly look = (): void => {
    const { list } = this
    if (!list) return
    const [top, size] = [list.getScrollOffset(), list.getScrollSize()]
    const bottom = top + list.getViewportSize()
    this.#atBottom = bottom >= size - NEAR_END
    this.#lastVisible = list.findItemIndex(bottom - NEAR_END)
    if (!this.#placed) return
    if (top < NEAR_MORE) this.#chat.loadOlder()
    if (bottom > size - NEAR_MORE) this.#chat.loadNewer()
    if (this.#seesEnd()) this.#chat.markRead()
  }

  /** What grows at the end stays in view for whoever stands there. */
  readonly resized = (): void => {
    if (this.#placed && this.atEnd) this.toEnd()
    this.look()
  }

  readonly toEnd = (): void => {
    if (this.#chat.view.ended) this.#aimAtEnd()
    else this.#chat.latest()
  }

  /** Goes where the chat wants it, or along with what is new. */
  heed(view: View): void {
    const before = this.#shown
    const newest = view.lines.at(-1)?.row
    this.#shown = { view, newest: newest?.key }
    if (newest === undefined) return
    const { part, goal, grown } = view
    if (goal && goal !== before?.view.goal) {
      if (goal.at === 'end') void this.#place(() => this.#aimAtEnd())
      else void this.#placeAt(goal.key)
    } else if (part !== before?.view.part) void this.#place(() => this.#aimAtReading())
    else if (newest.key !== before.newest && grown === undefined) this.#follow(newest)
  }

  #seesEnd(): boolean {
    return this.atEnd && document.visibilityState === 'visible'
  }

  #follow(newest: Row): void {
    // Until it is placed, it is aimed with all that comes.
    if (!this.#placed) return
    const own = newest.kind === 'message' && newest.status !== undefined
    // What comes while nobody looks must not run past the divider.
    if (this.atEnd && document.visibilityState !== 'visible') void this.#place(() => this.#aimAtReading())
    else if (this.atEnd || own) void tick().then(this.toEnd).then(this.look)
  }

  /** Where reading goes on: at the divider, or at the end. */
  #aimAtReading(): void {
    const divider = this.rows.findIndex(({ kind }) => kind === 'unread')
    if (divider >= 0) this.list?.scrollToIndex(divider, { align: 'start', offset: -72 })
    else this.#aimAtEnd()
  }

  #aimAtEnd(): void {
    this.list?.scrollToIndex(this.rows.length - 1, { align: 'end' })
  }

  async #placeAt(key: string): Promise<void> {
    this.target = key
    this.lit = true
    const aim = (): void => {
      const index = this.rows.findIndex((row) => row.key === key)
      if (index >= 0) this.list?.scrollToIndex(index, { align: 'center' })
    }
    const there = await this.#place(aim, () =>
      this.#article(key)?.checkVisibility({ visibilityProperty: true }),
    )
    const article = this.#article(key)
    if (!there || !article) return
    if (!article.hasAttribute('tabindex')) article.tabIndex = -1
    article.focus({ preventScroll: true })
  }

  #article(key: string): HTMLElement | null | undefined {
    const items = [...(this.scroller?.querySelectorAll<HTMLElement>('[data-message]') ?? [])]
    return items.find(({ dataset }) => dataset['message'] === key)?.querySelector('article')
  }

  /**
   * Lines get their heights in the page, so it is aimed until the list and the page agree and what is aimed at is seen,
   * or the person scrolls. False when it is being put somewhere else by now.
   */
  async #place(aim: () => void, seen: () => boolean | undefined = () => true): Promise<boolean> {
    const placing = ++this.#placing
    this.#placed = false
    await tick()
    this.#touched = false
    let before: string | undefined
    for (let looks = 0; looks < MOST_LOOKS && !this.#touched; looks++) {
      const [reckoned, real] = [this.list?.getScrollSize() ?? Infinity, this.scroller?.scrollHeight ?? 0]
      const shape = `${String(reckoned)} ${String(real)}`
      if (shape === before && reckoned <= real && seen()) break
      before = shape
      aim()
      await laidOut()
      if (placing !== this.#placing) return false
    }
    this.#placed = true
    this.look()
    return true
  }
}

/** After the next frame: heights are measured behind what is called for it, and before a task. */
async function laidOut(): Promise<void> {
  await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
}
