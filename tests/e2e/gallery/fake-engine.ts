import { isMessage } from '../../../src/core/body.ts'
import { preview, type Conversation } from '../../../src/core/conversation.ts'
import { isMark, marked, targetKey, type MarkBody, type Marking } from '../../../src/core/marks.ts'
import type { IdentityKey } from '../../../src/core/ids.ts'
import { watched } from '../../../src/core/watched.ts'
import type { Calls, CallView } from '../../../src/features/calls/context.ts'
import type { Files, FileView } from '../../../src/features/files/types.ts'
import type { Engine, Network, Notice } from '../../../src/features/context.ts'
import type { Pairing, Shown } from '../../../src/features/pairing/pairing.ts'
import type { LinkState } from '../../../src/net/links.ts'
import { inviteForLink, inviteForQr, readInvite } from '../../../src/protocol/invite.ts'
import { address } from '../../../src/core/ids.ts'
import type { Change, Store } from '../../../src/store/store.ts'
import {
  chatOf,
  conversationOf,
  incarnationOf,
  invitedContact,
  keyOf,
  ME,
  recordIn,
  recordOf,
} from './people.ts'

const LINKS: Record<string, LinkState> = {
  'Ann Lindqvist': { at: 'linked', path: 'direct' },
  Ann: { at: 'linked', path: 'direct' },
  Cem: { at: 'linked', path: 'local' },
  'Field team': { at: 'linked', path: 'relayed' },
  Dora: { at: 'connecting' },
}

/** An engine that only pretends: what is said is stored and goes nowhere. */
export function fakeEngine(store: Store, now: () => number): Engine {
  const states = new Map(Object.entries(LINKS).map(([name, state]) => [keyOf(name), state]))
  let seq = 100_000
  const change = async (id: Conversation['id'], how: (chat: Conversation) => Conversation) => {
    const chat = await store.get('conversations', id)
    if (chat) await store.commit([{ table: 'conversations', put: how(chat) }])
  }
  return {
    me: ME,
    store,
    links: {
      state: (peer: IdentityKey) => states.get(peer) ?? { at: 'offline' },
      send: () => false,
      waiting: () => 0,
      watch: () => () => undefined,
    },
    network: watched<Network>('Online'),
    notice: watched<Notice | undefined>(undefined),
    now,
    change,
    say: async (id, body) => {
      const chat = await store.get('conversations', id)
      if (!chat) return
      const by = { author: ME, conversation: id, incarnation: incarnationOf(ME), seq: seq++, clock: now() }
      if (isMark(body)) return mark(store, { id, body, by })
      const record = recordIn(chat, by, body)
      const manner = {
        value: 'target' in body ? body.target : undefined,
        author: ME,
        seq: by.seq,
        clock: by.clock,
      }
      if (body.kind === 'pin') {
        const pin = { ...manner, value: body.pinned ? body.target : undefined }
        const line = { line: 'pinned', by: ME, target: body.target } as const
        const records: Change[] = body.pinned ? [{ table: 'records', put: { ...record, line } }] : []
        return store.commit([...records, { table: 'conversations', put: { ...chat, pin } }])
      }
      if (body.kind === 'vanish') {
        const vanish = { ...manner, value: body.seconds }
        const line = { line: 'vanish', by: ME, seconds: body.seconds } as const
        return store.commit([
          { table: 'records', put: { ...record, line } },
          { table: 'conversations', put: { ...chat, vanish } },
        ])
      }
      if (!isMessage(body)) return
      const { draft: _, ...rest } = chat
      const last = { author: ME, text: preview(body) }
      await store.commit([
        { table: 'records', put: record },
        { table: 'conversations', put: { ...rest, messages: chat.messages + 1, active: now(), last } },
      ])
    },
    hide: async (key) => {
      const row = await store.get('records', key)
      if (!row?.message) return
      const { message, ...gone } = row
      const chat = await store.get('conversations', row.record.conversation)
      await store.commit([
        { table: 'records', put: gone },
        ...(chat ? [{ table: 'conversations', put: { ...chat, messages: chat.messages - 1 } } as const] : []),
      ])
    },
    nickname: async (who, { alias, picture }) => {
      const contact = await store.get('contacts', who)
      if (!contact) return
      const { alias: _, ...rest } = contact
      await store.commit([
        { table: 'contacts', put: alias === undefined ? rest : { ...rest, alias } },
        picture ? { table: 'pictures', put: { of: who, picture } } : { table: 'pictures', remove: who },
      ])
    },
    notes: async () => {
      const put = chatOf('notes', now(), { circle: { kind: 'self' } })
      if (!(await store.get('conversations', put.id))) await store.commit([{ table: 'conversations', put }])
      return put.id
    },
    rename: async (name) => {
      const self = await store.get('self', 'self')
      if (self) await store.commit([{ table: 'self', put: { ...self, name } }])
    },
    markRead: (id) => change(id, ({ mentioned: _, ...chat }) => ({ ...chat, unread: 0 })),
    saveDraft: (id, draft) => change(id, (chat) => ({ ...chat, draft })),
  }
}

