import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { addressOf } from '../../../signaling/address.ts'

/** Sockets that are being opened at the same time. */
const WAVE = 100

/** A registered socket. */
export interface Client {
  readonly address: string
  readonly socket: WebSocket
}

/** Opens so many sockets, each with an address of its own; an introducer says that it took each of them. */
export async function openClients(
  host: string,
  count: number,
  { greets }: { greets: boolean },
): Promise<Client[]> {
  const clients: Client[] = []
  while (clients.length < count) {
    const wave = Array.from({ length: Math.min(WAVE, count - clients.length) }, () =>
      openClient(host, greets),
    )
    clients.push(...(await Promise.all(wave)))
  }
  return clients
}

async function openClient(host: string, greets: boolean): Promise<Client> {
  const token = randomBytes(32).toString('hex')
  const address = addressOf(token) ?? ''
  const url = `ws://${host}/peerjs?key=peerjs&id=${address}&token=${token}&version=1.5.5`
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const greeting = greets ? once(socket, 'message') : undefined
  await once(socket, 'open')
  const [said] = ((await greeting) ?? []) as unknown[]
  if (greets && !String(said).includes('OPEN')) throw new Error(`the introducer said ${String(said)}`)
  return { address, socket }
}

/** Ends them all; resolves when the last is gone. */
export async function closeClients(clients: readonly Client[]): Promise<void> {
  await Promise.all(
    clients.map(async ({ socket }) => {
      const closed = once(socket, 'close')
      socket.terminate()
      await closed
    }),
  )
}
