import { describe, expect, it } from 'vitest'
import { firstMembership, members } from '../../../../../src/core/membership.ts'
import { crowdText, presenceOf } from '../../../../../src/features/chat/header/around.ts'
import { toggled } from '../../../../../src/features/chat/header/toggled.ts'
import { vanishHint } from '../../../../../src/features/chat/header/vanish.ts'
import { entriesOf } from '../../../../../src/features/chat/conversations.svelte.ts'
import { obstacleTo } from '../../../../../src/features/chat/obstacle.ts'
import { privacyText, trustText } from '../../../../../src/features/chat/start-words.ts'
import { peopleOf } from '../../../../../src/features/people.ts'
import { FIRST_ERA } from '../../../../../src/core/era.ts'
import {
  chatOf,
  conversationOf,
  keyOf,
  ME,
  membershipOf,
  metContact,
} from '../../../../e2e/gallery/people.ts'

const ANN = keyOf('Ann')
const CHOIR = chatOf('Choir', 0, { circle: { kind: 'group', name: 'Choir' } })

describe('who is there', () => {
  const nearby = { linked: (who: string) => who === ANN, away: new Set([ANN]) }

  it('is online, or looks elsewhere', () => {
    expect(presenceOf(ANN, nearby)).toBe('Away')
    expect(presenceOf(ANN, { ...nearby, away: new Set() })).toBe('Online')
    expect(presenceOf(keyOf('Ben'), nearby)).toBeUndefined()
  })

  it('is counted in a group', () => {
    const all = members(membershipOf('Choir', ['Ann', 'Ben'], 'me'))
    expect(crowdText(all, ME, nearby)).toBe('3 members, 1 online')
    expect(crowdText([ME], ME, nearby)).toBe('1 member')
  })
})

describe('what this person decides about a chat', () => {
  it('is on, and off again', () => {
    const muted = toggled(CHOIR, 'muted')
    expect(muted.muted).toBe(true)
    expect(toggled(muted, 'muted')).toEqual(CHOIR)
    expect(toggled(toggled(CHOIR, 'receipts'), 'muted')).toMatchObject({ receipts: true, muted: true })
  })

  it('is either on top of the list or out of it', () => {
    const pinned = toggled(CHOIR, 'pinned')
    expect(toggled(pinned, 'archived')).toEqual({ ...CHOIR, archived: true })
    expect(toggled(toggled(pinned, 'archived'), 'pinned')).toEqual(pinned)
  })
})

it('the list has what was pinned on top, then what is newest', () => {
  const chats = [
    chatOf('one', 1, { circle: { kind: 'group', name: 'old' }, pinned: true }),
    chatOf('two', 2, { circle: { kind: 'group', name: 'newer' } }),
    chatOf('three', 3, { circle: { kind: 'group', name: 'newest' } }),
    chatOf('nobody', 4, {}),
  ]
  expect(entriesOf(chats, peopleOf(ME, [])).map(({ title }) => title)).toEqual(['old', 'newest', 'newer'])
})

describe('whoever left or was removed', () => {
  const membership = firstMembership(conversationOf('Choir'), [ME, ANN], FIRST_ERA)
  const [mine, ...others] = membership.seats
  const ended = (left: boolean) => ({
    ...membership,
    seats: [...others, ...(mine ? [{ ...mine, ended: { until: FIRST_ERA, cuts: [], at: 0, left } }] : [])],
  })

  it('can read and no longer write', () => {
    expect(obstacleTo(CHOIR, membership, ME)).toBeUndefined()
    expect(obstacleTo({ ...CHOIR, left: true }, membership, ME)).toMatch(/^You left/)
    expect(obstacleTo(CHOIR, ended(true), ME)).toMatch(/^You left/)
    expect(obstacleTo(CHOIR, ended(false), ME)).toMatch(/^You are no longer in this group/)
  })

  it('comes back when taken in again', () => {
    const seats = [...ended(false).seats, { identity: ME, since: FIRST_ERA }]
    expect(obstacleTo(CHOIR, { ...membership, seats }, ME)).toBeUndefined()
  })
})

describe('the beginning of a chat', () => {
  const people = peopleOf(ME, [metContact('Ann', 'verified')])
  const fellow = { ...metContact('Cem', 'unverified'), through: { by: ANN } }

  it('says how one knows who it is', () => {
    const chat = chatOf('Cem', 0, {})
    expect(trustText(chat, metContact('Cem', 'verified'), people)).toMatch(/^You scanned their code/)
    expect(trustText(chat, fellow, people)).toMatch(/^Ann introduced you/)
    const group = { ...fellow, through: { group: conversationOf('Choir') } }
    expect(trustText(chat, group, people)).toMatch(/^You are in a group together/)
    expect(trustText(CHOIR, undefined, people)).toMatch(/^Everybody here/)
  })

  it('says who can read it', () => {
    expect(privacyText('self')).toBe('What you write stays on this device.')
  })
})

it('who decides how long messages stay is named, when it is somebody else', () => {
  expect(vanishHint({ kind: 'group', organiser: 'Ann' })).toMatch(/^Ann looks after this group/)
  expect(vanishHint({ kind: 'group', organiser: undefined })).toMatch(/everybody’s device/)
})
