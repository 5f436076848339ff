import { toHex, type Bytes } from '../../core/bytes.ts'
import { betterTrust, renamed, type Alarm, type Contact, type Trust } from '../../core/contact.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { admit, LINK_LIFETIME_MS, QR_LIFETIME_MS, type Invite, type ShownInvite } from '../../core/invite.ts'
import { pairConversation } from '../../crypto/address.ts'
import { later } from '../../crypto/incarnation.ts'
import type { Bound } from '../../net/bind.ts'
import type { Door } from '../../net/doors.ts'
import { inviteForLink, inviteForQr, readInvite, type InviteProblem } from '../../protocol/invite.ts'
import type { Change } from '../../store/store.ts'
import { localNumber } from '../../sync/append.ts'
import type { Ledger, State } from '../../sync/ledger.ts'
import { profileOf } from '../../sync/profile.ts'

/** An invite as it is shown: scanned from the screen, or copied. */
export interface Shown {
  /** The whole text of the QR code or the link. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Why an invite that could be read is of no use. */
export type Refusal = InviteProblem | { readonly problem: 'own' | 'expired' }

/** What a person does to meet another (PROTOCOL §4). */
export interface Pairing {
  /** Our live code or link; a new one when there is none or it nears its end. */
  show(via: 'qr' | 'link'): Promise<Shown>
  /** Withdraws what was shown and gives a new one. */
  renew(via: 'qr' | 'link'): Promise<Shown>
  /** Looks at a text that was scanned, pasted, or stood in the address; changes nothing. */
  read(text: string): { readonly invite: Invite } | Refusal
  /** Takes the invite: the chat is there at once, and we dial until we meet or it runs out. */
  accept(invite: Invite, trust: Trust): Promise<{ conversation: ConversationId; peer: IdentityKey }>
}

/** What pairing does when the net says that somebody is there. */
export interface Meetings {
  meet(door: Door, bound: Bound): Promise<'welcome' | 'used' | 'expired'>
  answered(verdict: 'welcome' | 'used' | 'expired', bound: Bound): Promise<void>
  recognised(bound: Bound): Promise<void>
  /** Why there is no link to this contact; said until a link comes about. */
  alarmed(identity: IdentityKey, alarm: Alarm): Promise<void>
}

export interface PairingDeps {
  readonly ledger: Ledger
  /** Scheme, host and port of this page. */
  readonly origin: string
  now(): number
  randomBytes(length: number): Bytes
  /** The doors changed. */
  refresh(): void
}

const UNPROVED: ReadonlySet<Alarm> = new Set(['they-must-update', 'we-must-update'])

/** An invite that was shown before is shown again if it is good for so much longer, milliseconds. */
const GOOD_FOR_MS = { qr: 30_000, link: 6 * 24 * 3_600_000 }

export function createPairing(deps: PairingDeps): Pairing & Meetings {
  return {
    show: (via) => show(deps, via, false),
    renew: (via) => show(deps, via, true),
    read: (text) => {
      const read = readInvite(text, deps.origin)
      if (!('invite' in read)) return read
      if (read.invite.identity === deps.ledger.state.self.identity) return { problem: 'own' }
      return deps.now() > read.invite.expires ? { problem: 'expired' } : read
    },
    accept: async (invite, trust) => {
      const conversation = pairConversation(deps.ledger.state.self.identity, invite.identity)
      await deps.ledger.transact((state) => {
        const contact = invited(state.contacts.get(invite.identity), { invite, trust, conversation })
        return done([{ table: 'contacts', put: contact }, ...chatWith(state, contact, deps)])
      })
      deps.refresh()
      return { conversation, peer: invite.identity }
    },
    meet: (door, bound) => meet(deps, door, bound),
    answered: async (verdict, bound) => {
      await deps.ledger.transact((state) => done(answer(state, verdict, bound)))
      deps.refresh()
    },
    recognised: async (bound) => {
      await deps.ledger.transact((state) => done(recognise(state, bound)))
    },
    alarmed: async (identity, alarm) => {
      await deps.ledger.transact((state) => {
        const contact = state.contacts.get(identity)
        const said = contact?.alarm
        // Which version they speak is said before anything is proved: it does not hide what was worse.
        const worse = said !== undefined && UNPROVED.has(alarm) && !UNPROVED.has(said)
        return done(
          contact && said !== alarm && !worse ? [{ table: 'contacts', put: { ...contact, alarm } }] : [],
        )
      })
    },
  }
}

function done(changes: Change[]): Promise<{ changes: Change[]; result: undefined }> {
  return Promise.resolve({ changes, result: undefined })
}

async function show(
  { ledger, origin, now, randomBytes, refresh }: PairingDeps,
  via: 'qr' | 'link',
  anew: boolean,
) {
  const shown = await ledger.transact((state) => {
    const all = [...state.invites.values()]
    const mine = all.filter((invite) => invite.via === via && invite.state === 'live')
    const good = mine.find(({ expires }) => expires - now() > GOOD_FOR_MS[via])
    if (good && !anew) return Promise.resolve({ changes: [], result: good })
    const lifetime = via === 'qr' ? QR_LIFETIME_MS : LINK_LIFETIME_MS
    const expires = Math.floor((now() + lifetime) / 1000) * 1000
    const fresh: ShownInvite = { secret: randomBytes(16), expires, via, state: 'live' }
    const changes: Change[] = [
      ...(anew ? mine : []).map((old): Change => ({ table: 'invites', put: { ...old, state: 'withdrawn' } })),
      ...all
        .filter((old) => admit(old, now()) === 'forgotten')
        .map((old): Change => ({ table: 'invites', remove: toHex(old.secret) })),
      { table: 'invites', add: fresh },
    ]
    return Promise.resolve({ changes, result: fresh })
  })
  refresh()
  const { self } = ledger.state
  const { address, name } = profileOf(self)
  const invite = { secret: shown.secret, expires: shown.expires, identity: self.identity, address, name }
  const text = via === 'qr' ? inviteForQr(invite, origin) : inviteForLink(invite, origin)
  return { text, expires: shown.expires }
}

/** The contact after its invite was opened; somebody we know already only gains trust, or a fresh way in. */
function invited(
  known: Contact | undefined,
  { invite, trust, conversation }: { invite: Invite; trust: Trust; conversation: ConversationId },
): Contact {
  if (known?.stage === 'met') return { ...known, trust: betterTrust(known.trust, trust) }
  const { identity, address, name, secret, expires } = invite
  return {
    ...{ stage: 'invited', identity, conversation, name, address, secret, expires },
    trust: known ? betterTrust(known.trust, trust) : trust,
  }
}

function chatWith(state: State, contact: Contact, { now, randomBytes }: PairingDeps): Change[] {
  if (state.conversations.has(contact.conversation)) return []
  const chat: Conversation = {
    ...{ id: contact.conversation, peer: contact.identity, local: localNumber(randomBytes) },
    ...{ active: now(), unread: 0, messages: 0 },
  }
  return [{ table: 'conversations', put: chat }]
}

/** The burning: contact and "claimed by this key" in one strict transaction; the first of two openers wins. */
async function meet(deps: PairingDeps, door: Door, bound: Bound): Promise<'welcome' | 'used' | 'expired'> {
  const verdict = await deps.ledger.transact((state) => {
    const invite = door.secret && state.invites.get(toHex(door.secret))
    const admission = invite && admit(invite, deps.now(), bound.identity)
    if (!invite || admission !== 'welcome' || !bound.profile) {
      return Promise.resolve({ changes: [], result: admission === 'used' ? 'used' : 'expired' } as const)
    }
    const { identity, profile } = bound
    const known = state.contacts.get(identity)
    const incarnation = later(bound.incarnation, known?.stage === 'met' ? known.incarnation : undefined)
    const metAs = known?.stage === 'met' ? renamed(known, profile.name).metAs : undefined
    const contact: Contact = {
      ...(metAs !== undefined && { metAs }),
      ...{ stage: 'met', identity, incarnation, ...profile },
      conversation: pairConversation(state.self.identity, identity),
      trust: betterTrust(known?.trust ?? 'unverified', 'private-invite'),
    }
    const changes: Change[] = [
      { table: 'contacts', put: contact },
      { table: 'invites', put: { ...invite, state: 'claimed', by: identity } },
      ...chatWith(state, contact, deps),
    ]
    return Promise.resolve({ changes, result: 'welcome' } as const)
  })
  deps.refresh()
  return verdict
}

function answer(state: State, verdict: 'welcome' | 'used' | 'expired', bound: Bound): Change[] {
  const contact = state.contacts.get(bound.identity)
  if (contact?.stage !== 'invited') return []
  if (verdict !== 'welcome') return [{ table: 'contacts', put: { ...contact, ended: verdict } }]
  if (!bound.profile) return []
  const { identity, conversation, trust } = contact
  const { incarnation, profile } = bound
  return [
    { table: 'contacts', put: { stage: 'met', identity, conversation, trust, incarnation, ...profile } },
  ]
}

/** The first link under the pair key ends the claimed invite; any link clears an old alarm. */
function recognise(state: State, { identity, ...bound }: Bound): Change[] {
  const contact = state.contacts.get(identity)
  if (contact?.stage !== 'met') return []
  const incarnation = later(bound.incarnation, contact.incarnation)
  const claimed = [...state.invites.values()].filter(
    (invite) => invite.state === 'claimed' && invite.by === identity,
  )
  const { alarm, ...calm } = contact
  const changed = alarm !== undefined || contact.incarnation.id !== incarnation.id
  return [
    ...(changed ? [{ table: 'contacts', put: { ...calm, incarnation } } as const] : []),
    ...claimed.map(({ secret, expires, via }): Change => {
      return { table: 'invites', put: { secret, expires, via, state: 'spent' } }
    }),
  ]
}
