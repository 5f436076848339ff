import type { NetworkInterfaceInfo } from 'node:os'

/** Where the server listens, and what interfaces the machine has. */
export interface Place {
  readonly port: number
  /** Undefined: every interface. */
  readonly host: string | undefined
  readonly secure: boolean
  readonly interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>
}

const EVERYWHERE = new Set(['0.0.0.0', '::'])
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])

/** The lines that tell the person who started the server where it can be opened. */
export function announcement({ port, host, secure, interfaces }: Place): string[] {
  const url = (name: string): string => `${secure ? 'https' : 'http'}://${name}:${port}`
  const everywhere = host === undefined || EVERYWHERE.has(host)
  const local = everywhere || LOOPBACK.has(host)
  const first = `Earshot is running at ${url(local ? 'localhost' : inUrl(host))}`
  const lan = everywhere ? lanAddresses(interfaces).map(url) : []
  const lines = lan.length > 0 ? [first, `On other devices of this network: ${lan.join('  ')}`] : [first]
  if (secure || (local && lan.length === 0)) return lines
  return [...lines, 'Other devices need HTTPS (browsers call it a secure context): set TLS_CERT and TLS_KEY.']
}

/** IPv4 only: an address that somebody types into a phone. */
function lanAddresses(interfaces: Place['interfaces']): string[] {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
