import { beforeEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import type { FeedRecord } from '../../../src/core/record.ts'
import { decodeContext, encodeContext, encodeTrip, type TripContext } from '../../../src/protocol/sealed.ts'
import { arrange } from '../../../src/sync/organise.ts'
import { seal } from '../../../src/sync/seal.ts'
import { read, rowsOf, say, takeAll, type Desk, type Place } from '../../support/desk.ts'
import { act, bring, desks, GROUP, heldOf, keysBetween, letIn, party } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'
import { readHead } from '../../support/simple-mls/wire.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

/** Alice, or somebody else, says it, and seals it for the group or for somebody. */
async function sealed(text: string, place: Place = GROUP, by = alice): Promise<Bytes> {
  await say(by, place, text)
  return sealRecord(await lastRow(by, place), by)
}

type Whole = FeedRecord & { form: 'record' }

/** The last that they said themselves. */
async function lastRow(by: Desk, place: Place = GROUP): Promise<Whole> {
  const own = (await rowsOf(by, place)).filter(({ record }) => record.author === by.me)
  const row = own.find(({ record }) => record.seq === own.length)
  if (row?.record.form !== 'record') throw new Error('nothing was said')
  return row.record
}

function sealRecord(record: Whole, by: Desk): Promise<Bytes> {
  return act(by, async (draft) => {
    const held = draft.get('mls', record.conversation)
    if (!held) throw new Error('no keys')
    const done = await seal(held, record, by.author.mls)
    draft.put('mls', done.held)
    return done.sealed
  })
}

/** Seals anything at all. */
function sealOdd(plain: Bytes, context: Bytes): Promise<Bytes> {
  return act(alice, async (draft) => {
    const held = draft.get('mls', GROUP)
    if (!held) throw new Error('no keys')
    const done = await alice.author.mls.seal(held.state, plain, context)
    draft.put('mls', { ...held, state: done.state })
    return done.sealed
  })
}

/** What Bob makes of it. */
async function opened(bytes: Bytes, from = alice) {
  const { stored, lacks, unknown } = await takeAll(bob, from, [{ sealed: bytes }])
  const [lack] = [...lacks.values()]
  return { stored: stored.length, lack: lack?.seq, unknown, suspicions: bob.suspicions.splice(0) }
}
const READ = { stored: 1, lack: undefined, unknown: false, suspicions: [] }
/** It must be given again in the open, from there. */
const closed = () => ({ stored: 0, lack: heldOf(bob, alice), unknown: false, suspicions: ['unopened'] })
const UNKNOWN = { stored: 0, lack: undefined, unknown: true, suspicions: ['unopened'] }

describe('what alice sealed', () => {
  test('is read by bob, and what that used up is on his disk with it', async () => {
    const before = bob.ledger.state.mls.get(GROUP)?.state
    expect(await opened(await sealed('hello'))).toEqual(READ)
    expect(await read(bob, GROUP)).toEqual(['hello'])
    expect(bob.ledger.state.mls.get(GROUP)?.state).not.toEqual(before)
  })

  test('opens once; after that only her record itself would do', async () => {
    const bytes = await sealed('hello')
    expect(await opened(bytes)).toEqual(READ)
    expect(await opened(bytes)).toEqual(closed())
  })

  test('opens in whatever order it comes, but is taken in the right one alone', async () => {
    const [one, two] = [await sealed('one'), await sealed('two')]
    const before = heldOf(bob, alice)
    expect(await opened(two)).toEqual({ stored: 0, lack: before, unknown: false, suspicions: [] })
    expect(await opened(one)).toEqual(READ)
    expect(await read(bob, GROUP)).toEqual(['one'])
  })

  test('is nothing if somebody else brings it: who brings it must be who sealed it', async () => {
    const bytes = await sealed('hello')
    expect(await opened(bytes, cem)).toMatchObject({ stored: 0, lack: heldOf(bob, cem) })
    expect(await read(bob, GROUP)).toEqual([])
  })

  test('does not open with a bit of it turned', async () => {
    const bytes = await sealed('hello')
    const turned = new Uint8Array(bytes)
    turned[bytes.length - 1] = 1 ^ (turned[bytes.length - 1] ?? 0)
    expect(await opened(turned)).toEqual(closed())
    expect(await opened(bytes)).toEqual(READ)
  })

  test('is of another group, or none: nothing can be said about it', async () => {
    await keysBetween(alice, cem)
    expect(await opened(await sealed('for Cem', cem))).toEqual(UNKNOWN)
    expect(await opened(bytesOf(60, 7))).toEqual(UNKNOWN)
  })

  test('is of no group of hers any more once she was removed from ours', async () => {
    const bytes = await sealed('hello')
    await act(bob, (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (!membership) return
      const seats = membership.seats.map((seat) =>
        seat.identity === alice.me
          ? { ...seat, ended: { until: membership.era, cuts: [], at: 0, left: true } }
          : seat,
      )
      draft.put('memberships', { ...membership, seats })
    })
    expect(await opened(bytes)).toEqual(UNKNOWN)
  })

  test('under keys that bob has not got yet must come in the open, and uses nothing up', async () => {
    await letIn(alice, dora)
    const bytes = await sealed('hello')
    expect(await opened(bytes)).toEqual(closed())
    await bring(alice, bob)
    expect(await read(bob, GROUP)).toEqual(['hello'])
  })

  test('must come in the open if bob has lost his keys', async () => {
    const bytes = await sealed('hello')
    await act(bob, (draft) => {
      draft.remove('mls', GROUP)
    })
    expect(await opened(bytes)).toEqual(closed())
  })
})

describe('what was sealed rightly, but', () => {
  const trip = () => {
    const content = { kind: 'text' as const, clock: 1, body: bytesOf(3, 1), salt: bytesOf(8, 1) }
    return { content, signature: bytesOf(64, 1) }
  }
  const next = (): TripContext => ({ seq: heldOf(bob, alice) + 1 })

  test('says nothing that can be read, must come in the open', async () => {
    expect(await opened(await sealOdd(bytesOf(32, 1), encodeContext(next())))).toEqual(closed())
    expect(await opened(await sealOdd(encodeTrip(trip()), bytesOf(0, 1)))).toEqual(closed())
  })

  test('is not signed by alice, is refused', async () => {
    const odd = await opened(await sealOdd(encodeTrip(trip()), encodeContext(next())))
    expect(odd).toEqual({ stored: 0, lack: undefined, unknown: false, suspicions: ['refused'] })
  })

  test('was written in another era than it says, is refused', async () => {
    const [last] = (await say(alice, GROUP, 'hello')).slice(-1)
    if (!last || !('content' in last.part)) throw new Error('nothing was said')
    const { content } = last.part
    const plain = encodeTrip({ content, signature: last.signature })
    const era = { generation: 1, epoch: 1 }
    expect(await opened(await sealOdd(plain, encodeContext({ seq: last.seq, era })))).toMatchObject({
      ...{ stored: 0, suspicions: ['refused'] },
    })
    expect(await opened(await sealOdd(plain, encodeContext({ seq: last.seq })))).toEqual(READ)
  })
})

test('what cem sealed before the last commit still opens behind it, and keeps its era', async () => {
  const bytes = await sealed('before', GROUP, cem)
  await letIn(alice, dora)
  await bring(alice, bob)
  expect(await opened(bytes, cem)).toEqual(READ)
  const last = (await rowsOf(bob, GROUP)).find(({ message }) => message)
  expect([last?.record.era, await read(bob, GROUP)]).toEqual([{ generation: 1, epoch: 2 }, ['before']])
})

test('what alice said before her last commit and seals behind it keeps its era', async () => {
  const context = decodeContextOf(await sealed('hello'))
  expect(context).toEqual({ seq: heldOf(alice, alice) })
  await say(alice, GROUP, 'before')
  const row = await lastRow(alice)
  await act(alice, async (draft) => {
    await arrange(draft, alice.author, { conversation: GROUP })
  })
  expect(decodeContextOf(await sealRecord(row, alice))).toEqual({
    seq: row.seq,
    era: { generation: 1, epoch: 2 },
  })
})

/** What travels in the clear beside what was sealed, as the simple MLS puts it. */
function decodeContextOf(bytes: Bytes): TripContext | undefined {
  const head = readHead(bytes)
  return head && decodeContext(head.context)
}
