import { createStore as idbStore, get, set } from 'idb-keyval'
import { createVault, openVault, type Slot, type Vault } from '../crypto/vault.ts'

/** Where the key slots lie: beside the rows, and deleted first when the device is wiped. */
export interface Slots {
  load(): Promise<Slot | undefined>
  save(slot: Slot): Promise<void>
}

/** In IndexedDB, which keeps a non-extractable CryptoKey as a handle. */
export function openIdbSlots(name: string): Slots {
  const store = idbStore(name, 'slots')
  return {
    load: () => get<Slot>('device', store),
    save: (slot) => set('device', slot, store),
  }
}

/** Opens the vault of this device, or makes one the first time. */
export async function openDeviceVault(slots: Slots): Promise<Vault> {
  const known = await slots.load()
  if (known) return openVault(known)
  const { vault, slot } = await createVault()
  await slots.save(slot)
  return vault
}
