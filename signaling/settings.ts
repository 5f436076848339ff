import * as v from 'valibot'
import { defaultLimits } from './limits.ts'

/** What the environment variables say. */
export interface Settings {
  readonly port: number
  /** Undefined: every interface, so that phones on the same network reach it. */
  readonly host: string | undefined
  /** Paths of PEM files. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined
  readonly maxPerIp: number
  readonly maxSockets: number
  readonly trustProxy: boolean
  readonly metricsPublic: boolean
  readonly stunUrls: readonly string[]
}

/** The settings, or one sentence for the person who started the server. */
export type SettingsResult =
  { readonly kind: 'good'; readonly settings: Settings } | { readonly kind: 'bad'; readonly why: string }

type Environment = Readonly<Record<string, string | undefined>>

const number = (name: string, least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, `${name} must be a whole number.`),
    v.transform(Number),
    v.minValue(least, `${name} must be at least ${least}.`),
    v.maxValue(most, `${name} must be at most ${most}.`),
  )

const text = v.optional(v.string())

const schema = v.object({
  PORT: v.optional(number('PORT', 0, 65_535), '8080'),
  HOST: text,
  TLS_CERT: text,
  TLS_KEY: text,
  MAX_PER_IP: v.optional(number('MAX_PER_IP', 1, 1_000_000), String(defaultLimits.socketsPerNetwork)),
  MAX_SOCKETS: v.optional(number('MAX_SOCKETS', 1, 1_000_000), String(defaultLimits.sockets)),
  TRUST_PROXY: text,
  METRICS_PUBLIC: text,
  STUN_URLS: v.pipe(
    v.optional(v.string(), ''),
    v.transform((list) => list.split(',').map((url) => url.trim())),
    v.transform((urls) => urls.filter((url) => url !== '')),
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^stuns?:\S+$/, 'STUN_URLS must be a list like stun:HOST:PORT,stun:HOST:PORT.'),
      ),
    ),
  ),
})

/** Reads the environment; a variable that is set but empty counts as not set. */
export function readSettings(environment: Environment): SettingsResult {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  const read = v.safeParse(schema, Object.fromEntries(set))
  if (!read.success) return { kind: 'bad', why: read.issues[0].message }
  const { TLS_CERT: certPath, TLS_KEY: keyPath, ...rest } = read.output
  if ((certPath === undefined) !== (keyPath === undefined)) {
    return { kind: 'bad', why: 'TLS_CERT and TLS_KEY belong together: set both or neither.' }
  }
  return {
    kind: 'good',
    settings: {
      port: rest.PORT,
      host: rest.HOST,
      tls: certPath !== undefined && keyPath !== undefined ? { certPath, keyPath } : undefined,
      maxPerIp: rest.MAX_PER_IP,
      maxSockets: rest.MAX_SOCKETS,
      trustProxy: rest.TRUST_PROXY === '1',
      metricsPublic: rest.METRICS_PUBLIC === '1',
      stunUrls: rest.STUN_URLS,
    },
  }
}
