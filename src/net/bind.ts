import { equal, type Bytes } from '../core/bytes.ts'
import type { Incarnation, Profile } from '../core/body.ts'
import type { IdentityKey } from '../core/ids.ts'
import { meetingMac, sealContext, transcriptBytes, type DoorKeys, type Role } from '../crypto/bind.ts'
import { verify, type Signer } from '../crypto/identity.ts'
import { retires, verifyIncarnation } from '../crypto/incarnation.ts'
import { open, seal, sealingKey } from '../crypto/seal.ts'
import * as wire from '../protocol/bind.ts'
import { VERSIONS } from '../protocol/limits.ts'
import type { Channel } from './channel.ts'
import type { Inbox } from './inbox.ts'

/** Who we are in a BIND. */
export interface Party {
  readonly signer: Signer
  readonly incarnation: Incarnation
  /** Told to whom we meet through an invite. */
  readonly profile: Profile
}

/** Through which door, and whom we expect behind it. */
export interface Meeting {
  readonly role: Role
  readonly keys: DoorKeys
  /** Undefined: whoever holds the invite that we showed. */
  readonly expects: IdentityKey | undefined
  /** The newest incarnation seen of this identity. */
  newest(identity: IdentityKey): Incarnation | undefined
}

/** The other side is who it says, and nobody stands between. */
export interface Bound {
  readonly result: 'bound'
  readonly identity: IdentityKey
  readonly incarnation: Incarnation
  readonly version: number
  /** Present when we met through an invite. */
  readonly profile?: Profile
  /** Tells the other side, under the seal of this BIND, how the invite stands. */
  tell(verdict: wire.Verdict): Promise<void>
  /** Undefined for a frame that is not such a word. */
  told(frame: wire.BindFrame): Promise<wire.Verdict | undefined>
}

/** Why there is no link. 'silent' is not for the person: a stranger, or a channel that broke. */
export type Refused =
  | { readonly result: 'silent' | 'we-must-update' | 'they-must-update' }
  | { readonly result: 'broken' | 'intercepted' | 'key-changed'; readonly identity: IdentityKey | undefined }
  /** We speak for an incarnation of ours that a newer one retired. */
  | { readonly result: 'retired'; readonly by: Incarnation }

type Outcome = Bound | Refused

interface Session {
  readonly channel: Channel
  readonly me: Party
  readonly meeting: Meeting
  readonly key: CryptoKey
  readonly hellos: { readonly dialer: wire.Hello; readonly listener: wire.Hello }
  readonly seen: { readonly own: Bytes; readonly theirs: Bytes }
  readonly version: number
}

/** BIND (PROTOCOL §3). The dialer proves first, the listener answers; never a fallback. Closes nothing itself. */
export async function bind(
  channel: Channel,
  inbox: Inbox,
  parties: { me: Party; meeting: Meeting },
): Promise<Outcome> {
  const session = await greet(channel, inbox, parties)
  if ('result' in session) return session
  return parties.meeting.role === 'dialer' ? proveFirst(session, inbox) : answerProof(session, inbox)
}

async function greet(
  channel: Channel,
  inbox: Inbox,
  { me, meeting }: { me: Party; meeting: Meeting },
): Promise<Session | Refused> {
  const ours: wire.Hello = { nonce: crypto.getRandomValues(new Uint8Array(16)), ...VERSIONS }
  channel.send(wire.encodeBindFrame({ type: 'hello', ...ours }))
  const theirs = await inbox.next()
  if (theirs?.type !== 'hello') return { result: 'silent' }
  if (theirs.max < ours.min) return { result: 'they-must-update' }
  if (theirs.min > ours.max) return { result: 'we-must-update' }
  const seen = await channel.certificates()
  if (seen === undefined) return { result: 'broken', identity: meeting.expects }
  const hellos =
    meeting.role === 'dialer' ? { dialer: ours, listener: theirs } : { dialer: theirs, listener: ours }
  const key = await sealingKey(meeting.keys.seal)
  return { channel, me, meeting, key, hellos, seen, version: Math.min(ours.max, theirs.max) }
}

async function proveFirst(session: Session, inbox: Inbox): Promise<Outcome> {
  const proof = await sealedProof(session)
  session.channel.send(wire.encodeBindFrame({ type: 'proof', sealed: proof }))
  const answer = await inbox.next()
  if (answer?.type === 'verdict') return retired(session, answer)
  if (answer?.type === 'proof') return judge(session, answer.sealed, proof)
  return inbox.closed ? { result: 'silent' } : broken(session)
}

async function answerProof(session: Session, inbox: Inbox): Promise<Outcome> {
  const first = await inbox.next()
  if (first?.type !== 'proof') return { result: 'silent' }
  const outcome = await judge(session, first.sealed)
  // An interception is answered all the same, so that the other person learns of it too.
  if (outcome.result === 'bound' || outcome.result === 'intercepted') {
    session.channel.send(
      wire.encodeBindFrame({ type: 'proof', sealed: await sealedProof(session, first.sealed) }),
    )
  }
  return outcome
}

