import { describe, expect, it } from 'vitest'
import { initialsOf, toneOf, TONES } from '../../../src/ui/avatar.ts'

describe('a face without a picture', () => {
  it.each([
    ['Ann Lindqvist', 'AL'],
    ['ben', 'B'],
    ['Ann Maria van den Berg', 'AB'],
    ['مريم', 'م'],
    ['🦊 fox', '🦊'],
    ['  ', ''],
  ])('of %s shows %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials)
  })

  it('has the same ground for the same key', () => {
    expect(toneOf('a1b2c3d4')).toBe(toneOf('a1b2c3ff'))
    expect(toneOf('ffffff')).toBeLessThan(TONES)
    expect(toneOf('')).toBe(0)
  })
})
