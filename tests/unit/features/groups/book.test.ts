import { describe, expect, test } from 'vitest'
import { FIRST_ERA } from '../../../../src/core/era.ts'
import { firstMembership } from '../../../../src/core/membership.ts'
import { bookOf, type Proposal } from '../../../../src/features/groups/book.ts'
import { proposalText } from '../../../../src/features/groups/words.ts'
import { peopleOf } from '../../../../src/features/people.ts'
import { chatOf, conversationOf, keyOf, ME, metContact } from '../../../e2e/gallery/people.ts'
import { cardOf, era, roster } from '../../core/membership/stories.ts'

const [ann, ben, cem, dora] = [keyOf('Ann'), keyOf('Ben'), keyOf('Cem'), keyOf('Dora')]

/** What Ben's proposal to go on without Ann looks like on the screen of somebody in Ann's group. */
function proposed(...named: (typeof ann)[]): Proposal | undefined {
  const conversation = conversationOf('Choir')
  const membership = firstMembership(conversation, [ann, ben, cem, ME], FIRST_ERA)
  const begins = era(1, 0)
  const seats = named.map((who) => ({ card: { ...cardOf(who), name: 'Dora' }, since: begins }))
  const book = bookOf({
    conversation: { ...chatOf('Choir', 0, {}), id: conversation, circle: { kind: 'group', name: 'Choir' } },
    membership: { ...membership, organiser: ann },
    open: [{ by: ben, key: 'key', roster: { ...roster({ begins, cause: 'without' }), seats } }],
    people: peopleOf(
      ME,
      ['Ann', 'Ben', 'Cem'].map((name) => metContact(name, 'unverified')),
    ),
    ...{ requests: [], invites: [], ownName: 'Me', now: 0 },
  })
  return book?.proposals[0]
}

describe('a proposal to go on without the organiser', () => {
  test('is not shown to whom it leaves out', () => {
    expect(proposed(ben, cem)).toBeUndefined()
  })

  test('says nothing of others if all of them would stay', () => {
    const proposal = proposed(ben, cem, ME)
    expect(proposal).toEqual({ by: ben, roster: 'key', out: [], in: [] })
    expect(proposal && proposalText(proposal, 'Ben', 'Ann')).toMatch(/for you\. If you stay/)
  })

  test('says who would be left out as well, and who would come in', () => {
    const proposal = proposed(ben, dora, ME)
    expect(proposal).toMatchObject({ out: ['Cem'], in: ['Dora'] })
    expect(proposal && proposalText(proposal, 'Ben', 'Ann')).toContain(
      'Cem would be left out as well. Dora would come in.',
    )
  })
})
