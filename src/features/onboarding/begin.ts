import type { Bytes } from '../../core/bytes.ts'
import { createSigner, deriveIdentity } from '../../crypto/identity.ts'
import { makeIncarnation } from '../../crypto/incarnation.ts'
import type { Store } from '../../store/store.ts'

/** Makes the identity of this device and keeps it: the only thing that first run does (R1). */
export async function begin(
  store: Store,
  name: string,
  world: { now(): number; randomBytes(length: number): Bytes },
): Promise<void> {
  const root = world.randomBytes(16)
  const secrets = deriveIdentity(root)
  const signer = await createSigner(secrets)
  const incarnation = await makeIncarnation(signer, world.randomBytes(8), world.now())
  await store.commit([
    { table: 'root', add: { root } },
    { table: 'self', add: { ...secrets, name, addressIndex: 0, incarnation } },
  ])
  root.fill(0)
}
