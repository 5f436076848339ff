import type { Incarnation } from '../core/body.ts'
import type { IdentityKey } from '../core/ids.ts'
import type { Timers } from '../core/timers.ts'
import type { Role } from '../crypto/bind.ts'
import type { Verdict } from '../protocol/bind.ts'
import { bind, type Bound, type Party, type Refused } from './bind.ts'
import type { Channel } from './channel.ts'
import type { Door } from './doors.ts'
import { readBindFrames, type Inbox } from './inbox.ts'

const BIND_MS = 10_000

/** What a meeting asks and tells. Promises are awaited before the next thing happens on that channel. */
export interface MeetingEvents {
  /** Somebody came with an invite of ours: burn it and keep the contact, or say why not. */
  meet(door: Door, bound: Bound): Promise<'welcome' | 'used' | 'expired'>
  /** The one whose invite we opened answered; `door`: the one behind which the invite stands. */
  answered(verdict: Exclude<Verdict['verdict'], 'retired'>, bound: Bound, door: Door): Promise<void>
  /** A contact was reached under the pair key. */
  recognised(bound: Bound): Promise<void>
  /** A link could not be made for a reason that the person must hear. */
  alarmed(identity: IdentityKey | undefined, why: Exclude<Refused['result'], 'silent' | 'retired'>): void
  /** A newer incarnation of ours is at work elsewhere. */
  retired(by: Incarnation): void
  /** What `meet`, `answered` or `recognised` rejected with: there is no link, and it is tried again later. */
  failed(error: unknown): void
}

export interface MeetingDeps {
  readonly events: MeetingEvents
  readonly timers: Timers
  newest(identity: IdentityKey): Incarnation | undefined
}

export interface Encounter {
  readonly door: Door
  readonly role: Role
  readonly me: Party
  /** Whoever this was for no longer cares: nothing more is told. */
  stale(): boolean
}

/** Somebody who may have a link. */
export interface Met {
  readonly bound: Bound
  /** Holds what came behind the last frame of the meeting. */
  readonly inbox: Inbox
}

/** From an open channel to somebody who has proved who they are; undefined when there is to be no link. Never rejects. */
export async function meet(
  channel: Channel,
  deps: MeetingDeps,
  encounter: Encounter,
): Promise<Met | undefined> {
  const { events, timers } = deps
  const { door, role, me, stale } = encounter
  let stop = (): void => undefined
  const expired = new Promise<void>((resolve) => (stop = timers.after(BIND_MS, resolve)))
  const inbox = readBindFrames(channel, expired)
  const { keys, expects } = door
  const newest = (identity: IdentityKey): Incarnation | undefined => deps.newest(identity)
  try {
    const outcome = await bind(channel, inbox, { me, meeting: { role, keys, expects, newest } })
    if (stale()) return undefined
    if (outcome.result !== 'bound') {
      refused(events, outcome, expects)
      return undefined
    }
    const welcome = await invited(events, { bound: outcome, inbox }, encounter)
    return welcome ? { bound: outcome, inbox } : undefined
  } catch (error) {
    events.failed(error)
    return undefined
  } finally {
    stop()
  }
}

function refused(events: MeetingEvents, outcome: Refused, expects: IdentityKey | undefined): void {
  if (outcome.result === 'retired') events.retired(outcome.by)
  else if (outcome.result !== 'silent') {
    events.alarmed('identity' in outcome ? outcome.identity : expects, outcome.result)
  }
}

/** What an invite adds to BIND: the shower says how it stands, the opener hears it (PROTOCOL §4). */
async function invited(
  events: MeetingEvents,
  { bound, inbox }: Met,
  { door, role }: Encounter,
): Promise<boolean> {
  if (!door.keys.bind) {
    await events.recognised(bound)
    return true
  }
  if (role === 'listener') {
    const verdict = await events.meet(door, bound)
    await bound.tell({ verdict })
    return verdict === 'welcome'
  }
  const frame = await inbox.next()
  const said = frame && (await bound.told(frame))
  if (said === undefined || said.verdict === 'retired') return false
  await events.answered(said.verdict, bound, door)
  return said.verdict === 'welcome'
}
