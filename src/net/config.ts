import * as v from 'valibot'
import { parse } from '../protocol/schema.ts'

const url = v.pipe(v.string(), v.regex(/^(stun|turn)s?:/), v.maxLength(256))

const schema = v.object({
  /** The server's clock, milliseconds since 1970. */
  time: v.pipe(v.number(), v.safeInteger()),
  iceServers: v.pipe(
    v.array(v.object({ urls: v.union([url, v.pipe(v.array(url), v.maxLength(8))]) })),
    v.maxLength(8),
  ),
})

const PATIENCE_MS = 4_000

/** What the introducer says of itself; undefined when it cannot be reached or says something else. */
export async function fetchConfig(): Promise<v.InferOutput<typeof schema> | undefined> {
  try {
    const response = await fetch('/config', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })
    return response.ok ? parse(schema, await response.json()) : undefined
  } catch {
    // Unreachable is an ordinary state here; the introducer's own status tells the person.
    return undefined
  }
}
