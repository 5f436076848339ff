// `npm run bench`: how fast Earshot is, beside the bare thing. `npm run bench -- latency files` measures only these.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { ensureBuilt, ensureInstalled, ensureNode, root } from './ensure.mjs'

const ENDING = '.bench.ts'

const known = readdirSync(join(root, 'tests/bench')).filter((name) => name.endsWith(ENDING))
const names = known.map((name) => name.slice(0, -ENDING.length))
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !names.includes(name))

ensureNode()
if (unknown.length > 0)
  stop(`There is no benchmark called ${unknown.join(', ')}. There are: ${names.join(', ')}`)
ensureInstalled()
const browser = ensureBrowser()
if (!browser) stop('No browser: install Chromium, or set CHROMIUM_PATH.')
ensureBuilt()

const files = chosen.map((name) => `/${name}\\${ENDING}$`)
const args = ['test', '--config', 'tests/bench/playwright.config.ts', ...files]
const measuring = spawn(process.execPath, ['node_modules/@playwright/test/cli.js', ...args], {
  cwd: root,
  env: { ...process.env, CHROMIUM_PATH: browser },
  stdio: 'inherit',
})
measuring.on('exit', (code) => (process.exitCode = code ?? 1))

function stop(why) {
  console.error(why)
  process.exit(1)
}
