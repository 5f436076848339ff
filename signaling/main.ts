import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { announcement } from './announcement.ts'
import { defaultLimits } from './limits.ts'
import { createIntroducer, type Introducer } from './server.ts'
import { readSettings, type Settings } from './settings.ts'

/** A reason not to start that the person who started the server can do something about. */
class CannotStart extends Error {}

/** The built app lies beside the folder this file is bundled into. */
const appFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'app')

await start(process.env).catch((error: unknown) => {
  if (!(error instanceof CannotStart)) throw error
  console.error(error.message)
  process.exitCode = 1
})

async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const read = readSettings(environment)
  if (read.kind === 'bad') throw new CannotStart(read.why)
  const { settings } = read
  const introducer = create(settings)
  const { port } = await listen(introducer, settings)
  const place = {
    port,
    host: settings.host,
    secure: settings.tls !== undefined,
    interfaces: networkInterfaces(),
  }
  for (const line of announcement(place)) console.log(line)
  if (!existsSync(join(appFolder, 'index.html')))
    console.error('The app is not built yet. Run: npm run build')
  stopOnSignals(introducer)
}

function create(settings: Settings): Introducer {
  const { tls: paths, maxPerIp, maxSockets, trustProxy, metricsPublic, stunUrls } = settings
  const tls = paths && { cert: readPem('TLS_CERT', paths.certPath), key: readPem('TLS_KEY', paths.keyPath) }
  const limits = { ...defaultLimits, socketsPerNetwork: maxPerIp, sockets: maxSockets }
  try {
    return createIntroducer({ appFolder, limits, trustProxy, metricsPublic, stunUrls, ...(tls && { tls }) })
  } catch (error) {
    if (!tls) throw error
    throw new CannotStart('TLS_CERT and TLS_KEY are not a certificate and its key in PEM format.')
  }
}

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new CannotStart(`The file named by ${name} cannot be read: ${path}`)
  }
}

async function listen(introducer: Introducer, { port, host }: Settings): Promise<{ port: number }> {
  try {
    return await introducer.listen({ port, ...(host !== undefined && { host }) })
  } catch (error) {
    throw new CannotStart(whyNotListening(error, port))
  }
}

function whyNotListening(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1}`
    case 'EACCES':
      return `This user may not open port ${port}. Choose a port above 1023: PORT=8080`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST is not an address of this machine.'
    default:
      return `The server could not start: ${String(code ?? error)}`
  }
}

/** A signal that arrives twice (from the terminal and from the parent process) still means one orderly end. */
function stopOnSignals(introducer: Introducer): void {
  let stopping: Promise<void> | undefined
  const stop = (): void => {
    stopping ??= introducer.close()
  }
  process.on('SIGHUP', stop)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
