import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { median } from './report.ts'
import { closeClients, openClients } from './server/clients.ts'
import { introduce, type Round } from './server/introductions.ts'
import { startServer, type Server } from './server/server.ts'

const INTRODUCER = join(import.meta.dirname, '../../dist/signaling/main.js')
const ECHO = join(import.meta.dirname, 'server/echo.mjs')

const SOCKETS = 5_000
/** Opened and closed before anything is measured: code is compiled, buffers have grown. */
const WARM_UP = 500
const ROUNDS = 3

test('introducer: idle sockets', async ({ tell }) => {
  const own = await onServer(INTRODUCER, (server) => idleMemory(server, { echo: false }))
  const bare = await onServer(ECHO, (server) => idleMemory(server, { echo: true }))
  const proof = `${String(SOCKETS)} of ${String(SOCKETS)} sockets were open; after garbage collection`
  for (const [kind, name] of [
    ['rss', 'resident memory'],
    ['heap', 'heap and buffers'],
  ] as const) {
    await tell({
      ...{ group: 'introducer', name: `one idle socket, ${name}`, value: own[kind], unit: 'kB', proof },
      beside: { name: 'bare ws', value: bare[kind] },
    })
  }
})

test('introducer: introductions', async ({ tell }) => {
  const own: Round[] = []
  const bare: Round[] = []
  await onServer(INTRODUCER, (introducer) =>
    onServer(ECHO, async (echo) => {
      await introduce(introducer, { echo: false })
      await introduce(echo, { echo: true })
      for (let round = 0; round < ROUNDS; round++) {
        own.push(await introduce(introducer, { echo: false }))
        bare.push(await introduce(echo, { echo: true }))
      }
    }),
  )
  const count = own.reduce((sum, { introductions }) => sum + introductions, 0)
  const proof = `${String(count)} introductions in ${String(ROUNDS)} rounds, each OFFER answered; the client runs on the same machine`
  await tell({
    ...{ group: 'introducer', name: 'introductions per second', unit: '/s', proof },
    value: median(own.map(({ perSecond }) => perSecond)),
    beside: { name: 'bare ws', value: median(bare.map(({ perSecond }) => perSecond)) },
  })
  await tell({
    ...{ group: 'introducer', name: 'processor time of one introduction', unit: 'µs', proof },
    value: median(own.map(({ cpu }) => cpu)),
    beside: { name: 'bare ws', value: median(bare.map(({ cpu }) => cpu)) },
  })
})

async function onServer<T>(file: string, use: (server: Server) => Promise<T>): Promise<T> {
  const server = await startServer(file)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

/** What one socket adds, in kB. */
async function idleMemory(
  server: Server,
  { echo }: { echo: boolean },
): Promise<{ rss: number; heap: number }> {
  const greets = !echo
  await closeClients(await openClients(server.host, WARM_UP, { greets }))
  const { memory: before } = await server.usage()
  const clients = await openClients(server.host, SOCKETS, { greets })
  const { memory: after } = await server.usage()
  expect(clients.filter(({ socket }) => socket.readyState === socket.OPEN).length).toBe(SOCKETS)
  await closeClients(clients)
  const each = (more: number): number => more / SOCKETS / 1000
  const held = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external
  return { rss: each(after.rss - before.rss), heap: each(held(after) - held(before)) }
}
