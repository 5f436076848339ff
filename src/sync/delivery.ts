import type { Link } from '../net/link.ts'
import type { Frame } from '../protocol/frame.ts'
import { Session, type SessionDeps } from './session.ts'

/** The only loop of delivery: one session per bound link; whatever was stored is offered to whoever lacks it. */
export interface Delivery {
  linked(link: Link): void
  frame(link: Link, frame: Frame & { type: 'have' | 'record' }): void
  drained(link: Link): void
  unlinked(link: Link): void
  /** Something new was stored: bring it to everybody it is for. */
  offer(): void
}

export function createDelivery(deps: SessionDeps): Delivery {
  const sessions = new Map<Link, Session>()
  return {
    linked: (link) => {
      sessions.set(link, new Session(deps, link))
    },
    frame: (link, frame) => {
      if (frame.type === 'have') sessions.get(link)?.have(frame)
      else sessions.get(link)?.record(frame.record)
    },
    drained: (link) => {
      sessions.get(link)?.pump()
    },
    unlinked: (link) => {
      sessions.get(link)?.close()
      sessions.delete(link)
    },
    offer: () => {
      for (const session of sessions.values()) session.pump()
    },
  }
}
