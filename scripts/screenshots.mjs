// `npm run screenshots`: builds the app and lets two people talk in it, for the pictures in docs/ and in the manifest.
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'
import { ensureBuilt, ensureInstalled, ensureNode, root } from './ensure.mjs'

ensureNode()
ensureInstalled()
ensureBuilt()
const browser = ensureBrowser()
if (browser === undefined) {
  console.error('No browser was found. Install Chromium, or set CHROMIUM_PATH.')
  process.exit(1)
}
const playwright = ['node_modules/@playwright/test/cli.js', 'test', '--project=pictures']
const env = { ...process.env, CHROMIUM_PATH: browser }
process.exitCode = spawnSync(process.execPath, playwright, { cwd: root, env, stdio: 'inherit' }).status ?? 1
