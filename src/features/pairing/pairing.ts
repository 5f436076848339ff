import { toHex, type Bytes } from '../../core/bytes.ts'
import {
  acquainted,
  betterTrust,
  isKnown,
  renamed,
  type Alarm,
  type Contact,
  type Trust,
} from '../../core/contact.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { admit, LINK_LIFETIME_MS, QR_LIFETIME_MS, type Invite, type ShownInvite } from '../../core/invite.ts'
import { pairConversation } from '../../crypto/address.ts'
import { later } from '../../crypto/incarnation.ts'
import { inviteIdOf, pskOf } from '../../crypto/invite.ts'
import type { Bound } from '../../net/bind.ts'
import type { Door } from '../../net/doors.ts'
import { inviteForLink, inviteForQr, readInvite, type InviteProblem } from '../../protocol/invite.ts'
import type { Draft } from '../../sync/draft.ts'
import type { Ledger } from '../../sync/ledger.ts'
import { holdPsk, openPair } from '../../sync/pair.ts'
import { profileOf } from '../../sync/profile.ts'
import { concerns } from './doors.ts'

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

/** How an invite stands, as its shower says it. */
type Verdict = 'welcome' | 'used' | 'expired'

/** What pairing does when the net says that somebody is there. */
export interface Meetings {
  meet(door: Door, bound: Bound): Promise<Verdict>
  answered(verdict: Verdict, bound: Bound, door: Door): Promise<void>
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
      await deps.ledger.transact((draft) => {
        const found = draft.get('contacts', invite.identity)
        const near = found?.stage === 'fellow' && concerns(deps.ledger.state, found, deps.now())
        const known = near ? acquainted(found) : found
        draft.put('contacts', invited(known, { invite, trust, conversation }))
        openPair(draft, invite.identity, deps)
      })
      deps.refresh()
      return { conversation, peer: invite.identity }
    },
    meet: (door, bound) => meet(deps, door, bound),
    answered: async (verdict, bound, { secret }) => {
      await deps.ledger.transact((draft) => {
        if (secret && isOfGroup(draft, secret)) answerOfGroup(draft, verdict, secret)
        else answer(draft, verdict, bound)
      })
      deps.refresh()
    },
    recognised: async (bound) => {
      await deps.ledger.transact((draft) => {
        recognise(draft, bound)
      })
    },
    alarmed: async (identity, alarm) => {
      await deps.ledger.transact((draft) => {
        const contact = draft.get('contacts', identity)
        const said = contact?.alarm
        // Which version they speak is said before anything is proved: it does not hide what was worse.
        const worse = said !== undefined && UNPROVED.has(alarm) && !UNPROVED.has(said)
        if (contact && said !== alarm && !worse) draft.put('contacts', { ...contact, alarm })
      })
    },
  }
}

async function show(
  { ledger, origin, now, randomBytes, refresh }: PairingDeps,
  via: 'qr' | 'link',
  anew: boolean,
) {
  const shown = await ledger.transact((draft) => {
    const all = draft.all('invites')
    const mine = all.filter((invite) => invite.via === via && invite.state === 'live' && !invite.group)
    const good = mine.find(({ expires }) => expires - now() > GOOD_FOR_MS[via])
    if (good && !anew) return good
    const lifetime = via === 'qr' ? QR_LIFETIME_MS : LINK_LIFETIME_MS
    const expires = Math.floor((now() + lifetime) / 1000) * 1000
    const fresh: ShownInvite = { secret: randomBytes(16), expires, via, state: 'live' }
    if (anew) for (const old of mine) draft.put('invites', { ...old, state: 'withdrawn' })
    for (const old of all) if (admit(old, now()) === 'forgotten') draft.remove('invites', toHex(old.secret))
    draft.add('invites', fresh)
    return fresh
  })
  refresh()
  const { self } = ledger.state
  const { address, name } = profileOf(self)
  const invite = { secret: shown.secret, expires: shown.expires, identity: self.identity, address, name }
  const text = via === 'qr' ? inviteForQr(invite, origin) : inviteForLink(invite, origin)
  return { text, expires: shown.expires }
}

/** The contact after its invite was opened; somebody whom we meet without it only gains trust. */
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

