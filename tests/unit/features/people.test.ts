import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../src/core/contact.ts'
import { peopleOf, samePeople } from '../../../src/features/people.ts'
import { keyOf, ME, metContact } from '../../e2e/gallery/people.ts'

/** Somebody called that, who is not everybody called that. */
function person(name: string, key: string, more: Partial<Contact> = {}): Contact {
  return { ...metContact(name, 'verified'), identity: keyOf(key), ...more } as Contact
}

describe('what people are called here', () => {
  const cem = person('Cem', 'Cem', { alias: 'Kemal' })
  const people = peopleOf(ME, [person('Ann', 'one'), cem])

  it('is the name that this person gave them, else their own', () => {
    expect(people.nameOf(keyOf('one'))).toBe('Ann')
    expect(people.nameOf(keyOf('Cem'))).toBe('Kemal')
    expect(people.ownNameOf(keyOf('Cem'))).toBe('Cem')
    expect(people.nameOf(ME)).toBe('You')
    expect(people.nameOf(keyOf('nobody'))).toBe('Somebody')
  })

  it('is enough where nobody else is called the same', () => {
    expect(people.hintOf(keyOf('one'))).toBeUndefined()
  })
})

describe('two people of one name', () => {
  it('are told apart by the name under which they were met, else by their keys', () => {
    const [one, two] = [person('Ann', 'one', { metAs: 'Anna' }), person(' ann', 'two')]
    const { hintOf } = peopleOf(ME, [one, two])
    expect(hintOf(one.identity)).toBe('met as Anna')
    expect(hintOf(two.identity)).toBe(`#${two.identity.slice(-4)}`)
  })

  it('are not told apart by the same old name', () => {
    const [one, two] = [person('Ann', 'one', { metAs: 'Anna' }), person('Ann', 'two', { metAs: 'Anna' })]
    const { hintOf } = peopleOf(ME, [one, two])
    expect(hintOf(one.identity)).toMatch(/^#[0-9a-f]{4}$/)
  })

  it('need no more as soon as one of them has a name of their own here', () => {
    const [one, two] = [person('Ann', 'one', { alias: 'Ann from work' }), person('Ann', 'two')]
    const { hintOf } = peopleOf(ME, [one, two])
    expect([hintOf(one.identity), hintOf(two.identity)]).toEqual([undefined, undefined])
  })
})

it('nothing that shows is new when a contact changed otherwise', () => {
  const ann = person('Ann', 'one')
  expect(samePeople(peopleOf(ME, [ann]), peopleOf(ME, [{ ...ann, alarm: 'broken' }]))).toBe(true)
  expect(samePeople(peopleOf(ME, [ann]), peopleOf(ME, [{ ...ann, alias: 'Anna' }]))).toBe(false)
  expect(samePeople(peopleOf(ME, [ann]), peopleOf(ME, []))).toBe(false)
})
