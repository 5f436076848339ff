// `npm test`: everything that must hold, in one command. No dependencies: nothing may be installed yet.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser, ensureFirefox } from './browser.mjs'
import { ensureInstalled, ensureNode, root } from './ensure.mjs'
import { countPlaywright, countVitest } from './reports.mjs'

/** A stage that takes longer hangs, ms. Long campaigns may take as long as they want. */
const STAGE_MS = 25 * 60_000

ensureNode()
ensureInstalled()

const long = process.argv.includes('--long')
const reports = mkdtempSync(join(tmpdir(), 'earshot-reports-'))
const browser = ensureBrowser()
const firefox = ensureFirefox()
if (!firefox)
  console.log('No Firefox: what Chromium and Firefox do together is skipped. FIREFOX_PATH names one.')
const total = { passed: 0, failed: 0, skipped: 0 }

// The longest of them, which keeps one core busy, beside all the others.
await Promise.all([
  check('lint', 'check:lint'),
  check('format', 'check:format')
    .then(() => check('types', 'check:types'))
    .then(() => check('unused code', 'check:unused'))
    .then(() => vitest('unit')),
])
await vitest('simulation')
const built = await check('build', 'build')
if (built) {
  await check('size', 'check:size')
  await inBrowsers('end-to-end', 'e2e')
  // Every screen without a peer, looked at on its own.
  if (long) await inBrowsers('gallery', 'gallery')
} else {
  skip('size', 'there is no build')
  skip('end-to-end', 'there is no build')
}

rmSync(reports, { recursive: true })
const { passed, failed, skipped } = total
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0

/** A stage that is right or wrong as a whole. */
async function check(name, script) {
  const { status, ...rest } = await run([script])
  const good = status === 0
  report(name, { good, counts: { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 }, ...rest })
  return good
}

async function vitest(name) {
  const file = join(reports, `${name}.json`)
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  tally(name, await run([name, '--', ...args]), countVitest(file))
}

async function inBrowsers(name, script) {
  if (!browser) {
    skip(name, 'no browser: install Chromium, or set CHROMIUM_PATH')
    return
  }
  const file = join(reports, `${script}.json`)
  const env = { CHROMIUM_PATH: browser, FIREFOX_PATH: firefox, PLAYWRIGHT_JSON_OUTPUT_NAME: file }
  tally(name, await run([script, '--', '--reporter=list,json'], env), countPlaywright(file))
}

/** A runner that fails without a failed test, or leaves no report, counts as one failure. */
function tally(name, { status, ...rest }, counts = { passed: 0, failed: 0, skipped: 0 }) {
  const unexplained = status !== 0 && counts.failed === 0
  const all = unexplained ? { ...counts, failed: 1 } : counts
  report(name, { good: all.failed === 0, counts: all, ...rest })
}

function skip(name, why) {
  total.skipped += 1
  console.log(`skip ${name}: ${why}`)
}

/** One line for a stage that is right; everything it said for one that is not. */
function report(name, { good, counts, seconds, output }) {
  for (const kind of Object.keys(total)) total[kind] += counts[kind]
  if (!good) console.log(`\n${output.trimEnd()}\n`)
  const tests =
    counts.passed + counts.failed > 1 ? `  ${counts.passed} of ${counts.passed + counts.failed}` : ''
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s${tests}`)
}

/** Runs one of the scripts of package.json; resolves with its exit code and what it said. */
async function run(script, env = {}) {
  const began = performance.now()
  const [command, args] = npm(['run', '--silent', ...script])
  const child = spawn(command, args, {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      ...(long && { EARSHOT_LONG: '1' }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a stage that hangs can be ended with everything it started.
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  })
  let output = ''
  const hear = (text) => void (output += text)
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const end = () => stop(child)
  const overdue = long ? undefined : setTimeout(end, STAGE_MS)
  process.once('SIGINT', end).once('SIGTERM', end)
  const status = await new Promise((resolve) => {
    child.on('close', resolve)
    child.on('error', (error) => {
      hear(String(error))
      resolve(1)
    })
  })
  clearTimeout(overdue)
  process.off('SIGINT', end).off('SIGTERM', end)
  if (child.killed) hear('\nThis stage was ended: it took too long or was interrupted.\n')
  return { status, output, seconds: (performance.now() - began) / 1000 }
}

function stop(child) {
  if (process.platform === 'win32') child.kill()
  else process.kill(-child.pid, 'SIGTERM')
}

/** The npm that started us, if one did. */
function npm(args) {
  const own = process.env.npm_execpath
  return own && own.endsWith('npm-cli.js') ? [process.execPath, [own, ...args]] : ['npm', args]
}
