import { concat, type Bytes } from '../core/bytes.ts'

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front: nonce(12) ‖ ciphertext ‖ tag(16). */
const NONCE = 12
const OVERHEAD = NONCE + 16

/** `key`: 32 bytes. The key object cannot be taken out again. */
export async function sealingKey(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** `context` must be given again, equal, to open. */
export async function seal(key: CryptoKey, plain: Bytes, context: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: context }, key, plain)
  return concat(iv, new Uint8Array(sealed))
}

/** Undefined when key, context or bytes are not those of the sealing. */
export async function open(key: CryptoKey, sealed: Bytes, context: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < OVERHEAD) return undefined
  const iv = sealed.subarray(0, NONCE)
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: context },
      key,
      sealed.subarray(NONCE),
    )
    return new Uint8Array(plain)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined
    throw error
  }
}
