import type { Progress } from './gather.ts'

/** "1 result", "12 results", "No results" */
export function resultsText(count: number): string {
  if (count === 0) return 'No results'
  return count === 1 ? '1 result' : `${count.toLocaleString()} results`
}

/** "1 message", "12 messages" */
export function messagesText(count: number): string {
  return count === 1 ? '1 message' : `${count.toLocaleString()} messages`
}

/** How far the reading has come. */
export function progressText({ read, of }: Progress): string {
  return `Reading your messages, ${String(percent({ read, of }))} %`
}

export function percent({ read, of }: Progress): number {
  return of === 0 ? 100 : Math.floor((100 * read) / of)
}
