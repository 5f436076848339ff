import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PeerServer } from 'peer'
import { createIntroducer, type Introducer, type IntroducerDeps } from '../../../signaling/server.ts'

/** How long the servers of the tests wait for an answer or an absent person, in ms (5 s outside of tests). */
const EXPIRE_MS = 600

/** A server that people can knock at. */
export interface Running {
  readonly port: number
  close(): Promise<void>
}

/** Our introducer on a free port, with short times. */
export async function startOurs(
  deps: Partial<IntroducerDeps> = {},
): Promise<Running & { introducer: Introducer }> {
  const introducer = createIntroducer({
    appFolder: join(tmpdir(), 'earshot-has-no-app-here'),
    ...deps,
    limits: { expireMs: EXPIRE_MS, closeGraceMs: 300, ...deps.limits },
  })
  const { port } = await introducer.listen({ port: 0, host: '127.0.0.1' })
  return { port, introducer, close: () => introducer.close() }
}

/** The npm `peer` server, the reference of the protocol. */
export async function startReference(): Promise<Running> {
  const server = await new Promise<Server>((resolve) => {
    const options = { port: 0, host: '127.0.0.1', path: '/', expire_timeout: EXPIRE_MS, cleanup_out_msgs: 50 }
    const app = PeerServer(options, (listening) => resolve(listening))
    // Without a listener one text that is no JSON ends the whole process.
    app.on('error', () => undefined)
  })
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => connections.add(socket))
  const bound = server.address()
  if (typeof bound !== 'object' || bound === null) throw new Error('The reference server listens nowhere')
  return {
    port: bound.port,
    close: async () => {
      for (const socket of connections) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