async function sealedProof(session: Session, answers?: Bytes): Promise<Bytes> {
  const { me, meeting, seen } = session
  const claim = { identity: me.signer.identity, incarnation: me.incarnation, ...seen }
  const transcript = transcriptOf(session, meeting.role, { claim, answers })
  const proof: wire.Proof = {
    ...claim,
    signature: await me.signer.sign(transcript),
    ...(meeting.keys.bind && {
      meeting: { mac: meetingMac(meeting.keys.bind, transcript), profile: me.profile },
    }),
  }
  return seal(session.key, wire.encodeProof(proof), contextOf(session, 'proof', meeting.role))
}

async function judge(session: Session, sealed: Bytes, answers?: Bytes): Promise<Outcome> {
  const { meeting, me, seen } = session
  const opened = await open(session.key, sealed, contextOf(session, 'proof', otherRole(meeting.role)))
  const proof = opened && wire.decodeProof(opened)
  // Anybody may call and prove nothing; whoever does so after opening a channel on our knock stands in the way.
  const nobody: Refused = answers === undefined ? { result: 'silent' } : broken(session)
  if (!proof || proof.identity === me.signer.identity) return nobody
  if (!(await genuine(session, proof, answers))) return nobody
  const { identity, incarnation } = proof
  const expected = meeting.expects === undefined || meeting.expects === identity
  const alone = equal(proof.own, seen.theirs) && equal(proof.theirs, seen.own)
  if (!alone) return expected ? { result: 'intercepted', identity: meeting.expects } : { result: 'silent' }
  if (!expected)
    return meeting.keys.bind ? { result: 'silent' } : { result: 'key-changed', identity: meeting.expects }
  const newest = meeting.newest(identity)
  if (newest && retires(newest, incarnation)) return sayRetired(session, newest)
  return {
    ...{ result: 'bound', identity, incarnation, version: session.version },
    ...(proof.meeting && { profile: proof.meeting.profile }),
    tell: (verdict) => sendVerdict(session, verdict),
    told: (frame) => readVerdict(session, frame),
  }
}

/** Signed by whom it names, over exactly this meeting; with an invite by somebody who holds its secret. */
async function genuine(session: Session, proof: wire.Proof, answers?: Bytes): Promise<boolean> {
  const transcript = transcriptOf(session, otherRole(session.meeting.role), { claim: proof, answers })
  const { bind } = session.meeting.keys
  if (bind && !(proof.meeting && equal(proof.meeting.mac, meetingMac(bind, transcript)))) return false
  return (
    (await verify(proof.identity, transcript, proof.signature)) &&
    (await verifyIncarnation(proof.identity, proof.incarnation))
  )
}

function broken({ meeting }: Session): Refused {
  return { result: 'broken', identity: meeting.expects }
}

async function sayRetired(session: Session, by: Incarnation): Promise<Refused> {
  await sendVerdict(session, { verdict: 'retired', by })
  return { result: 'silent' }
}

async function retired(session: Session, frame: wire.BindFrame): Promise<Refused> {
  const verdict = await readVerdict(session, frame)
  const mine = session.me.signer.identity
  if (verdict?.verdict !== 'retired' || !(await verifyIncarnation(mine, verdict.by))) return broken(session)
  return retires(verdict.by, session.me.incarnation)
    ? { result: 'retired', by: verdict.by }
    : { result: 'silent' }
}

async function sendVerdict(session: Session, verdict: wire.Verdict): Promise<void> {
  const context = contextOf(session, 'verdict', session.meeting.role)
  const sealed = await seal(session.key, wire.encodeVerdict(verdict), context)
  session.channel.send(wire.encodeBindFrame({ type: 'verdict', sealed }))
}

async function readVerdict(session: Session, frame: wire.BindFrame): Promise<wire.Verdict | undefined> {
  if (frame.type !== 'verdict') return undefined
  const context = contextOf(session, 'verdict', otherRole(session.meeting.role))
  const opened = await open(session.key, frame.sealed, context)
  return opened && wire.decodeVerdict(opened)
}

function transcriptOf(
  { hellos }: Session,
  role: Role,
  { claim, answers }: { claim: Omit<wire.Proof, 'signature'>; answers?: Bytes | undefined },
): Bytes {
  const { dialer, listener } = hellos
  return transcriptBytes({
    role,
    nonces: { dialer: dialer.nonce, listener: listener.nonce },
    versions: { dialer: [dialer.min, dialer.max], listener: [listener.min, listener.max] },
    ...{ identity: claim.identity, incarnation: claim.incarnation, own: claim.own, theirs: claim.theirs },
    ...(role === 'listener' && answers && { answers }),
  })
}

function contextOf({ hellos }: Session, frame: 'proof' | 'verdict', role: Role): Bytes {
  const nonces = { dialer: hellos.dialer.nonce, listener: hellos.listener.nonce }
  return sealContext(frame, { role, nonces })
}

function otherRole(role: Role): Role {
  return role === 'dialer' ? 'listener' : 'dialer'
}