/** What a mark does to its target. */
async function mark(
  store: Store,
  { id, body, by }: { id: Conversation['id']; body: MarkBody; by: Marking },
): Promise<void> {
  const row = await store.get('records', targetKey(id, body.target))
  if (!row?.message) return
  const { author, seq, clock } = row.message
  const message =
    body.kind === 'delete'
      ? { author, seq, clock, body: undefined, deleted: true as const }
      : { ...row.message, ...marked(row.message, body, by) }
  await store.commit([{ table: 'records', put: { ...row, message } }])
}

export function fakePairing(store: Store, now: () => number): Pairing {
  let made = 0
  const show = (via: 'qr' | 'link'): Promise<Shown> => {
    const expires = now() + (via === 'qr' ? 10 * 60_000 : 7 * 24 * 3_600_000)
    const secret = new Uint8Array(16).fill(++made)
    const invite = { secret, expires, identity: ME, address: address(ME.slice(0, 40)), name: 'Quiet Otter' }
    const text = via === 'qr' ? inviteForQr(invite, location.origin) : inviteForLink(invite, location.origin)
    return Promise.resolve({ text, expires })
  }
  return {
    show,
    renew: show,
    read: (text) => {
      const read = readInvite(text, location.origin)
      if (!('invite' in read)) return read
      return read.invite.identity === ME ? { problem: 'own' } : read
    },
    accept: async ({ name }) => {
      await store.commit([
        { table: 'contacts', put: invitedContact(name) },
        { table: 'conversations', put: chatOf(name, now(), {}) },
      ])
      return { conversation: conversationOf(name), peer: keyOf(name) }
    },
  }
}

let heard = 0

/** Lets somebody say something. */
export function hear(store: Store, now: () => number) {
  return async (name: string, text: string): Promise<void> => {
    const chat = await store.get('conversations', conversationOf(name))
    if (!chat) return
    const put = recordOf(name, keyOf(name), { seq: 50_000 + ++heard, clock: now() }, { kind: 'text', text })
    const { messages, unread } = chat
    const counted = {
      messages: messages + 1,
      unread: unread + 1,
      active: now(),
      last: { author: keyOf(name), text },
    }
    await store.commit([
      { table: 'records', put },
      { table: 'conversations', put: { ...chat, ...counted } },
    ])
  }
}

/** A link as somebody called Hanna would send it. */
export function anInvite(now: number): string {
  const identity = keyOf('Hanna')
  const [secret, expires] = [new Uint8Array(16).fill(7), now + 3_600_000]
  return inviteForLink(
    { secret, expires, identity, address: address(identity.slice(0, 40)), name: 'Hanna' },
    location.origin,
  )
}

/** A link into a group, as it hangs on a wall. */
export function aPoster(now: number): string {
  const identity = keyOf('Hanna')
  const [secret, expires] = [new Uint8Array(16).fill(8), now + 3_600_000]
  const where = { identity, address: address(identity.slice(0, 40)) }
  return inviteForLink({ secret, expires, ...where, name: 'Allotment 12', group: true }, location.origin)
}

const nothing = () => undefined

/** Calls that never ring. */
export function fakeCalls(): Calls {
  const state = watched<CallView>({ call: { at: 'idle' }, troubles: {} })
  const frames = { onFrame: nothing, onSignal: nothing, onLinked: nothing, onUnlinked: nothing }
  const acts = {
    elapsed: () => 0,
    call: nothing,
    accept: nothing,
    decline: nothing,
    hangUp: nothing,
    setMuted: nothing,
    setCamera: nothing,
  }
  return { state, busy: watched(false), ...acts, ...frames }
}

const MOVING = {
  at: 'moving',
  paused: false,
  done: 1_260_000_000,
  bytesPerSecond: 8_300_000,
  secondsLeft: 258,
} as const
const VIEWS: Record<string, FileView> = {
  'canal-by-night.jpg': { at: 'complete', savable: true },
  'trombone.m4a': { at: 'waiting' },
  'agenda.odt': { at: 'gone', reason: 'missing' },
  'the whole archive of the choir.zip': MOVING,
}

/** How a file stands with all to whom it goes. */
const GOING = new Map<IdentityKey, FileView>([
  [keyOf('Ann Lindqvist'), { at: 'complete', savable: true }],
  [keyOf('Cem'), { at: 'complete', savable: true }],
  [keyOf('Rosa'), { ...MOVING, done: 5_100_000, bytesPerSecond: 610_000, secondsLeft: 6 }],
  [keyOf('Quiet Heron'), { at: 'waiting' }],
])

/** Files that stay where they are. */
export function fakeFiles(): Files {
  const done = () => Promise.resolve()
  const frames = {
    onFrame: nothing,
    onSignal: nothing,
    onLinked: nothing,
    onUnlinked: nothing,
    onArrived: nothing,
    onDiscarded: nothing,
  }
  return {
    ...{ start: done, send: done, sendText: done, save: done, text: () => Promise.resolve(undefined) },
    ...{
      view: ({ manifest, peer }) =>
        watched<FileView>(GOING.get(peer) ?? VIEWS[manifest.name] ?? { at: 'offered' }),
      receivers: (file) => (file === 'f1'.repeat(16) ? [...GOING.keys()] : [keyOf('Ben Okafor')]),
      accept: nothing,
      cancel: nothing,
      close: nothing,
    },
    ...{ busy: watched(false), dropped: 0 },
    ...frames,
  }
}
