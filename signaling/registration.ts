import * as v from 'valibot'
import { addressOf } from './address.ts'

/** Who asks to be let in, or the one sentence why not. The first two sentences are PeerServer's own. */
export type Registration =
  { readonly kind: 'good'; readonly address: string } | { readonly kind: 'bad'; readonly why: string }

/** The API key of every stock PeerJS client; it opens nothing. */
const KEY = 'peerjs'

const given = v.object({
  key: v.pipe(v.string(), v.nonEmpty()),
  id: v.pipe(v.string(), v.nonEmpty()),
  token: v.pipe(v.string(), v.nonEmpty()),
})

/**
 * Reads the query of the WebSocket URL. An address belongs to whoever knows the token it is the hash of,
 * so nothing has to be remembered, and nobody can sit on the address of somebody else.
 */
export function readRegistration(query: URLSearchParams): Registration {
  const fields = v.safeParse(given, Object.fromEntries(query))
  if (!fields.success) return bad('No id, token, or key supplied to websocket server')
  const { key, id, token } = fields.output
  if (key !== KEY) return bad('Invalid key provided')
  const address = addressOf(token)
  if (address === undefined || address !== id) return bad('This id does not belong to this token')
  return { kind: 'good', address }
}

function bad(why: string): Registration {
  return { kind: 'bad', why }
}
