import type { Bytes } from '../../src/core/bytes.ts'
import type { IdentityKey } from '../../src/core/ids.ts'
import type { Membership, Mls, MlsGroup, MlsState, Opened, OwnKeyPackage, Psk } from '../../src/crypto/mls.ts'

/** Somebody with an MLS of his own. */
export interface MlsPerson {
  readonly identity: IdentityKey
  readonly mls: Mls
}

export const GROUP = new Uint8Array([71, 114, 111, 117, 112, 32, 78, 111])

export const bytesOfText = (text: string): Bytes => new TextEncoder().encode(text)
const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes)

/** Somebody in a group, who goes on from whatever state comes back. */
export interface Member {
  readonly person: MlsPerson
  state: MlsState
  look(): MlsGroup
  /** Seals a text for the present epoch. */
  says(text: string): Promise<Bytes>
  /** The text, or why there is none. */
  hears(sealed: Bytes): Promise<string>
  opens(sealed: Bytes): Promise<Opened>
  commits(membership: Membership): Promise<{ commit: Bytes; welcome: Bytes | undefined }>
  takes(commit: Bytes, organiser: Member, psk?: Psk): Promise<'taken' | 'later' | 'refused'>
}

export function member(person: MlsPerson, state: MlsState): Member {
  const { mls } = person
  const self: Member = {
    ...{ person, state },
    look: () => mls.look(self.state),
    says: async (text) => {
      const { state, sealed } = await mls.seal(self.state, bytesOfText(text), new Uint8Array())
      self.state = state
      return sealed
    },
    hears: async (sealed) => {
      const opened = await self.opens(sealed)
      return opened.result === 'opened' ? textOf(opened.plain) : opened.result
    },
    opens: async (sealed) => {
      const opened = await mls.open(self.state, sealed)
      if (opened.result !== 'later') self.state = opened.state
      return opened
    },
    commits: async (membership) => {
      const { state, ...made } = await mls.commit(self.state, membership)
      self.state = state
      return made
    },
    takes: async (commit, organiser, psk) => {
      const from = { organiser: organiser.person.identity, ...(psk && { psk }) }
      const taken = await mls.take(self.state, commit, from)
      if (taken.result !== 'later') self.state = taken.state
      return taken.result
    },
  }
  return self
}

/** A new group of one. */
export async function founded(person: MlsPerson, id = GROUP): Promise<Member> {
  return member(person, await person.mls.create(id))
}

export interface Invitation {
  readonly person: MlsPerson
  readonly own: OwnKeyPackage
}

/** Each with a fresh key package. */
export function invited(...people: MlsPerson[]): Promise<Invitation[]> {
  return Promise.all(people.map(async (person) => ({ person, own: await person.mls.keyPackage() })))
}

/** Joins by a welcome as it should be; undefined when it is refused. */
export async function joined(
  { person, own }: Invitation,
  welcome: Bytes | undefined,
  organiser: Member,
): Promise<Member | undefined> {
  const expected = { id: organiser.look().id, organiser: organiser.person.identity }
  const state = welcome && (await person.mls.join(welcome, own, expected))
  return state && member(person, state)
}

/** Adds people in one commit, which the others take. */
export async function grown(
  organiser: Member,
  others: readonly Member[],
  ...people: MlsPerson[]
): Promise<Member[]> {
  const invitations = await invited(...people)
  const { commit, welcome } = await organiser.commits({ add: invitations.map(({ own }) => own.shown) })
  for (const other of others) {
    if ((await other.takes(commit, organiser)) !== 'taken')
      throw new Error('somebody did not take the commit')
  }
  const members = await Promise.all(invitations.map((one) => joined(one, welcome, organiser)))
  return members.map((one) => {
    if (!one) throw new Error('somebody could not join')
    return one
  })
}

/** Alice's group, with everybody in it. */
export async function four(people: {
  readonly alice: MlsPerson
  readonly bob: MlsPerson
  readonly carol: MlsPerson
  readonly dave: MlsPerson
}): Promise<[Member, Member, Member, Member]> {
  const hers = await founded(people.alice)
  const [bobs, carols, daves] = await grown(hers, [], people.bob, people.carol, people.dave)
  if (!bobs || !carols || !daves) throw new Error('somebody is missing')
  return [hers, bobs, carols, daves]
}

export async function allTake(commit: Bytes, organiser: Member, members: readonly Member[]): Promise<void> {
  for (const one of members) {
    if ((await one.takes(commit, organiser)) !== 'taken') throw new Error('somebody did not take the commit')
  }
}

/** Alice's group, with Bob. */
export async function two(
  { alice, bob }: { readonly alice: MlsPerson; readonly bob: MlsPerson },
  id = GROUP,
): Promise<[Member, Member]> {
  const hers = await founded(alice, id)
  const [his] = await grown(hers, [], bob)
  if (!his) throw new Error('no bob')
  return [hers, his]
}
