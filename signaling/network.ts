import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4 } from 'node:net'

/**
 * The network an IP address is counted by: an IPv4 address itself, of IPv6 the /64,
 * since one household or phone holds a whole /64 and could change its address at will.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  if (isIPv4(plain)) return plain
  if (isIP(plain) !== 6) return 'unknown'
  const [head = '', tail] = plain.split('::')
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const all = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${all.slice(0, 4).join(':')}::/64`
}

/** An IPv4 tail ("64:ff9b::192.0.2.1") stands for two groups; both lie outside the /64. */
function groups(part: string): string[] {
  return part === '' ? [] : part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
}

/**
 * The network a request comes from.
 * @param trustProxy believe the last address in X-Forwarded-For, the one the nearest proxy wrote. Without a proxy in
 *   front anybody could write there what he likes, and the limit per network would be none
 */
export function networkOfRequest(request: IncomingMessage, trustProxy: boolean): string {
  const direct = request.socket.remoteAddress ?? ''
  if (!trustProxy) return networkOf(direct)
  const header = [request.headers['x-forwarded-for'] ?? []].flat().join(',')
  const nearest = header.split(',').at(-1)?.trim() ?? ''
  return networkOf(isIP(nearest) === 0 ? direct : nearest)
}

/** Does the request come from this machine itself? One that went through a proxy does not. */
export function isLocal(request: IncomingMessage): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined)
    return false
  const address = request.socket.remoteAddress ?? ''
  return address === '::1' || networkOf(address).startsWith('127.')
}
