// Which browsers the end-to-end tests use. No dependencies: nothing may be installed yet.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { root } from './ensure.mjs'

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome']

const FIREFOX_NAMES = ['firefox', 'firefox-esr']

const FIREFOX_IN_PLACES = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]

const IN_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** A download may be slow; one that hangs must not hang the tests. */
const DOWNLOAD_MS = 240_000

/** The path of a Chromium that runs, or undefined. CHROMIUM_PATH comes before everything else. */
export function findBrowser() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) return chosen
  return [...onThePath(NAMES), ...IN_PLACES, playwrightsOwn()].find(runs)
}

/** As findBrowser, and when there is none tries to get one: Playwright's, then the one of Debian. */
export function ensureBrowser() {
  return (
    findBrowser() ??
    (installPlaywrights() ? findBrowser() : undefined) ??
    (installDebians('chromium') ? findBrowser() : undefined)
  )
}

/** The path of a Firefox that runs, or undefined. FIREFOX_PATH comes before everything else. */
export function findFirefox() {
  const chosen = process.env.FIREFOX_PATH
  if (chosen) return chosen
  return [...onThePath(FIREFOX_NAMES), ...FIREFOX_IN_PLACES].find(runs)
}

/** As findFirefox, and when there is none tries to get the one of Debian. */
export function ensureFirefox() {
  return findFirefox() ?? (installDebians('firefox-esr') ? findFirefox() : undefined)
}

/** Playwright wants a whole path, not a name. */
function onThePath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** Where Playwright would have put its browser; undefined while Playwright is not installed. */
function playwrightsOwn() {
  try {
    return createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** It must really start: a downloaded browser may miss libraries of the system. */
function runs(path) {
  return Boolean(path) && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0
}

function installPlaywrights() {
  console.log('No browser found. Getting the one of Playwright …')
  return tried(process.execPath, [
    'node_modules/@playwright/test/cli.js',
    'install',
    '--no-shell',
    'chromium',
  ])
}

function installDebians(name) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !runs('apt-get')) return false
  console.log(`Getting the ${name} of this system …`)
  return tried('apt-get', ['update']) && tried('apt-get', ['install', '-y', name])
}

/** Says nothing about a refusal: there is another way, or the tests say that they were skipped. */
function tried(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { cwd: root, env, stdio: 'ignore', timeout: DOWNLOAD_MS }).status === 0
}
