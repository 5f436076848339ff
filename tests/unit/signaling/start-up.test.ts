import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addressOf } from '../../../signaling/address.ts'
import { home, introduce, Person, tokenOf, until } from './people.ts'
import { testCertificate, testKey } from './test-certificate.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** The server as it is shipped: bundled, in a process of its own. */
interface Started {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly exit: Promise<number | null>
}

let folder: string
const running: ChildProcess[] = []

function start(environment: Record<string, string>): Started {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [join(folder, 'main.js')], { env: { PATH, ...environment } })
  running.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  const exit = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, out: () => out, err: () => err, exit }
}

/** Starts on a free port of this machine alone, and waits until it says where. */
async function startReady(environment: Record<string, string> = {}): Promise<Started & { port: number }> {
  const started = start({ PORT: '0', HOST: '127.0.0.1', ...environment })
  await until('the server is running', () => /running at .*:\d+/.test(started.out()))
  return { ...started, port: Number(/:(\d+)\s/.exec(started.out())?.[1]) }
}

/** Expects a start that fails with one plain sentence. */
async function expectRefusal(environment: Record<string, string>, sentence: string | RegExp): Promise<void> {
  const { exit, out, err } = start({ PORT: '0', HOST: '127.0.0.1', ...environment })
  expect(await exit).toBe(1)
  expect(out()).toBe('')
  expect(err().trim()).toMatch(sentence)
  expect(err().trim().split('\n')).toHaveLength(1)
  expect(err()).not.toMatch(/^\s+at /m)
}

beforeAll(async () => {
  // Beside the dependencies, which the bundle leaves where they are.
  folder = mkdtempSync(join(root, 'node_modules', '.earshot-start-up-'))
  await build({
    root,
    configFile: join(root, 'vite.signaling.config.ts'),
    build: { outDir: folder, emptyOutDir: false },
    logLevel: 'silent',
  })
}, 60_000)

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('whoever starts the server', () => {
  it('sees where it runs, and Ctrl-C ends it in order', async () => {
    const { child, port, out, exit } = await startReady()
    expect(out()).toBe(`Earshot is running at http://localhost:${port}\n`)
    const alice = await Person.arrive(port, 'alice')
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await alice.ended).code).toBe(1012)
    expect(await exit).toBe(0)
  })

  it('on every interface sees the address for other devices too', async () => {
    const { out } = await startReady({ HOST: '' })
    expect(out()).toMatch(/^Earshot is running at http:\/\/localhost:\d+\n/)
  })

  it('with a certificate speaks HTTPS', async () => {
    const certificate = join(folder, 'cert.pem')
    const key = join(folder, 'key.pem')
    writeFileSync(certificate, testCertificate)
    writeFileSync(key, testKey)
    const { port, out } = await startReady({ TLS_CERT: certificate, TLS_KEY: key })
    expect(out()).toContain(`https://localhost:${port}`)
  })

  it('on a port that is taken reads one sentence', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
    const { port } = other.address() as AddressInfo
    await expectRefusal({ PORT: String(port) }, `Port ${port} is already in use.`)
    await new Promise<void>((resolve) => other.close(() => resolve()))
  })

  it('with half a TLS setting reads one sentence', async () => {
    await expectRefusal({ TLS_CERT: 'cert.pem' }, 'TLS_CERT and TLS_KEY belong together')
    await expectRefusal({ TLS_KEY: 'key.pem' }, 'TLS_CERT and TLS_KEY belong together')
  })

  it('with a certificate that is not there, or is none, reads one sentence', async () => {
    const missing = { TLS_CERT: '/nowhere/cert.pem', TLS_KEY: '/nowhere/key.pem' }
    await expectRefusal(missing, 'The file named by TLS_CERT cannot be read: /nowhere/cert.pem')
    const nonsense = join(folder, 'main.js')
    await expectRefusal({ TLS_CERT: nonsense, TLS_KEY: nonsense }, 'are not a certificate and its key')
  })

  it('with a setting that makes no sense reads one sentence', async () => {
    await expectRefusal({ PORT: 'web' }, 'PORT must be a whole number.')
    await expectRefusal({ HOST: '203.0.113.77' }, 'HOST is not an address of this machine.')
  })
})

