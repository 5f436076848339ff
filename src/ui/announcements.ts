/** Something to be read out: who, and what they said. */
export interface Announcement {
  readonly name: string
  readonly text: string
}

/** More waiting than this and they are summed up: a screen reader must not be kept busy for minutes. */
const PATIENCE = 20

/** What to read next, and what is left for later. Undefined when nothing waits. */
export function nextAnnouncement(
  waiting: readonly Announcement[],
): { text: string; left: readonly Announcement[] } | undefined {
  const [first, ...left] = waiting
  if (first === undefined) return undefined
  if (waiting.length <= PATIENCE) return { text: `${first.name}: ${first.text}`, left }
  const names = [...new Set(waiting.map(({ name }) => name))]
  return { text: `${names.join(', ')}: ${String(waiting.length)} new messages`, left: [] }
}