/** The burning: contact and "claimed by this key" in one strict transaction; the first of two openers wins. */
async function meet(deps: PairingDeps, door: Door, bound: Bound): Promise<Verdict> {
  const verdict = await deps.ledger.transact((draft): Verdict => {
    const invite = door.secret && draft.get('invites', toHex(door.secret))
    const admission = invite && admit(invite, deps.now(), bound.identity)
    if (!invite || admission !== 'welcome' || !bound.profile) return admission === 'used' ? 'used' : 'expired'
    if (invite.group) callAt(draft, invite.group.conversation, bound)
    else claim(draft, deps, { invite, bound })
    return 'welcome'
  })
  deps.refresh()
  return verdict
}

/** People at the door of a group who have not asked to be let in yet. */
const MAX_CALLERS = 64

/** Somebody with a group's code is heard; who they are is kept, in case they ask to be let in. */
function callAt(draft: Draft, group: ConversationId, { identity, incarnation, profile }: Bound): void {
  const known = draft.get('requests', `${group}/${identity}`)
  if (!profile || (known && known.at !== 'called')) return
  const others = draft.all('requests').filter((one) => one.group === group && one.at === 'called')
  if (!known && others.length >= MAX_CALLERS) return
  draft.put('requests', { group, identity, at: 'called', card: { identity, ...profile, incarnation } })
}

function claim(
  draft: Draft,
  deps: PairingDeps,
  { invite, bound }: { invite: ShownInvite; bound: Bound },
): void {
  const { identity, profile } = bound
  if (!profile) return
  const known = draft.get('contacts', identity)
  const incarnation = later(bound.incarnation, isKnown(known) ? known.incarnation : undefined)
  const metAs = isKnown(known) ? renamed(known, profile.name).metAs : undefined
  draft.put('contacts', {
    ...(known?.alias !== undefined && { alias: known.alias }),
    ...(metAs !== undefined && { metAs }),
    ...{ stage: 'met', identity, incarnation, ...profile },
    conversation: openPair(draft, identity, deps),
    trust: betterTrust(known?.trust ?? 'unverified', 'private-invite'),
  })
  const { secret, expires, via } = invite
  draft.put('invites', { secret, expires, via, state: 'claimed', by: identity })
  holdPsk(draft, pairConversation(draft.self.identity, identity), {
    shown: pskOf(secret),
    // Both opened the other's at once: how ours ends is not awaited any more.
    ...(known?.stage === 'invited' && { opened: pskOf(known.secret) }),
  })
}

function isOfGroup(draft: Draft, secret: Bytes): boolean {
  return draft.get('invitations', inviteIdOf(secret)) !== undefined
}

/** Whoever is welcome asks to be let in; else the group's code is worth nothing any more. */
function answerOfGroup(draft: Draft, verdict: Verdict, secret: Bytes): void {
  const invitation = draft.get('invitations', inviteIdOf(secret))
  if (invitation?.at !== 'accepted' || verdict === 'welcome') return
  draft.put('invitations', { ...invitation, at: 'refused', refusal: 'over' })
}

function answer(draft: Draft, verdict: Verdict, bound: Bound): void {
  const contact = draft.get('contacts', bound.identity)
  if (contact?.stage !== 'invited') return
  if (verdict !== 'welcome') {
    draft.put('contacts', { ...contact, ended: verdict })
    return
  }
  if (!bound.profile) return
  const { identity, conversation, trust, alias } = contact
  const { incarnation, profile } = bound
  draft.put('contacts', {
    ...{ stage: 'met', identity, conversation, trust, incarnation, ...profile },
    ...(alias !== undefined && { alias }),
  })
  holdPsk(draft, conversation, { opened: pskOf(contact.secret) })
}

/** The first link under the ordinary pair key ends the claimed invite; any link clears an old alarm. */
function recognise(draft: Draft, { identity, ...bound }: Bound): void {
  const contact = draft.get('contacts', identity)
  if (!isKnown(contact)) return
  const incarnation = later(bound.incarnation, contact.incarnation)
  const { alarm, ...calm } = contact
  const known = { ...calm, incarnation }
  const chat = draft.get('conversations', contact.conversation)
  if (known.stage === 'fellow' && chat) draft.put('contacts', acquainted(known))
  else if (alarm !== undefined || contact.incarnation.id !== incarnation.id) draft.put('contacts', known)
  for (const invite of draft.all('invites')) {
    if (invite.state !== 'claimed' || invite.by !== identity) continue
    const { secret, expires, via } = invite
    draft.put('invites', { secret, expires, via, state: 'spent' })
  }
}
