import { appears, buttonIn, clock } from './watch.ts'

/** Follows the invitation with which this page was opened, and writes; resolves with the time it took to get there. */
export async function joinAndSay(text: string): Promise<number> {
  const connect = await appears(() => {
    const dialog = document.querySelector('[role=dialog]')
    return dialog && buttonIn(dialog, 'Connect')
  })
  connect.click()
  const composer = await appears(theComposer)
  say(composer, text)
  return clock()
}

/** When the list of chats stands there for the first time. */
export async function listShown(): Promise<number> {
  await appears(theChat)
  return performance.now()
}

/** Opens the only chat as soon as it is there; resolves when its field is, and so many messages are known. */
export async function chatOpened(messages: number): Promise<number> {
  const chat = await appears(theChat)
  chat.click()
  await appears(theComposer)
  if (messages > 0)
    await appears(() => document.querySelector(`article[aria-posinset="${String(messages)}"]`))
  return performance.now()
}

/** Says so many things, each as soon as the field is free again; resolves with the moment of the first Enter. */
export async function sayMany(count: number, word: string): Promise<number> {
  const composer = await appears(theComposer)
  const began = clock()
  for (let at = 1; at <= count; at++) {
    say(composer, numbered(word, at))
    await appears(() => (composer.value === '' ? true : undefined))
  }
  return began
}

/** The only chat, in the list. */
export function theChat(): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>('nav[aria-label="Conversations"] li button:enabled')
}

function theComposer(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Message"]')
}

/** Twenty letters. */
export function numbered(word: string, at: number): string {
  return `${word} ${String(at).padStart(18 - word.length, '0')}.`
}

/** As typing and Enter do. */
function say(composer: HTMLTextAreaElement, text: string): void {
  composer.value = text
  composer.dispatchEvent(new InputEvent('input', { bubbles: true }))
  composer.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
}
