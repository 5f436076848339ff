/** Milliseconds since 1970 in fractions, comparable between the browsers of one machine. */
export function clock(): number {
  return performance.timeOrigin + performance.now()
}

const moments = new Map<string, Promise<number>>()

/** Remembers a moment that is still to come, so that waiting for it can begin before what brings it about. */
export function mark(name: string, moment: Promise<number>): void {
  moments.set(name, moment)
}

/** When a marked moment came. */
export async function marked(name: string): Promise<number> {
  const moment = moments.get(name)
  if (!moment) throw new Error(`nobody marked ${name}`)
  return moment
}

/** Resolves, in the turn in which the page changes, with the first thing that `find` finds. */
export function appears<T>(
  find: () => T | null | undefined,
  watched: MutationObserverInit = { attributes: true },
): Promise<T> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const found = find()
      if (found === null || found === undefined) return false
      resolve(found)
      return true
    }
    if (look()) return
    const observer = new MutationObserver(() => {
      if (look()) observer.disconnect()
    })
    observer.observe(document, { subtree: true, childList: true, characterData: true, ...watched })
  })
}

/** When this person presses Enter. */
export function enterPressed(): Promise<number> {
  return happens('keydown', (event) => event instanceof KeyboardEvent && event.key === 'Enter')
}

/** When this person clicks the button of that name. */
export function clicked(name: string): Promise<number> {
  return happens(
    'click',
    ({ target }) => target instanceof Element && nameOf(target.closest('button')) === name,
  )
}

/** Captured at the window: before anything in the app hears of it. */
function happens(type: 'keydown' | 'click', fits: (event: Event) => boolean): Promise<number> {
  return new Promise((resolve) => {
    const hear = (event: Event): void => {
      const now = clock()
      if (!fits(event)) return
      removeEventListener(type, hear, true)
      resolve(now)
    }
    addEventListener(type, hear, true)
  })
}

/** When the newest message in the open chat has this text; looks at it alone, since looking takes time as well. */
export function messageShown(text: string): Promise<number> {
  const shown = document.getElementsByTagName('article')
  const find = () => (shown[shown.length - 1]?.textContent.includes(text) === true ? clock() : undefined)
  return appears(find, { attributes: false })
}

/** When the newest message in the open chat has this text, and whom it is for all have it on their disks. */
export async function delivered(text: string): Promise<number> {
  const shown = document.getElementsByTagName('article')
  await appears(() => {
    const newest = shown[shown.length - 1]
    if (newest?.textContent.includes(text) !== true) return undefined
    return newest.querySelector('[role=img][aria-label=Delivered]') ?? undefined
  })
  return clock()
}

/** When the message about the file of this name has the button of that name. */
export async function fileShows(file: string, button: string): Promise<number> {
  await appears(() =>
    articles().find((article) => article.textContent.includes(file) && buttonIn(article, button)),
  )
  return clock()
}

/** When the picture of that name shows its first frame. */
export function firstFrame(label: string): Promise<number> {
  const watched = new WeakSet<HTMLVideoElement>()
  return new Promise((resolve) => {
    void appears(() => {
      for (const video of document.querySelectorAll('video')) {
        if (video.ariaLabel !== label || watched.has(video)) continue
        watched.add(video)
        video.requestVideoFrameCallback(() => resolve(clock()))
      }
      // Goes on looking: a picture may be put into another element before its first frame.
      return undefined
    })
  })
}

/** How many frames of the picture of that name come after this one, as the browser counts them; waits for the next. */
export async function framesAfter(label: string): Promise<number> {
  const video = [...document.querySelectorAll('video')].find(({ ariaLabel }) => ariaLabel === label)
  if (!video) throw new Error(`there is no ${label}`)
  const frame = (): Promise<number> =>
    new Promise((resolve) => {
      video.requestVideoFrameCallback((_, { presentedFrames }) => resolve(presentedFrames))
    })
  return -(await frame()) + (await frame())
}

/** The button of that name in a part of the page. */
export function buttonIn(part: ParentNode, name: string): HTMLButtonElement | undefined {
  return [...part.querySelectorAll('button')].find((button) => nameOf(button) === name)
}

function nameOf(button: HTMLButtonElement | null): string | undefined {
  return button ? (button.ariaLabel ?? button.textContent.trim()) : undefined
}

function articles(): Element[] {
  return [...document.querySelectorAll('[role=log] article')]
}
