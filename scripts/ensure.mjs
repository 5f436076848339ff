// Must run in a fresh clone and be understood by old versions of Node: no dependencies, no `node:` imports, no `?.`.
import { spawnSync } from 'child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'fs'
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'

/** The folder of the project. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** What the build reads. */
const SOURCES = [
  'src',
  'public',
  'signaling',
  'index.html',
  'vite.config.ts',
  'vite.signaling.config.ts',
  'package-lock.json',
]

/** What the build writes last in each of its two halves. */
const OUTPUTS = ['dist/app/index.html', 'dist/signaling/main.js']

/**
 * Ends the process with one plain sentence when this Node is too old to run the project.
 */
export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Earshot needs Node 20.19 or newer; this is Node ${process.versions.node}. Get it at https://nodejs.org`,
  )
  process.exit(1)
}

/** Installs the dependencies that package-lock.json names, unless exactly these are installed already. */
export function ensureInstalled() {
  if (isInstalled(root)) return
  console.log('Installing dependencies (once) …')
  npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'])
}

/** Builds app and introducer, unless what is built is newer than everything it is built from. */
export function ensureBuilt() {
  if (isBuilt(root)) return
  console.log('Building …')
  npm(['run', 'build'])
}

/**
 * Is what package-lock.json names installed? npm writes what it installed into node_modules/.package-lock.json;
 * versions are compared, not only times, since a checkout or a copied folder gives files any time.
 */
function isInstalled(folder) {
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  const wanted = readPackages(join(folder, 'package-lock.json'))
  if (!installed || !wanted) return false
  return Object.keys(wanted).every((name) => {
    if (name === '' || wanted[name].link) return true
    // Packages for other systems are named in the lock file but not installed.
    if (!installed[name]) return Boolean(wanted[name].optional)
    return installed[name].version === wanted[name].version
  })
}

/** Are app and introducer built, and newer than their sources? */
function isBuilt(folder) {
  const outputs = OUTPUTS.map((name) => join(folder, name))
  if (!outputs.every((file) => existsSync(file))) return false
  const oldest = Math.min(...outputs.map((file) => statSync(file).mtimeMs))
  return SOURCES.every((name) => newest(join(folder, name)) <= oldest)
}

/** The packages of a lock file by their place in node_modules, or undefined when there is no such file. */
function readPackages(file) {
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** When the newest file in a folder was written, or when one was added or deleted (ms); pages for readers do not count. */
function newest(path) {
  if (!existsSync(path) || path.endsWith('.md')) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stats.mtimeMs)
}

/** Runs npm, and ends the process with npm's exit code when it fails. */
function npm(args) {
  const own = process.env.npm_execpath
  // The npm that started us, if one did; on Windows npm is a script that only a shell finds.
  const run =
    own && own.endsWith('npm-cli.js')
      ? spawnSync(process.execPath, [own, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (run.error) console.error('npm could not be started. It comes with Node: https://nodejs.org')
  if (run.status !== 0) process.exit(run.status || 1)
}
