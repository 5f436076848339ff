const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' })
const dateWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const shortDateWithYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

/** All moments here are milliseconds since 1970; days are those of the device's time zone. */
function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY)
}

/** The midnight before. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** "14:05" */
export function timeText(at: number): string {
  return time.format(at)
}

/** "Saturday, 21 November 2026 at 14:05" */
export function fullText(at: number): string {
  return full.format(at)
}

/** "Today", "Yesterday", "Monday", "3 March", "3 March 2025" */
export function dayText(at: number, now: number): string {
  const days = daysAgo(at, now)
  if (days === 0 || days === 1) return capital(relative.format(-days, 'day'))
  if (days > 1 && days < 7) return weekday.format(at)
  return (sameYear(at, now) ? date : dateWithYear).format(at)
}

/** As short as it goes, for a list: "14:05", "Yesterday", "Mon", "3 Mar", "3 Mar 2025". */
export function momentText(at: number, now: number): string {
  const days = daysAgo(at, now)
  if (days <= 0) return timeText(at)
  if (days === 1) return capital(relative.format(-1, 'day'))
  if (days < 7) return shortWeekday.format(at)
  return (sameYear(at, now) ? shortDate : shortDateWithYear).format(at)
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear()
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

/** "9:42": minutes and seconds, never below 0. `left` is milliseconds. */
export function countdownText(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`
}
