import { createServer } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'

interface Message {
  readonly type: string
  readonly src?: string
  readonly dst?: string
  readonly payload?: unknown
}

/** An introducer that does what its owner likes: hands letters to somebody else, or invents them. */
export interface EvilIntroducer {
  readonly port: number
  /** Everything anybody sent, in order. */
  readonly overheard: Message[]
  /** Sends this to the registered client, as if the introducer had relayed it. */
  inject(to: string, message: Message): void
  /** From now on letters go to the wiretap instead of to whom they are for. */
  wiretap(on: boolean): void
  /** Addresses in the order in which they registered; the wiretap aside. */
  readonly addresses: string[]
  close(): void
}

/** The wiretap registers under this name and speaks {to, as, message}. */
const WIRETAP = 'wiretap'

export async function evilIntroducer(): Promise<EvilIntroducer> {
  const clients = new Map<string, WebSocket>()
  const overheard: Message[] = []
  const addresses: string[] = []
  let tapped = false
  const http = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ time: Date.now(), iceServers: [] }))
  })
  const server = new WebSocketServer({ server: http })
  server.on('connection', (socket, request) => {
    const id = new URL(request.url ?? '/', 'http://evil').searchParams.get('id') ?? WIRETAP
    clients.set(id, socket)
    if (id !== WIRETAP && !addresses.includes(id)) addresses.push(id)
    socket.send(JSON.stringify({ type: 'OPEN' }))
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message & { as?: string; to?: string; message?: Message }
      if (id === WIRETAP) {
        const { to = '', as, message: forged } = message
        clients.get(to)?.send(JSON.stringify({ ...forged, src: as }))
        return
      }
      if (message.type === 'HEARTBEAT') return
      overheard.push({ ...message, src: id })
      const letter = { ...message, src: id }
      if (tapped) clients.get(WIRETAP)?.send(JSON.stringify({ from: id, to: message.dst, message: letter }))
      else clients.get(message.dst ?? '')?.send(JSON.stringify(letter))
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  if (address === null || typeof address !== 'object') throw new Error('no port')
  return {
    port: address.port,
    overheard,
    addresses,
    inject: (to, message) => clients.get(to)?.send(JSON.stringify(message)),
    wiretap: (on) => {
      tapped = on
    },
    close: () => {
      for (const socket of clients.values()) socket.terminate()
      http.close()
    },
  }
}
