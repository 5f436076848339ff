import { beforeEach, describe, expect, test } from 'vitest'
import { type Signs } from '../../../../src/features/signs/signs.ts'
import type { Frame } from '../../../../src/protocol/frame.ts'
import { stage } from './people.ts'
import { placeOf, type Desk, type Place } from '../../../support/desk.ts'
import { GROUP, removeFrom } from '../../../support/party.ts'
import { type VirtualTime } from '../../../support/virtual-time.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
let signs: Signs, time: VirtualTime
let said: [string, Frame][]
beforeEach(async () => {
  const here = await stage()
  ;({ signs, time, said } = here)
  ;[alice, bob, cem, dora] = here.people
})

const pass = (ms: number) => {
  const until = time.now() + ms
  while (time.next(until - time.now()));
  time.skip(until - time.now())
}
const to = () => said.splice(0).map(([name]) => name)
const typing = (on: boolean, conversation = GROUP) => ({ type: 'typing', conversation, on }) as const
const writers = (place: Place = GROUP) => signs.typing.current.get(placeOf(alice, place)) ?? []

describe('that alice writes', () => {
  test('is said to all who are in the chat, and to nobody else', () => {
    signs.write(GROUP, true)
    expect(said).toEqual([
      ['Bob', typing(true)],
      ['Cem', typing(true)],
    ])
    said.length = 0
    signs.write(placeOf(alice, bob), true)
    expect(to()).toEqual(['Bob'])
  })

  test('is said again every three seconds, while she does', () => {
    signs.write(GROUP, true)
    to()
    pass(2_999)
    signs.write(GROUP, true)
    expect(to()).toEqual([])
    pass(1)
    signs.write(GROUP, true)
    expect(to()).toEqual(['Bob', 'Cem'])
  })

  test('is taken back once, and only if it was said', () => {
    signs.write(GROUP, false)
    expect(to()).toEqual([])
    signs.write(GROUP, true)
    to()
    signs.write(GROUP, false)
    signs.write(GROUP, false)
    expect(said).toEqual([
      ['Bob', typing(false)],
      ['Cem', typing(false)],
    ])
    to()
    signs.write(GROUP, true)
    expect(to()).toEqual(['Bob', 'Cem'])
  })

  test('is of no interest where nobody else is', () => {
    signs.write(placeOf(alice, alice), true)
    expect(to()).toEqual([])
  })
})

describe('that others write', () => {
  test('is shown in that chat, until they stop', () => {
    signs.onFrame(bob.me, typing(true))
    signs.onFrame(cem.me, typing(true))
    signs.onFrame(bob.me, typing(true))
    expect([writers(), writers(bob)]).toEqual([[cem.me, bob.me], []])
    signs.onFrame(cem.me, typing(false))
    expect(writers()).toEqual([bob.me])
  })

  test('is believed for six seconds since they last said so', () => {
    signs.onFrame(bob.me, typing(true))
    pass(5_999)
    signs.onFrame(bob.me, typing(true))
    pass(5_999)
    expect(writers()).toEqual([bob.me])
    pass(1)
    expect(writers()).toEqual([])
  })

  test('is forgotten when their link ends', () => {
    signs.onFrame(bob.me, typing(true))
    signs.onFrame(cem.me, typing(true))
    signs.onUnlinked(bob.me)
    expect(writers()).toEqual([cem.me])
    pass(10_000)
    expect(time.next(Infinity)).toBe(false)
  })

  test('is not believed of whoever is not in it', async () => {
    signs.onFrame(dora.me, typing(true))
    signs.onFrame(dora.me, typing(true, placeOf(alice, bob)))
    expect([writers(), writers(bob)]).toEqual([[], []])
    await removeFrom(alice, cem)
    signs.onFrame(cem.me, typing(true))
    expect(writers()).toEqual([])
  })
})

describe('that somebody looks at something else', () => {
  test('is said to everybody whom alice knows, once', () => {
    signs.look(true)
    expect(to()).toEqual([])
    signs.look(false)
    signs.look(false)
    expect(to().sort()).toEqual(['Bob', 'Cem', 'Dora'])
    signs.look(true)
    expect(said[0]?.[1]).toEqual({ type: 'presence', active: true })
  })

  test('is said to whoever comes later', () => {
    signs.onLinked(bob.me)
    expect(to()).toEqual([])
    signs.look(false)
    to()
    signs.onLinked(bob.me)
    expect(said).toEqual([['Bob', { type: 'presence', active: false }]])
  })

  test('is known of each, as long as they are there', () => {
    for (const who of [bob, cem, bob]) signs.onFrame(who.me, { type: 'presence', active: false })
    expect([...signs.away.current].sort()).toEqual([bob.me, cem.me].sort())
    signs.onFrame(cem.me, { type: 'presence', active: true })
    expect([...signs.away.current]).toEqual([bob.me])
    signs.onUnlinked(bob.me)
    expect([...signs.away.current]).toEqual([])
  })
})
