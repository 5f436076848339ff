import { createSigner, deriveIdentity } from '../../src/crypto/identity.ts'
import { createMls, type MlsWorld } from '../../src/crypto/ts-mls.ts'
import type { MlsPerson } from './mls-member.ts'
import { createSimpleMls } from './simple-mls.ts'
import type { SimpleMlsWorld } from './simple-mls/person.ts'

/** Somebody with the real thing; the same number is the same person. */
export async function realPerson(n: number, world: MlsWorld): Promise<MlsPerson> {
  const secrets = deriveIdentity(new Uint8Array(16).fill(n))
  return { identity: secrets.identity, mls: createMls(await createSigner(secrets), world) }
}

/** Somebody with the double. */
export function simplePerson(n: number, world: SimpleMlsWorld): MlsPerson {
  const { identity } = deriveIdentity(new Uint8Array(16).fill(n))
  return { identity, mls: createSimpleMls(identity, world) }
}
