/** Why Earshot cannot run here at all; undefined when it can. */
export type BrowserProblem =
  { readonly at: 'insecure' } | { readonly at: 'too-old'; readonly missing: readonly string[] }

/** What must be there, and how it is called when it is not. */
const NEEDS: readonly [name: string, there: () => boolean | Promise<boolean>][] = [
  ['encryption', () => typeof crypto.subtle === 'object'],
  ['signatures (Ed25519)', () => makes('Ed25519', ['sign', 'verify'])],
  ['keys that two make together (X25519)', () => makes('X25519', ['deriveBits'])],
  ['storage', () => 'indexedDB' in globalThis],
  ['locks between tabs', () => 'locks' in navigator],
  ['direct connections (WebRTC)', () => 'RTCPeerConnection' in globalThis && 'RTCDataChannel' in globalThis],
  ['proof of who is connected', () => 'RTCDtlsTransport' in globalThis],
]

/** Looks at the browser, not at its name. */
export async function findBrowserProblem(): Promise<BrowserProblem | undefined> {
  if (!isSecureContext) return { at: 'insecure' }
  const found = await Promise.all(NEEDS.map(async ([name, there]) => ((await there()) ? [] : [name])))
  const missing = found.flat()
  return missing.length === 0 ? undefined : { at: 'too-old', missing }
}

/** Tries it: whether an algorithm is there can only be told by using it. */
async function makes(algorithm: 'Ed25519' | 'X25519', uses: KeyUsage[]): Promise<boolean> {
  try {
    await crypto.subtle.generateKey(algorithm, false, uses)
    return true
  } catch {
    return false
  }
}
