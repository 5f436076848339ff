import { join, toHex, type Bytes } from '../core/bytes.ts'
import { forgetOldest } from '../core/newest.ts'
import { derive, mac } from './hash.ts'
import { open, seal, sealingKey } from './seal.ts'

/**
 * One way to the data key. The device slot opens without anybody doing anything: it keeps content from a casual
 * look at the files, not from somebody who copies the whole profile (DESIGN §3.6).
 */
export interface Slot {
  readonly kind: 'device'
  /** AES-256-GCM, non-extractable; IndexedDB keeps it as a handle. */
  readonly key: CryptoKey
  readonly wrapped: Bytes
}

/** Seals and opens what this device keeps. Holds only keys that cannot be taken out. */
export interface Vault {
  /** Seals a row or a block of a file; `place` is where it lies, and only there it opens. */
  seal(plain: Bytes, place: string): Promise<Bytes>
  /** Throws when the bytes were not sealed here for this place: the disk was tampered with or damaged. */
  open(sealed: Bytes, place: string): Promise<Bytes>
  /** Names a thing in an index without telling what it is: HMAC, 24 hex digits. */
  lookup(name: string): string
}

const KEY_VERSION = 1
/** Names whose lookup is remembered: one message asks for the same few many times. */
const NAMES = 4_096
const SLOT_CONTEXT = join('earshot/1/slot')

/** Makes a data key and the device slot that opens it. */
export async function createVault(): Promise<{ vault: Vault; slot: Slot }> {
  const dataKey = crypto.getRandomValues(new Uint8Array(32))
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const slot: Slot = { kind: 'device', key, wrapped: await seal(key, dataKey, SLOT_CONTEXT) }
  return { vault: await vaultOf(dataKey), slot }
}

/** Throws when slot and key do not belong together. */
export async function openVault(slot: Slot): Promise<Vault> {
  const dataKey = await open(slot.key, slot.wrapped, SLOT_CONTEXT)
  if (dataKey === undefined) throw new Error('the device key does not open the vault')
  return vaultOf(dataKey)
}

async function vaultOf(dataKey: Bytes): Promise<Vault> {
  const rows = await sealingKey(derive(dataKey, 32, 'earshot/1/rows'))
  const index = derive(dataKey, 32, 'earshot/1/index')
  dataKey.fill(0)
  const known = new Map<string, string>()
  const context = (place: string): Bytes =>
    join('earshot/1/row', new TextEncoder().encode(place), KEY_VERSION)
  return {
    seal: (plain, place) => seal(rows, plain, context(place)),
    open: async (sealed, place) => {
      const plain = await open(rows, sealed, context(place))
      if (plain === undefined) throw new Error('a stored row does not open')
      return plain
    },
    lookup: (name) => {
      const id = known.get(name) ?? toHex(mac(index, new TextEncoder().encode(name)).slice(0, 12))
      known.set(name, id)
      forgetOldest(known, NAMES)
      return id
    },
  }
}
