import type { Circle } from '../../../core/conversation.ts'

/** After what time messages can be made to disappear. */
export const SPANS = [
  { seconds: 0, label: 'Off' },
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '1 day' },
  { seconds: 604_800, label: '1 week' },
] as const

/** What it means, and who decides; `organiser`: their name, when it is not for us to decide. */
export function vanishHint({
  kind,
  organiser,
}: {
  kind: Circle['kind']
  organiser: string | undefined
}): string {
  if (organiser !== undefined)
    return `${organiser} looks after this group and decides how long messages stay.`
  if (kind === 'self') return 'What you write from now on disappears from this device after this time.'
  return 'What is written here from now on disappears from everybody’s device after this time. Somebody can still have made a copy.'
}
