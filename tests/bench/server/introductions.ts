import { closeClients, openClients, type Client } from './clients.ts'
import type { Server } from './server.ts'

/** As large as what browsers say when they are introduced. */
const OFFER_SDP = 'o'.repeat(700)
const ANSWER_SDP = 'a'.repeat(600)

/** How many work at the same time, and how often each; few enough for what the introducer allows one socket. */
const PAIRS = 100
const TIMES = 300

/** One round of introductions. */
export interface Round {
  readonly introductions: number
  readonly perSecond: number
  /** Microseconds of processor time that the server spent on one. */
  readonly cpu: number
}

/**
 * Pairs of sockets introduce themselves again and again: OFFER to the other, ANSWER back. With a server that only
 * echoes, the same messages go to the server and back: as many, of the same size.
 */
export async function introduce(server: Server, { echo }: { echo: boolean }): Promise<Round> {
  const clients = await openClients(server.host, PAIRS * 2, { greets: !echo })
  const before = await server.usage()
  const began = performance.now()
  const [callers, callees] = [clients.slice(0, PAIRS), clients.slice(PAIRS)]
  await Promise.all(
    callers.flatMap((caller, at) => {
      const callee = callees[at]
      return callee ? [talk(caller, callee, echo)] : []
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const after = await server.usage()
  await closeClients(clients)
  const introductions = PAIRS * TIMES
  const spent = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return { introductions, perSecond: introductions / seconds, cpu: spent / introductions }
}

/** Resolves after the last introduction; each begins when the one before it is complete. */
function talk(caller: Client, callee: Client, echo: boolean): Promise<void> {
  let done = 0
  const say = (from: Client, to: Client, message: 'OFFER' | 'ANSWER'): void => {
    const payload = {
      connectionId: `dc_${String(done)}`,
      type: 'data',
      sdp: message === 'OFFER' ? OFFER_SDP : ANSWER_SDP,
    }
    from.socket.send(JSON.stringify({ type: message, dst: to.address, payload }))
  }
  return new Promise((resolve, reject) => {
    const fail = (code: number): void => reject(new Error(`a socket was closed with ${String(code)}`))
    const hear = (self: Client, type: 'OFFER' | 'ANSWER', then: () => void): void => {
      self.socket.once('close', fail)
      self.socket.on('message', (data: Buffer) => {
        const said = JSON.parse(data.toString()) as { type: string; payload: { connectionId: string } }
        if (said.type !== type || said.payload.connectionId !== `dc_${String(done)}`) return fail(0)
        then()
      })
    }
    const complete = (): void => {
      done += 1
      if (done < TIMES) return say(caller, callee, 'OFFER')
      for (const { socket } of [caller, callee]) socket.off('close', fail)
      resolve()
    }
    // An echo comes back to who spoke: then the caller hears the offer and the callee the answer.
    hear(echo ? caller : callee, 'OFFER', () => say(callee, caller, 'ANSWER'))
    hear(echo ? callee : caller, 'ANSWER', complete)
    say(caller, callee, 'OFFER')
  })
}
