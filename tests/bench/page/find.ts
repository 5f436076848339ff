import { theChat } from './act.ts'
import { appears } from './watch.ts'

/** What one search took. */
export interface Sought {
  /** From the last key to the hit in the list, milliseconds. */
  readonly found: number
  /** From the click on the hit to the frame that shows the message in its chat. */
  readonly shown: number
  /** From the click until the message also says at which place of the chat it stands. */
  readonly placed: number
}

/** What it took to bring everything that was said into the index, and the longest task of the page meanwhile. */
export interface Gathered {
  readonly took: number
  readonly longest: number
}

/** Begins with the first key. */
export async function gathered(): Promise<Gathered> {
  const tasks = longTasks()
  const began = performance.now()
  type('message')
  await appears(() => document.querySelector('progress'))
  await appears(() => (document.querySelector('progress') ? undefined : true))
  const took = performance.now() - began
  return { took, longest: tasks() }
}

/** Types, waits for the only hit with this text, chooses it, and waits until it is seen. */
export async function sought(query: string, text: string): Promise<Sought> {
  const began = performance.now()
  type(query)
  const hit = await appears(() => hits().find((button) => button.textContent.includes(text)))
  const found = performance.now() - began
  const clicked = performance.now()
  hit.click()
  const message = await seen(text)
  const shown = performance.now() - clicked
  await appears(() => message.ariaPosInSet)
  return { found, shown, placed: performance.now() - clicked }
}

/** The longest task of the page while everything was looked for that is typed here, letter by letter. */
export async function typed(query: string): Promise<number> {
  const tasks = longTasks()
  for (let length = 1; length <= query.length; length++) {
    type(query.slice(0, length))
    await frame()
    await frame()
  }
  await new Promise((resolve) => setTimeout(resolve, 2000))
  return tasks()
}

/** Tells the longest task since it was called; 0 when the browser calls none of them long (50 ms). */
function longTasks(): () => number {
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ type: 'longtask' })
  return () => {
    observer.disconnect()
    return longest
  }
}

function type(text: string): void {
  const field = document.querySelector<HTMLInputElement>('input[aria-label="Search"]')
  if (!field) throw new Error('there is no field to search')
  field.focus()
  field.value = text
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

function hits(): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>('ul[aria-label="Search results"] button')]
}

/** Opens the only chat at its end; resolves with the milliseconds until this message is seen. */
export async function endShown(text: string): Promise<number> {
  const chat = theChat()
  if (!chat) throw new Error('there is no chat')
  const clicked = performance.now()
  chat.click()
  await seen(text)
  return performance.now() - clicked
}

/** Looks once for each frame. What it finds is painted with that frame, which is over when the next one begins. */
async function seen(text: string): Promise<Element> {
  for (;;) {
    await frame()
    const log = document.querySelector('[role=log]')
    const article = [...(log?.querySelectorAll('article') ?? [])].find((one) =>
      one.textContent.includes(text),
    )
    if (!log || !article?.checkVisibility({ visibilityProperty: true })) continue
    const [box, view] = [article.getBoundingClientRect(), log.getBoundingClientRect()]
    if (box.top < view.top || box.bottom > view.bottom) continue
    await frame()
    return article
  }
}

function frame(): Promise<unknown> {
  return new Promise(requestAnimationFrame)
}
