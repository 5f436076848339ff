import type { Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { FIGURE } from './fixtures.ts'
import { ratio, table, verdict, type Figure } from './report.ts'

const RESULTS = join(import.meta.dirname, '../../bench-results')

/** Prints the figures as a table and keeps them as JSON. What could not be measured is named, never left out. */
export default class FigureReporter implements Reporter {
  readonly #machine = machine()
  readonly #figures: Figure[] = []
  readonly #failures: string[] = []

  printsToStdio(): boolean {
    return true
  }

  onTestBegin(test: TestCase): void {
    process.stderr.write(`measuring ${test.title} …\n`)
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { name, body } of result.attachments) {
      if (name === FIGURE && body) this.#figures.push(JSON.parse(body.toString()) as Figure)
    }
    const [error] = result.errors
    if (error) this.#fail(`${test.title}: ${wordsOf(error)}`)
    else if (result.status !== 'passed') this.#fail(`${test.title}: ${result.status}`)
  }

  onError(error: TestError): void {
    this.#fail(wordsOf(error))
  }

  onEnd(): void {
    if (this.#figures.length > 0) this.#report()
    for (const failure of this.#failures)
      console.log(`NOT MEASURED, or not to be trusted: ${failure.split('\n', 1)[0] ?? ''}`)
  }

  #fail(why: string): void {
    this.#failures.push(why)
    process.stderr.write(`${why}\n`)
  }

  #report(): void {
    const { processor, cores, load, browser } = this.#machine
    console.log(`\n${browser} on ${String(cores)} × ${processor}; load ${load.toFixed(1)} when it began\n`)
    console.log(`${table(this.#figures)}\n`)
    const missed = this.#figures.filter((figure) => verdict(figure) === 'MISSED').length
    if (missed > 0)
      console.log(`${String(missed)} of ${String(this.#figures.length)} figures MISSED their goal.\n`)
    console.log(`Written to ${this.#write()}`)
  }

  #write(): string {
    const date = new Date().toISOString()
    const figures = this.#figures.map((figure) => ({
      ...figure,
      ratio: ratio(figure),
      verdict: verdict(figure),
    }))
    const file = join(RESULTS, `${date.replaceAll(':', '-').replace(/\.\d+Z$/, '')}.json`)
    mkdirSync(RESULTS, { recursive: true })
    const report = { date, machine: this.#machine, figures, failures: this.#failures }
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
    return file
  }
}

/** On what it was measured; a busy machine shows in the load (processes that ran or waited in the last minute). */
function machine() {
  const [first] = cpus()
  return {
    processor: first?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    load: loadavg()[0] ?? 0,
    node: process.version,
    browser: browserVersion(),
  }
}

function browserVersion(): string {
  const path = process.env['CHROMIUM_PATH']
  if (path === undefined) return 'no browser'
  return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

/** The words of an error without the colours of a terminal. */
function wordsOf({ message, value }: TestError): string {
  // eslint-disable-next-line no-control-regex -- a colour begins with the control character ESC
  return (message ?? value ?? 'unknown').replace(/\u001b\[\d+m/g, '')
}