describe('what the server writes down', () => {
  it('holds nothing of what people do: no ids, no tokens, no addresses, no URLs', async () => {
    const { child, port, out, err, exit } = await startReady()
    const [alice, bob] = [await Person.arrive(port, 'alice'), await Person.arrive(port, 'bob')]
    await introduce(alice, bob)
    alice.offer(home('nobody'), 'dc_1')
    alice.socket.send('nonsense')
    const mallory = Person.knock(port, 'alice', { token: tokenOf('mallory') })
    await mallory.ended
    await fetch(`http://127.0.0.1:${port}/secret/${home('alice')}?token=${tokenOf('alice')}`)
    await fetch(`http://127.0.0.1:${port}/config`, { method: 'POST', body: home('alice') })
    alice.socket.send('x'.repeat(100_000))
    await alice.ended
    child.kill('SIGTERM')
    await exit
    expect(out()).toBe(`Earshot is running at http://localhost:${port}\n`)
    expect(err()).toBe('The app is not built yet. Run: npm run build\n')
  })
})

describe('the README of the introducer', () => {
  it('computes an address that its owner can register', async () => {
    const readme = readFileSync(join(root, 'signaling', 'README.md'), 'utf8')
    const snippet = /```js\n(import.*?)```/s.exec(readme)?.[1] ?? ''
    const child = spawn(process.execPath, ['--input-type=module', '-e', snippet])
    let printed = ''
    child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
    await new Promise((resolve) => child.on('close', resolve))
    const [id, token] = [/id: '(\w+)'/.exec(printed)?.[1], /token: '(\w+)'/.exec(printed)?.[1]]
    expect(addressOf(token ?? '')).toBe(id)
  })
})

describe('npm start in a fresh clone', () => {
  it('installs, builds, runs, and passes on how it ended', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'earshot-clone-'))
    mkdirSync(join(clone, 'scripts'))
    for (const name of ['start.mjs', 'ensure.mjs'])
      cpSync(join(root, 'scripts', name), join(clone, 'scripts', name))
    writeFileSync(join(clone, 'package.json'), '{"type":"module"}')
    writeFileSync(join(clone, 'package-lock.json'), lockOf('1.0.0'))
    writeFileSync(join(clone, 'npm-cli.js'), FAKE_NPM)
    const log = (): string => readFileSync(join(clone, 'npm.log'), 'utf8')
    const npmStart = async (): Promise<number | null> => {
      const child = spawn(process.execPath, ['scripts/start.mjs'], {
        cwd: clone,
        env: { PATH: process.env['PATH'] ?? '', npm_execpath: join(clone, 'npm-cli.js') },
      })
      running.push(child)
      return new Promise((resolve) => child.on('close', (code) => resolve(code)))
    }
    const install = 'ci --include=dev --ignore-scripts --no-audit --no-fund\n'
    expect(await npmStart()).toBe(7)
    expect(log()).toBe(`${install}run build\n`)
    expect(await npmStart()).toBe(7)
    expect(log()).toBe(`${install}run build\n`)
    writeFileSync(join(clone, 'index.html'), 'newer')
    expect(await npmStart()).toBe(7)
    expect(log()).toBe(`${install}run build\nrun build\n`)
    writeFileSync(join(clone, 'package-lock.json'), lockOf('1.0.1'))
    expect(await npmStart()).toBe(7)
    expect(log()).toBe(`${install}run build\nrun build\n${install}run build\n`)
    rmSync(clone, { recursive: true })
  })
})

/** A lock file with one package, and one for another system that is never installed. */
function lockOf(version: string): string {
  const packages = {
    '': { name: 'earshot' },
    'node_modules/ws': { version },
    'node_modules/other-system': { version, optional: true },
  }
  return JSON.stringify({ packages })
}

/** Does what npm would do, as far as start.mjs can tell. The server it "builds" ends with exit code 7. */
const FAKE_NPM = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const args = process.argv.slice(2).join(' ')
appendFileSync('npm.log', args + '\\n')
if (args.startsWith('ci')) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  delete lock.packages['']
  delete lock.packages['node_modules/other-system']
  mkdirSync('node_modules', { recursive: true })
  writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock))
} else {
  mkdirSync('dist/app', { recursive: true })
  mkdirSync('dist/signaling', { recursive: true })
  writeFileSync('dist/app/index.html', '')
  writeFileSync('dist/signaling/main.js', 'process.exit(7)')
}
`
