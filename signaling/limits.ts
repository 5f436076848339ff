/**
 * Every limit of the introducer: the numbers, and the rules that apply them.
 * The rules are pure: state in, state out, and the time is an argument.
 */

const KiB = 1024
const MiB = 1024 * KiB

/** How fast something may happen: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** How much may be held: a number of messages and their bytes. */
export interface Load {
  readonly messages: number
  readonly bytes: number
}

/** The numbers. Sizes in bytes, times in milliseconds. */
export interface Limits {
  /** Largest WebSocket message; a larger one closes the socket with code 1009. */
  readonly messageBytes: number
  /** WebSocket fragments one message may come in. */
  readonly fragments: number
  /** Pieces, as TCP delivers them, that one unfinished frame may be held in. */
  readonly bufferedChunks: number
  /** Messages of one socket. The burst lets a person dial 50 contacts at once. */
  readonly messages: Rate
  /** Message bytes of one socket: 400 messages of real size, not 400 of the largest. */
  readonly bytes: Rate
  /** Messages of one socket that make no sense. */
  readonly malformed: Rate
  /** Offers of one socket that wait for an answer. */
  readonly pendingOffers: number
  /** Bytes on their way to one socket above which what comes is dropped. */
  readonly slowConsumerBytes: number
  /** Sockets of one network: an IPv4 address or an IPv6 /64. */
  readonly socketsPerNetwork: number
  /** Sockets altogether. */
  readonly sockets: number
  /** Messages waiting for one absent person. At most half of slowConsumerBytes, since they are delivered at once. */
  readonly waitingPerDestination: Load
  /** Messages of one sender waiting for one absent person, so that nobody fills another's queue alone. */
  readonly waitingPerPair: Load
  /** Messages of one sender waiting for anybody. */
  readonly waitingPerSender: Load
  /** Messages waiting altogether. */
  readonly waiting: Load
  /** How long a message waits for an absent person, and an offer for its answer. */
  readonly expireMs: number
  /** A socket without traffic for so long is dropped. */
  readonly idleMs: number
  /** How often idle sockets are looked for; also how exact idleMs is. */
  readonly sweepMs: number
  /** Time to send the whole request head, and for the TLS handshake. */
  readonly headersMs: number
  /** Size of the request head. */
  readonly headerBytes: number
  /** Time a closed socket has to read the last words. */
  readonly closeGraceMs: number
}

/** What a server without other settings uses. */
export const defaultLimits: Limits = {
  messageBytes: 64 * KiB,
  fragments: 16,
  bufferedChunks: 256,
  messages: { burst: 400, perSecond: 60 },
  bytes: { burst: MiB, perSecond: 128 * KiB },
  malformed: { burst: 10, perSecond: 0.1 },
  pendingOffers: 256,
  slowConsumerBytes: 256 * KiB,
  socketsPerNetwork: 500,
  sockets: 20_000,
  waitingPerDestination: { messages: 512, bytes: 128 * KiB },
  waitingPerPair: { messages: 64, bytes: 64 * KiB },
  waitingPerSender: { messages: 512, bytes: 512 * KiB },
  waiting: { messages: 50_000, bytes: 16 * MiB },
  expireMs: 5_000,
  idleMs: 90_000,
  sweepMs: 5_000,
  headersMs: 5_000,
  headerBytes: 8 * KiB,
  closeGraceMs: 1_000,
}

/** A token bucket: what is left, and when that was true (ms). */
export interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** A full bucket. */
export function fullBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, at: now }
}

/** The bucket after paying `cost`, or undefined when it does not hold so much. */
export function pay(
  bucket: Bucket,
  cost: number,
  { rate, now }: { rate: Rate; now: number },
): Bucket | undefined {
  const refill = (Math.max(0, now - bucket.at) * rate.perSecond) / 1000
  const tokens = Math.min(rate.burst, bucket.tokens + refill) - cost
  return tokens < 0 ? undefined : { tokens, at: now }
}

/** What one socket may still do. */
export interface Allowance {
  readonly messages: Bucket
  readonly bytes: Bucket
  readonly malformed: Bucket
}

/** What a socket may do when it arrives. */
export function newAllowance(limits: Limits, now: number): Allowance {
  return {
    messages: fullBucket(limits.messages, now),
    bytes: fullBucket(limits.bytes, now),
    malformed: fullBucket(limits.malformed, now),
  }
}

/** The allowance after one message, or which limit it went over. */
export type Charge =
  | { readonly kind: 'paid'; readonly allowance: Allowance }
  | { readonly kind: 'over'; readonly limit: 'messages' | 'bytes' | 'malformed' }

/** Charges one message of so many bytes. */
export function chargeMessage(
  allowance: Allowance,
  bytes: number,
  { limits, now }: { limits: Limits; now: number },
): Charge {
  const messages = pay(allowance.messages, 1, { rate: limits.messages, now })
  if (!messages) return { kind: 'over', limit: 'messages' }
  const left = pay(allowance.bytes, bytes, { rate: limits.bytes, now })
  if (!left) return { kind: 'over', limit: 'bytes' }
  return { kind: 'paid', allowance: { ...allowance, messages, bytes: left } }
}

/** Charges one message that made no sense. */
export function chargeMalformed(
  allowance: Allowance,
  { limits, now }: { limits: Limits; now: number },
): Charge {
  const malformed = pay(allowance.malformed, 1, { rate: limits.malformed, now })
  return malformed
    ? { kind: 'paid', allowance: { ...allowance, malformed } }
    : { kind: 'over', limit: 'malformed' }
}

/** Nothing held. */
export const noLoad: Load = { messages: 0, bytes: 0 }

/** The load with one message more, or undefined when that would be above the cap. */
export function grow(load: Load, bytes: number, cap: Load): Load | undefined {
  const grown = { messages: load.messages + 1, bytes: load.bytes + bytes }
  return grown.messages > cap.messages || grown.bytes > cap.bytes ? undefined : grown
}

/** The load with one message less. */
export function shrink(load: Load, bytes: number): Load {
  return { messages: load.messages - 1, bytes: load.bytes - bytes }
}

/** Which limit keeps one more socket out, if any. */
export function crowded(
  present: { sockets: number; sameNetwork: number },
  limits: Limits,
): 'sockets' | 'network' | undefined {
  if (present.sockets >= limits.sockets) return 'sockets'
  if (present.sameNetwork >= limits.socketsPerNetwork) return 'network'
  return undefined
}

/** May so many more bytes be put on the way to a socket that has `buffered` of them still unsent? */
export function tooSlow(buffered: number, bytes: number, limits: Limits): boolean {
  return buffered + bytes > limits.slowConsumerBytes
}
