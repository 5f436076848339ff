import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../signaling/address.ts'
import { connectionOf, decode, pack } from '../../../signaling/messages.ts'
import { home } from './people.ts'

const name = fc.string({ minLength: 1, maxLength: 64 })
const payload = fc
  .record({ connectionId: name, sdp: fc.json(), more: fc.jsonValue() }, { requiredKeys: [] })
  // JSON knows no minus zero.
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>)
const introduction = fc.record({
  type: fc.constantFrom('OFFER' as const, 'ANSWER' as const, 'CANDIDATE' as const),
  dst: name,
  payload,
})

describe('what alice says', () => {
  it('is understood, and passed on as type, src, dst and payload', () => {
    fc.assert(
      fc.property(introduction, (message) => {
        const decoded = decode(JSON.stringify({ ...message, src: 'forged', extra: 1 }))
        expect(decoded).toEqual(message)
        const packed = pack(home('alice'), message, 1e6)
        expect(packed && JSON.parse(packed.text)).toEqual({ ...message, src: home('alice') })
        expect(packed?.bytes).toBe(Buffer.byteLength(packed?.text ?? ''))
      }),
    )
  })

  it('may be a heartbeat, or a LEAVE to somebody or to nobody', () => {
    expect(decode('{"type":"HEARTBEAT","more":1}')).toEqual({ type: 'HEARTBEAT' })
    expect(decode('{"type":"LEAVE"}')).toEqual({ type: 'LEAVE' })
    expect(decode('{"type":"LEAVE","dst":"bob"}')).toEqual({ type: 'LEAVE', dst: 'bob' })
  })

  it('names its connection, or none', () => {
    expect(connectionOf({ type: 'OFFER', dst: 'bob', payload: { connectionId: 'dc_1' } })).toBe('dc_1')
    expect(connectionOf({ type: 'OFFER', dst: 'bob', payload: {} })).toBe('')
  })
})

describe('what mallory says', () => {
  it.each([
    '',
    'null',
    '[]',
    '"OFFER"',
    '{}',
    '{"type":"OPEN"}',
    '{"type":"EXPIRE","dst":"bob","payload":{}}',
    '{"type":"OFFER","payload":{}}',
    '{"type":"OFFER","dst":"bob"}',
    '{"type":"OFFER","dst":7,"payload":{}}',
    '{"type":"OFFER","dst":"","payload":{}}',
    '{"type":"OFFER","dst":"bob","payload":null}',
    '{"type":"OFFER","dst":"bob","payload":[]}',
    '{"type":"OFFER","dst":"bob","payload":{"connectionId":7}}',
    `{"type":"OFFER","dst":"bob","payload":{"connectionId":"${'x'.repeat(65)}"}}`,
    `{"type":"OFFER","dst":"${'x'.repeat(65)}","payload":{}}`,
    '{"__proto__":{"type":"HEARTBEAT"}}',
  ])('%s is no message', (text) => {
    expect(decode(text)).toBeUndefined()
  })

  it('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => void decode(text)))
    fc.assert(fc.property(fc.jsonValue(), (value) => void decode(JSON.stringify(value))))
  })

  it('never throws when it is an honest message with a few characters changed', () => {
    const change = fc.record({ at: fc.nat(200), put: fc.string({ maxLength: 3 }), over: fc.nat(5) })
    fc.assert(
      fc.property(introduction, fc.array(change, { minLength: 1, maxLength: 4 }), (message, changes) => {
        let text = JSON.stringify(message)
        for (const { at, put, over } of changes) text = text.slice(0, at) + put + text.slice(at + over)
        const decoded = decode(text)
        if (decoded && decoded.type !== 'HEARTBEAT' && decoded.dst !== undefined) {
          pack(home('mallory'), { ...decoded, dst: decoded.dst }, 64 * 1024)
        }
      }),
    )
  })

  it('is not passed on when it would grow beyond the limit, or is nested too deep to be written', () => {
    const sayPayload = (inner: string): ReturnType<typeof pack> => {
      const decoded = decode(`{"type":"OFFER","dst":"bob","payload":{"a":${inner}}}`)
      if (decoded?.type !== 'OFFER') throw new Error('not understood')
      return pack(home('mallory'), decoded, 64 * 1024)
    }
    expect(sayPayload(`[${Array.from({ length: 13_000 }, () => '1e20').join(',')}]`)).toBeUndefined()
    expect(sayPayload('['.repeat(30_000) + ']'.repeat(30_000))).toBeUndefined()
    expect(sayPayload('[1,2]')).toBeDefined()
  })
})

describe('an address', () => {
  it('is the hash of its token, as every implementation computes it', () => {
    expect(addressOf('00'.repeat(32))).toBe('1e76f5b9b176a9684ab0f0641e1df5514c5458f4')
  })

  it.each(['', '00', 'G'.repeat(64), 'AB'.repeat(32), '00'.repeat(33)])(
    'cannot be had with the token "%s"',
    (token) => {
      expect(addressOf(token)).toBeUndefined()
    },
  )
})
