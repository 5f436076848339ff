import { signRecord } from '../../src/crypto/record.ts'
import { createSigner, deriveIdentity } from '../../src/crypto/identity.ts'
import { encodeBody } from '../../src/protocol/body.ts'
import { encodeContext, encodeTrip } from '../../src/protocol/sealed.ts'
import { founded, grown, invited, joined, type Member } from '../support/mls-member.ts'
import { realPerson } from '../support/mls-people.ts'
import { bytesOf, feedIdOf } from '../support/samples.ts'
import { expect, test } from './fixtures.ts'

/** How many are in the group when it is looked at. */
const SIZES = [2, 16, 32]
const LETTERS = 'a message of twenty.'

/** A group of so many, and what its last member got in order to come in (bytes). */
interface Grown {
  readonly members: readonly Member[]
  readonly keyPackage: number
  readonly welcome: number
  readonly commit: number
}

test('mls', async ({ tell }) => {
  test.setTimeout(10 * 60_000)
  for (const size of SIZES) {
    const group = await groupOf(size)
    const fresh = largest(group.members)
    const heard = await everybodySpeaks(group.members)
    expect(heard).toBe(size * (size - 1))
    const name = (what: string): string => `${what}, group of ${String(size)}`
    await tell({
      ...{ group: 'mls', name: name('state of a member on the disk, largest'), unit: 'kB' },
      value: largest(group.members) / 1000,
      proof: `everybody opened a message of everybody else (${String(heard)}); ${(fresh / 1000).toFixed(1)} kB before anybody spoke`,
    })
    const proof = `people came in one by one; the last commit had ${String(group.commit)} bytes, and their key package ${String(group.keyPackage)}`
    await tell({
      ...{ group: 'mls', name: name('welcome of the last one'), unit: 'kB' },
      ...{ value: group.welcome / 1000, proof },
    })
  }
})

test('mls: a text of 20 letters', async ({ tell }) => {
  const [organiser] = (await groupOf(2)).members
  if (!organiser) throw new Error('nobody is in the group')
  const { body, plain } = await tripOf(LETTERS)
  const context = encodeContext({ seq: 1_000 })
  const { sealed } = await organiser.person.mls.seal(organiser.state, plain, context)
  await tell({
    ...{ group: 'mls', name: 'a text of 20 letters, sealed', value: sealed.length, unit: 'bytes' },
    beside: { name: 'its letters', value: body.length },
    proof: `around ${String(plain.length)} bytes with the signature of the record; that of MLS and its tag come on top`,
  })
})

async function groupOf(size: number): Promise<Grown> {
  const people = await Promise.all(
    Array.from({ length: size }, (_, at) => realPerson(at + 1, { now: () => Date.now() })),
  )
  const [first, ...others] = people
  const last = others.pop()
  if (!first || !last) throw new Error('a group has two members at least')
  const organiser = await founded(first)
  const inside: Member[] = []
  for (const person of others) inside.push(...(await grown(organiser, inside, person)))
  const [invitation] = await invited(last)
  if (!invitation) throw new Error('the last one has no key package')
  const { commit, welcome } = await organiser.commits({ add: [invitation.own.shown] })
  for (const one of inside) expect(await one.takes(commit, organiser)).toBe('taken')
  const newcomer = await joined(invitation, welcome, organiser)
  if (!newcomer || !welcome) throw new Error('the last one could not join')
  const members = [organiser, ...inside, newcomer]
  const keyPackage = invitation.own.shown.length
  return { members, keyPackage, welcome: welcome.length, commit: commit.length }
}

function largest(members: readonly Member[]): number {
  return Math.max(...members.map(({ state }) => state.length))
}

/** How often somebody opened what somebody else said. */
async function everybodySpeaks(members: readonly Member[]): Promise<number> {
  let heard = 0
  for (const speaker of members) {
    const sealed = await speaker.says(LETTERS)
    for (const other of members) {
      if (other !== speaker && (await other.hears(sealed)) === LETTERS) heard += 1
    }
  }
  return heard
}

/** What is sealed of a text: the record on its first trip. */
async function tripOf(text: string): Promise<{ body: Uint8Array; plain: Uint8Array<ArrayBuffer> }> {
  const signer = await createSigner(deriveIdentity(bytesOf(16, 1)))
  const body = encodeBody({ kind: 'text', text })
  const content = { kind: 'text' as const, clock: Date.now(), salt: bytesOf(8, 1), body }
  const place = { ...feedIdOf(1), seq: 1_000, era: { generation: 1, epoch: 1 } }
  const record = await signRecord(signer, place, content)
  return { body, plain: encodeTrip(record) }
}
