import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { members, seatOf } from '../../core/membership.ts'
import { feedOf } from '../../core/record.ts'
import { NOWHERE } from '../../core/status.ts'
import type { Timers } from '../../core/timers.ts'
import { watched } from '../../core/watched.ts'
import type { Links } from '../../net/links.ts'
import type { FeedPlace, Frame } from '../../protocol/frame.ts'
import { reachKey } from '../../store/tables.ts'
import type { Ledger } from '../../sync/ledger.ts'
import type { Presence } from '../context.ts'

/** Small signs that are said over open links and kept nowhere: who writes, who is there, what was read. */
export interface Signs extends Presence {
  /** Whether this person looks. */
  look(active: boolean): void
  onLinked(peer: IdentityKey): void
  onUnlinked(peer: IdentityKey): void
  onFrame(peer: IdentityKey, frame: SignFrame): void
  /** A chat changed: what was read in it is told. */
  tell(): void
}

type SignFrame = Frame & { type: 'read' | 'typing' | 'presence' }

/** Said again after so long of writing, and believed a little longer, milliseconds. */
const TYPING = { every: 3_000, believed: 6_000 }

export interface SignsDeps {
  readonly ledger: Ledger
  readonly links: Links
  readonly timers: Timers
  failed(error: unknown): void
}

export function createSigns({ ledger, links, timers, failed }: SignsDeps): Signs {
  const typing = watched<ReadonlyMap<ConversationId, readonly IdentityKey[]>>(new Map())
  const away = watched<ReadonlySet<IdentityKey>>(new Set())
  const stops = new Map<string, () => void>()
  const said = new Map<ConversationId, number>()
  /** Up to which message of a chat it was told that it was read. */
  const told = new Map<ConversationId, string>()
  let active = true

  const hear = (peer: IdentityKey, conversation: ConversationId, on: boolean): void => {
    const key = `${conversation}/${peer}`
    stops.get(key)?.()
    stops.delete(key)
    const others = (typing.current.get(conversation) ?? []).filter((who) => who !== peer)
    const now = on ? [...others, peer] : others
    typing.set(new Map(typing.current).set(conversation, now))
    if (!on) return
    const stop = timers.after(TYPING.believed, () => {
      hear(peer, conversation, false)
    })
    stops.set(key, stop)
  }
  const others = (conversation: ConversationId): IdentityKey[] => {
    const membership = ledger.state.memberships.get(conversation)
    return membership ? members(membership).filter((who) => who !== ledger.state.self.identity) : []
  }
  const tellRead = (peer: IdentityKey, conversation: ConversationId): void => {
    const chat = ledger.state.conversations.get(conversation)
    if (!chat?.receipts || chat.unread > 0) return
    const feeds = [...(ledger.state.feedsOf.get(conversation)?.values() ?? [])].filter(
      ({ author }) => author === peer,
    )
    if (feeds.length > 0)
      links.send(peer, { type: 'read', feeds: feeds.map((feed) => ({ ...feedOf(feed), seq: feed.seq })) })
  }
  const wasRead = async (peer: IdentityKey, places: readonly FeedPlace[]): Promise<void> => {
    await ledger.transact((draft) => {
      for (const { seq, ...feed } of places) {
        const chat = draft.get('conversations', feed.conversation)
        const known = draft
          .feedsOf(feed.conversation)
          .find(({ incarnation }) => incarnation === feed.incarnation)
        const mine = feed.author === draft.self.identity && known?.author === feed.author && seq <= known.seq
        if (!chat?.receipts || !mine) continue
        const reach = draft.get('reaches', reachKey({ feed, peer })) ?? { feed, peer, ...NOWHERE }
        if (seq > (reach.read ?? 0) && seq <= reach.delivered) draft.put('reaches', { ...reach, read: seq })
      }
    })
  }

  return {
    typing,
    away,
    write: (conversation, on) => {
      const now = timers.elapsed()
      const last = said.get(conversation)
      if (on ? last !== undefined && now - last < TYPING.every : last === undefined) return
      if (on) said.set(conversation, now)
      else said.delete(conversation)
      for (const peer of others(conversation)) links.send(peer, { type: 'typing', conversation, on })
    },
    look: (next) => {
      if (next === active) return
      active = next
      for (const { identity } of ledger.state.contacts.values())
        links.send(identity, { type: 'presence', active })
    },
    onLinked: (peer) => {
      if (!active) links.send(peer, { type: 'presence', active })
      for (const conversation of ledger.state.conversations.keys()) {
        if (others(conversation).includes(peer)) tellRead(peer, conversation)
      }
    },
    onUnlinked: (peer) => {
      for (const conversation of typing.current.keys()) hear(peer, conversation, false)
      away.set(new Set([...away.current].filter((who) => who !== peer)))
    },
    onFrame: (peer, frame) => {
      if (frame.type === 'presence') {
        const rest = [...away.current].filter((who) => who !== peer)
        away.set(new Set(frame.active ? rest : [...rest, peer]))
      } else if (frame.type === 'read') wasRead(peer, frame.feeds).catch(failed)
      else {
        const membership = ledger.state.memberships.get(frame.conversation)
        if (membership && seatOf(membership, peer)) hear(peer, frame.conversation, frame.on)
      }
    },
    tell: () => {
      for (const { id, receipts, unread, newest } of ledger.state.conversations.values()) {
        if (!receipts || unread > 0 || !newest) continue
        const place = `${String(newest.clock)}/${newest.author}/${String(newest.seq)}`
        if (told.get(id) === place) continue
        told.set(id, place)
        for (const peer of others(id)) tellRead(peer, id)
      }
    },
  }
}
