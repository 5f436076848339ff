import { FIRST_ERA } from '../../../src/core/era.ts'
import { address, type ConversationId } from '../../../src/core/ids.ts'
import { handedOver } from '../../../src/core/handover.ts'
import { firstMembership } from '../../../src/core/membership.ts'
import { watched } from '../../../src/core/watched.ts'
import type { Groups } from '../../../src/features/groups/groups.ts'
import type { Signs } from '../../../src/features/signs/signs.ts'
import { inviteForLink, inviteForQr } from '../../../src/protocol/invite.ts'
import type { Change, Store } from '../../../src/store/store.ts'
import { chatOf, conversationOf, incarnationOf, keyOf, ME } from './people.ts'

const done = () => Promise.resolve(undefined)
const nothing = () => undefined
const MONTH_MS = 30 * 24 * 3_600_000

/** Groups of which nobody else hears. */
export function fakeGroups(store: Store, now: () => number): Groups {
  const put = (...changes: Change[]) => store.commit(changes)
  const open = async (name: string): Promise<ConversationId> => {
    const id = conversationOf(name)
    const circle = { kind: 'group', name } as const
    await put(
      { table: 'conversations', put: chatOf(name, now(), { circle }) },
      { table: 'memberships', put: { ...firstMembership(id, [ME], FIRST_ERA), organiser: ME } },
    )
    return id
  }
  return {
    create: async ({ name, people, picture }) => {
      const group = await open(name)
      const asked = people.map((identity): Change => ({
        table: 'requests',
        put: { group, identity, at: 'asked' },
      }))
      await put(...asked, ...(picture ? [{ table: 'pictures', put: { of: group, picture } } as const] : []))
      return group
    },
    invite: async (group, people) => {
      await put(
        ...people.map((identity): Change => ({ table: 'requests', put: { group, identity, at: 'asked' } })),
      )
      return undefined
    },
    answer: async (id, answer) => {
      const known = await store.get('invitations', id)
      if (!known) return
      if (answer === 'join') await put({ table: 'invitations', put: { ...known, at: 'accepted' } })
      else await put({ table: 'invitations', remove: id })
    },
    forget: (id) => put({ table: 'invitations', remove: id }),
    remove: async (group, who) => {
      const known = await store.get('memberships', group)
      const seats = known?.seats.filter(({ identity }) => identity !== who) ?? []
      if (known) await put({ table: 'memberships', put: { ...known, seats } })
      return undefined
    },
    describe: async (id, { name, picture }) => {
      const chat = await store.get('conversations', id)
      if (chat) await put({ table: 'conversations', put: { ...chat, circle: { kind: 'group', name } } })
      await put(picture ? { table: 'pictures', put: { of: id, picture } } : { table: 'pictures', remove: id })
    },
    leave: async (id) => {
      const chat = await store.get('conversations', id)
      if (chat) await put({ table: 'conversations', put: { ...chat, left: true } })
    },
    handOver: async (group, successor) => {
      const known = await store.get('memberships', group)
      const handover = {
        generation: known?.era.generation ?? 0,
        by: ME,
        to: successor,
        at: { incarnation: incarnationOf(ME), seq: 1 },
      }
      if (known) await put({ table: 'memberships', put: handedOver(known, handover) })
    },
    poster: async (group, { via, admit }) => {
      const secret = new Uint8Array(16).fill(9)
      const expires = Math.floor((now() + MONTH_MS) / 1000) * 1000
      const shown = { secret, expires, via, state: 'live', group: { conversation: group, admit } } as const
      await put({ table: 'invites', put: shown })
      const invite = {
        secret,
        expires,
        identity: ME,
        address: address(ME.slice(0, 40)),
        name: 'Crew',
        group: true,
      } as const
      const text =
        via === 'qr' ? inviteForQr(invite, location.origin) : inviteForLink(invite, location.origin)
      return { text, expires }
    },
    decide: async (group, identity, answer) => {
      const known = await store.get('requests', `${group}/${identity}`)
      const at = answer === 'admit' ? 'admitted' : 'turned-away'
      if (known) await put({ table: 'requests', put: { ...known, at } })
    },
    knock: ({ secret, identity: organiser, address, name, expires }) =>
      put({
        table: 'invitations',
        put: { id: 'a7'.repeat(16), name, organiser, at: 'accepted', poster: { secret, address, expires } },
      }),
    meet: async (who) => {
      const [identity, name] = typeof who === 'string' ? [who, undefined] : [who.identity, who.name]
      const known = await store.get('contacts', identity)
      const chat = chatOf(name ?? known?.name ?? '?', now(), { circle: { kind: 'pair', peer: identity } })
      await put({ table: 'conversations', put: chat })
      return chat.id
    },
    ...{ goOnWithout: done, follow: done, withdraw: done, introduce: done, turnedAway: done },
  }
}

/** Cem writes to the choir, and looks elsewhere. */
export function fakeSigns(): Signs {
  const cem = keyOf('Cem')
  return {
    ...{
      typing: watched(new Map([[conversationOf('Kitchen choir'), [cem]]])),
      away: watched(new Set([cem])),
    },
    ...{ write: nothing, look: nothing, tell: nothing },
    ...{ onLinked: nothing, onUnlinked: nothing, onFrame: nothing },
  }
}
