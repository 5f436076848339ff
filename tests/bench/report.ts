/** One number that somebody may hold us to. */
export interface Figure {
  readonly group: string
  readonly name: string
  readonly value: number
  /** As printed behind the value; may be empty. */
  readonly unit: string
  /** The same job without Earshot, done in the same run. */
  readonly beside?: { readonly name: string; readonly value: number }
  readonly goal?: Goal
  /** What shows that something was measured at all. */
  readonly proof: string
  /** Figures of others, from other machines. */
  readonly elsewhere?: readonly string[]
}

/** `of` is held against the limit: the value itself or, for a goal that is relative, its ratio. */
type Goal = { readonly text: string; readonly of: number } & (
  { readonly atMost: number } | { readonly atLeast: number }
)

type Verdict = 'met' | 'MISSED' | ''

/** The middle of the numbers; of an even number of them the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2
}

/** The smallest of the numbers that at least `percent` of them do not exceed (nearest rank). */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = ascending(numbers)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return sorted[rank - 1] ?? NaN
}

function ascending(numbers: readonly number[]): number[] {
  if (numbers.length === 0) throw new Error('nothing was measured')
  return numbers.toSorted((a, b) => a - b)
}

/** A figure without a goal has no verdict; what is no number has missed its goal. */
export function verdict({ goal }: Figure): Verdict {
  if (!goal) return ''
  const met = 'atMost' in goal ? goal.of <= goal.atMost : goal.of >= goal.atLeast
  return met ? 'met' : 'MISSED'
}

/** Earshot divided by what stands beside it. */
export function ratio({ value, beside }: Figure): number | undefined {
  return beside && value / beside.value
}

/** The figures as text: a line for each, and below it how it was measured and what others have. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(cells)
  const widths = HEAD.map((title, at) =>
    Math.max(...[HEAD, ...rows].map((row) => row[at]?.length ?? 0), title.length),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = figures.flatMap((figure, at) => [
    line(rows[at] ?? []),
    `    ${figure.proof}`,
    ...(figure.elsewhere ? [`    measured elsewhere: ${figure.elsewhere.join(' · ')}`] : []),
  ])
  return [line(HEAD), ...lines].join('\n')
}

const HEAD = ['figure', 'Earshot', 'beside it', 'ratio', 'goal', '']

function cells(figure: Figure): string[] {
  const { group, name, value, unit, beside, goal } = figure
  const share = ratio(figure)
  return [
    `${group}: ${name}`,
    amount(value, unit),
    beside ? `${beside.name} ${amount(beside.value, unit)}` : '',
    share === undefined ? '' : share.toFixed(2),
    goal?.text ?? '',
    verdict(figure),
  ]
}

/** Three digits are more than any of these figures can bear. */
function amount(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${unit}`.trimEnd()
}
