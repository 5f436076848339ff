// `npm start`: from a fresh clone to a running Earshot. No dependencies: nothing may be installed yet.
import { spawn } from 'child_process'
import { constants } from 'os'
import { join } from 'path'
import { ensureBuilt, ensureInstalled, ensureNode, root } from './ensure.mjs'

ensureNode()
ensureInstalled()
ensureBuilt()

const server = spawn(process.execPath, [join(root, 'dist/signaling/main.js')], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => {
  process.exitCode = code === null ? 128 + constants.signals[signal] : code
})
