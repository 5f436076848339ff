import type { Attachment } from 'svelte/attachments'

/** Takes the focus into an element that covers the page, and keeps it inside while it is there. */
export const keepFocusIn: Attachment<HTMLElement> = (element) => {
  element.focus()
  const turnAround = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return
    const stops = [...element.querySelectorAll<HTMLElement>('button, [href], input, select')]
    const from = document.activeElement
    const [first, last] = event.shiftKey ? [stops.at(-1), stops[0]] : [stops[0], stops.at(-1)]
    if (from !== last && from !== element) return
    event.preventDefault()
    first?.focus()
  }
  const comeBack = ({ target }: FocusEvent) => {
    if (target instanceof Node && !element.contains(target)) element.focus()
  }
  element.addEventListener('keydown', turnAround)
  document.addEventListener('focusin', comeBack)
  return () => {
    element.removeEventListener('keydown', turnAround)
    document.removeEventListener('focusin', comeBack)
  }
}
