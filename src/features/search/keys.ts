/** Ctrl+K, ⌘K, or a slash where nobody is writing, and nothing covers the page. */
export function asksForSearch(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
  const command = (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k'
  const slash = key === '/' && !ctrlKey && !metaKey && !altKey && !isWritten(target)
  return (command || slash) && document.querySelector('[role=dialog], [role=alertdialog]') === null
}

function isWritten(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
}

/** Where the arrow keys lead among so many things, one below the other; undefined: to what stands above them. */
export function nextPlace(key: string, place: number, count: number): number | undefined {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (key === 'ArrowDown') return Math.min(place + 1, count - 1)
  return place === 0 ? undefined : place - 1
}
