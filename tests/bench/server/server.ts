import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const USAGE = join(import.meta.dirname, 'report-usage.mjs')

/** What a server has used, after its garbage was collected. */
interface Usage {
  readonly memory: NodeJS.MemoryUsage
  readonly cpu: NodeJS.CpuUsage
}

/** A server of plain Node in a process of its own. */
export interface Server {
  readonly host: string
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** Starts a server that says "running at URL"; more sockets of this machine may reach it than are used. */
export async function startServer(file: string): Promise<Server> {
  const child = spawn(process.execPath, ['--expose-gc', '--import', USAGE, file], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', MAX_PER_IP: '100000', MAX_SOCKETS: '100000' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  return {
    host: new URL(await announced(child)).host,
    usage: async () => {
      const answer = once(child, 'message')
      child.send('usage')
      const [usage] = (await answer) as [Usage]
      return usage
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the server ended with ${String(code)}`))
    })
    if (!child.stdout) return
    createInterface(child.stdout).on('line', (line) => {
      const url = /running at (\S+)/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}
