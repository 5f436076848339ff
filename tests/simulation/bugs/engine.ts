import { vi } from 'vitest'
import type * as Clock from '../../../src/core/clock.ts'
import type * as Feeds from '../../../src/core/feed.ts'
import type * as Memberships from '../../../src/core/membership.ts'
import type * as Rosters from '../../../src/core/roster.ts'
import type * as Departure from '../../../src/sync/departure.ts'
import type * as Draft from '../../../src/sync/draft.ts'
import type * as Haves from '../../../src/sync/have.ts'
import type * as KeyPackages from '../../../src/sync/key-packages.ts'
import type * as Ledgers from '../../../src/sync/ledger.ts'
import type * as Seals from '../../../src/sync/seal.ts'
import type * as SetBack from '../../../src/sync/set-back.ts'
import type * as Tend from '../../../src/sync/tend.ts'
import type * as Wishes from '../../../src/sync/wish.ts'

/** What each of these does in place of what it should, in the engine itself: planted before the engine is loaded. */
export const ENGINE: Readonly<Record<string, () => void>> = {
  'what came twice is taken twice': () =>
    plant<typeof Feeds>('core/feed.ts', ({ fits }) => ({
      fits: (feed, seq) => (seq === feed.seq ? 'next' : fits(feed, seq)),
    })),
  'a gap in a feed is passed over': () =>
    plant<typeof Feeds>('core/feed.ts', ({ fits }) => ({
      fits: (feed, seq) => (seq > feed.seq ? 'next' : fits(feed, seq)),
    })),
  'what is not on the disk is acknowledged': () =>
    plant<typeof Feeds>('core/feed.ts', ({ haveOf }) => ({
      haveOf: (feed, peer) => ({ ...haveOf(feed, peer), seq: feed.seq + (feed.seq > 3 ? 1 : 0) }),
    })),
  'what was given counts as delivered': () =>
    plant<typeof Haves>('sync/have.ts', ({ confirm }) => ({
      confirm: async (draft, { peer, entries, believed }, now) => {
        const more = entries.flatMap((entry) => {
          const feed = draft.get('feeds', `${entry.conversation}/${entry.author}/${entry.incarnation}`)
          return feed?.author === draft.self.identity
            ? { ...entry, seq: feed.left ?? 0, head: entry.head }
            : []
        })
        const result = await confirm(draft, { peer, entries, believed }, now)
        for (const { conversation, author, incarnation, seq } of more) {
          const feed = { conversation, author, incarnation }
          draft.put('reaches', { feed, peer, sent: seq, delivered: seq })
        }
        return result
      },
    })),
  'of two words of one moment whoever came first stands first': () => {
    let at = 0
    plant<typeof Clock>('core/clock.ts', ({ comparePlaces }) => ({
      comparePlaces: (a, b) => (a.clock === b.clock ? (at++ % 2) - 0.5 : comparePlaces(a, b)),
    }))
  },
  'the own clock goes back with the wall clock': () =>
    plant<typeof Clock>('core/clock.ts', () => ({ nextClock: ({ wall }) => wall })),
  'the state before sealing is kept': () =>
    plant<typeof Seals>('sync/seal.ts', ({ seal }) => ({
      seal: async (held, record, mls) => ({ ...(await seal(held, record, mls)), held }),
    })),
  'a device that was set back goes on with its old keys': () =>
    plant<typeof SetBack>('sync/set-back.ts', ({ rollBack }) => ({
      rollBack: async (draft) => {
        const kept = draft.all('mls')
        await rollBack(draft)
        for (const one of kept) draft.put('mls', one)
      },
    })),
  'a device that was set back goes on as it was': () =>
    plant<typeof Haves>('sync/have.ts', ({ confirm }) => ({
      confirm: async (...given) => ({ ...(await confirm(...given)), setBack: false }),
    })),
  'everybody is given everything': () =>
    plant<typeof Memberships>('core/membership.ts', () => ({ entitlement: () => 'whole' as const })),
  'whoever was removed may still write': () =>
    plant<typeof Memberships>('core/membership.ts', () => ({ mayWrite: () => true })),
  'a commit counts whoever made it': () =>
    plant<typeof Rosters>('core/roster.ts', ({ judge }) => ({
      judge: (membership, roster, known) => {
        const { handovers: __, ...held } = membership
        const author =
          roster.cause === 'commit' ? (held.organiser ?? known.record.author) : known.record.author
        return judge(held, roster, { ...known, record: { ...known.record, author } })
      },
    })),
  'after a restart nothing waits to be sent': () =>
    plant<typeof Ledgers>('sync/ledger.ts', ({ openLedger }) => ({
      openLedger: async (store) => {
        const ledger = await openLedger(store)
        const feeds = ledger?.state.feeds as Map<string, Feeds.Feed> | undefined
        for (const [key, feed] of feeds ?? []) {
          if (feed.author === ledger?.state.self.identity)
            feeds?.set(key, { ...feed, claimed: feed.seq, left: 0 })
        }
        return ledger
      },
    })),
  'what leaves is not marked as gone': () =>
    plant<typeof Departure>('sync/departure.ts', ({ prepare }) => ({
      prepare: async (draft, author, trip) => {
        const before = new Map(draft.feedsOf(trip.conversation).map((feed) => [feed, feed]))
        const states = draft.all('mls').filter(({ conversation }) => conversation === trip.conversation)
        const departure = await prepare(draft, author, trip)
        for (const feed of before.values()) if (feed.author === draft.self.identity) draft.put('feeds', feed)
        for (const state of states) draft.put('mls', state)
        return departure
      },
    })),
  'one key package serves for all that one wishes': () => {
    const made = new WeakMap<object, Uint8Array<ArrayBuffer>>()
    plant<typeof KeyPackages>('sync/key-packages.ts', ({ keyPackageFor }) => ({
      keyPackageFor: async (draft: Draft.Draft, author, purpose) => {
        const known = made.get(author.mls)
        if (known) return known
        const fresh = await keyPackageFor(draft, author, purpose)
        made.set(author.mls, fresh)
        return fresh
      },
    }))
  },
  'nobody asks for lost keys': () =>
    plant<typeof Wishes>('sync/wish.ts', ({ wishOf }) => ({
      wishOf: (keys, conversation, given) =>
        keys.memberships.get(conversation)?.organisers.length === 0
          ? wishOf(keys, conversation, given)
          : undefined,
    })),
  'an organiser who lost the keys leaves it at that': () =>
    plant<typeof Tend>('sync/tend.ts', ({ dutyOf }) => ({
      dutyOf: (...given) => {
        const duty = dutyOf(...given)
        return duty === 'begin-anew' ? undefined : duty
      },
    })),
  'what a device forgot and nobody knows better is never taken up again': () =>
    plant<typeof SetBack>('sync/set-back.ts', () => ({ takenUp: () => Promise.resolve() })),
  'what a peer said first about its group stands': () =>
    plant<typeof Haves>('sync/have.ts', () => ({ newerAgreement: (before, next) => before ?? next })),
}

/** From now on whoever loads that module of the engine gets it with this change. */
function plant<Module extends object>(path: string, change: (module: Module) => Partial<Module>): void {
  vi.doMock(`../../../src/${path}`, async (original) => {
    const module = await original<Module>()
    return { ...module, ...change(module) }
  })
  planted.push(`../../../src/${path}`)
}

const planted: string[] = []

/** The engine is as it should be again for whoever loads it next. */
export function weed(): void {
  for (const path of planted.splice(0)) vi.doUnmock(path)
  vi.resetModules()
}
