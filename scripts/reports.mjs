// What the test runners wrote down about their tests, as counts.
import { existsSync, readFileSync } from 'node:fs'

/**
 * Counts of a vitest JSON report. A file that could not be loaded has no test of its own: it counts as one failure.
 */
export function countVitest(file) {
  const report = read(file)
  if (!report) return undefined
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Counts of a Playwright JSON report. An error outside of every test counts as one failure; so does a flaky test. */
export function countPlaywright(file) {
  const report = read(file)
  if (!report) return undefined
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
