import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { begin } from '../../../../src/features/onboarding/begin.ts'
import { findBrowserProblem } from '../../../../src/features/onboarding/browser.ts'
import { createSigner, verify } from '../../../../src/crypto/identity.ts'
import { verifyIncarnation } from '../../../../src/crypto/incarnation.ts'
import { DuplicateRow } from '../../../../src/store/rows.ts'
import { desk } from '../../../support/desk.ts'
import { bytesOf } from '../../../support/samples.ts'

/** A browser that has everything. */
beforeEach(() => {
  const there = ['indexedDB', 'RTCPeerConnection', 'RTCDataChannel', 'RTCDtlsTransport']
  for (const name of there) vi.stubGlobal(name, {})
  vi.stubGlobal('navigator', { locks: {} })
  vi.stubGlobal('isSecureContext', true)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('a browser that has everything has no problem', async () => {
  expect(await findBrowserProblem()).toBeUndefined()
})

test('a page that was not loaded safely is told first of all', async () => {
  vi.stubGlobal('isSecureContext', false)
  vi.stubGlobal('crypto', {})
  expect(await findBrowserProblem()).toEqual({ at: 'insecure' })
})

test('what an old browser lacks is named, all at once', async () => {
  vi.stubGlobal('navigator', {})
  vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
  expect(await findBrowserProblem()).toEqual({
    at: 'too-old',
    missing: ['signatures (Ed25519)', 'keys that two make together (X25519)', 'locks between tabs'],
  })
})

test.each([
  ['Ed25519', 'signatures (Ed25519)'],
  ['X25519', 'keys that two make together (X25519)'],
])('a browser without %s alone is too old', async (lacking, name) => {
  const make = crypto.subtle.generateKey.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'generateKey').mockImplementation((...[algorithm, ...rest]) => {
    if (algorithm === lacking) return Promise.reject(new DOMException('no', 'NotSupportedError'))
    return make(algorithm, ...rest)
  })
  expect(await findBrowserProblem()).toEqual({ at: 'too-old', missing: [name] })
})

test('the app is built for no Firefox that is too old', async () => {
  const config = await readFile('vite.config.ts', 'utf8')
  // The first that makes X25519 keys.
  expect(Number(/target: \[.*'firefox(\d+)'/.exec(config)?.[1])).toBeGreaterThanOrEqual(130)
})

test('an identity is made once, can sign, and begins with its own incarnation', async () => {
  const { store, author } = await desk('Alice', 1)
  const self = await store.get('self', 'self')
  if (!self) throw new Error('nobody there')
  expect(self.name).toBe('Alice')
  expect(await verifyIncarnation(self.identity, self.incarnation)).toBe(true)
  const signature = await (await createSigner(self)).sign(bytesOf(3, 1))
  expect(await verify(self.identity, bytesOf(3, 1), signature)).toBe(true)
  expect((await store.get('root', 'root'))?.root).toHaveLength(16)
  await expect(begin(store, 'Mallory', author)).rejects.toThrow(DuplicateRow)
  expect((await store.get('self', 'self'))?.name).toBe('Alice')
})
