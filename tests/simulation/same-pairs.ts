import { vi } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import type * as Identities from '../../src/crypto/identity.ts'

/** Thousands of stories are about the same few people: what a pair computes alike is computed once. */
vi.mock('../../src/crypto/identity.ts', async (original) => {
  const module = await original<typeof Identities>()
  const known = new Map<string, ReturnType<typeof Identities.pairKey>>()
  const pairKey: typeof Identities.pairKey = (own, their) => {
    const name = [own.identity, toHex(own.knockSecret), their.identity, toHex(their.knockKey)].join('/')
    if (!known.has(name)) known.set(name, module.pairKey(own, their))
    return known.get(name)?.slice()
  }
  return { ...module, pairKey }
})
