/**
 * Of the many buttons "Message actions" one is reached by Tab, from there the arrows lead to the others: nobody has
 * to press Tab two hundred times to come to the field.
 */
export function rove(event: KeyboardEvent): void {
  const { target, currentTarget } = event
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return
  if (!target.matches(ACTIONS) || !(event.key in STEPS)) return
  const all = buttonsIn(currentTarget)
  const at = all.findIndex((button) => button === target)
  const next = STEPS[event.key]?.(at, all.length)
  const button = next === undefined ? undefined : all[next]
  if (!button) return
  event.preventDefault()
  reach(all, button)
  button.focus()
}

/** The newest one is the one that Tab reaches, unless the focus is at another. */
export function tend(list: HTMLElement): void {
  const all = buttonsIn(list)
  const focused = all.find((button) => button === document.activeElement)
  const last = focused ?? all.at(-1)
  if (last) reach(all, last)
}

const ACTIONS = '[data-actions]'

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowUp: (at) => Math.max(0, at - 1),
  ArrowDown: (at, count) => Math.min(count - 1, at + 1),
  Home: () => 0,
  End: (_, count) => count - 1,
}

function buttonsIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(ACTIONS)]
}

function reach(all: readonly HTMLElement[], one: HTMLElement): void {
  for (const button of all) {
    const index = button === one ? 0 : -1
    if (button.tabIndex !== index) button.tabIndex = index
  }
}
