import { expect, test } from 'vitest'
import { feedKey } from '../../../src/core/record.ts'
import { Reaches } from '../../../src/sync/session/reaches.ts'
import { feedIdOf } from '../../support/samples.ts'

const [one, two, three] = [feedIdOf(1), feedIdOf(2), feedIdOf(3)]

test('only feeds of which we held nothing when they spoke of them first are strange, and each once', () => {
  const known = new Set([feedKey(one)])
  const theirs = new Reaches((key) => known.has(key))
  theirs.holds(one, 5)
  theirs.holds(two, 5)
  theirs.holds(two, 6)
  expect(theirs.strange).toBe(1)
  known.add(feedKey(three))
  theirs.holds(three, 1)
  expect([theirs.strange, theirs.has(feedKey(three))]).toEqual([1, true])
})

test('what they hold never falls; what was given beyond a place that they lack is given again', () => {
  const theirs = new Reaches(() => true)
  theirs.given(one, 7)
  theirs.holds(one, 3)
  theirs.holds(one, 2)
  expect([theirs.of(one), theirs.further(one), theirs.onItsWay()]).toEqual([{ held: 3, given: 7 }, 7, 4])
  theirs.rewind(one, 2)
  expect([theirs.of(one), theirs.onItsWay()]).toEqual([{ held: 2, given: 2 }, 0])
})
