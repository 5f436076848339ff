import { toHex } from '../core/bytes.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import type { Timers } from '../core/timers.ts'
import type { Link } from '../net/link.ts'
import type { Frame } from '../protocol/frame.ts'
import type { TableName } from '../store/rows.ts'
import type { Store, Touched } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import { createActs, type Acts } from './acts.ts'
import type { Author } from './author.ts'
import { createDelivery, type Delivery, type DeliveryFrame } from './delivery.ts'
import { agreementOf } from './have.ts'
import { createPurge } from './hide.ts'
import { createKeeper, type Keeper, type KeeperFrame } from './keeper.ts'
import type { Ledger } from './ledger.ts'
import type { Life } from './life.ts'
import { openPair } from './pair.ts'
import { createReports } from './report.ts'
import { createVanishing } from './vanish.ts'

export interface SyncDeps {
  readonly ledger: Ledger
  readonly store: Store
  readonly author: Author
  readonly life: Life
  readonly timers: Timers
  /** Records just stored here, from whomever. */
  stored(records: readonly StoredRecord[]): void
  /** Whether their word is enough to believe that this device was set back. */
  believes(link: Link): boolean
  /** Our own words were said in another life of this device, which it does not remember. */
  setBack(link: Link, beginAgain: () => Promise<void>): void
  /** An organiser does not let us in. */
  turnedAway(link: Link, frame: Frame & { type: 'turned-away' }): Promise<void>
  /** True while there is a link to them. */
  linked(who: IdentityKey): boolean
  /** True when the link is the one to send on. */
  counts(link: Link): boolean
  failed(error: unknown): void
}

/** What tells to whom a message is still owed. */
const OWED: readonly TableName[] = ['concealed', 'reaches', 'memberships', 'transfers']

/** Brings every record to everybody it is for, and keeps the keys that this takes. */
export interface Sync {
  readonly acts: Acts
  readonly delivery: Delivery
  linked(link: Link): void
  unlinked(link: Link): void
  drained(link: Link): void
  frame(link: Link, frame: DeliveryFrame | KeeperFrame): void
  /** Something was written. */
  touched(touched: Touched): void
  close(): void
}

export function openSync(deps: SyncDeps): Sync {
  const { ledger, store, author, timers, life, believes, counts, failed } = deps
  const groups = new Map<ConversationId, string>()
  const delivery: Delivery = createDelivery({
    ...{ ledger, store, author, timers, believes, counts },
    stored: (_, records) => {
      deps.stored(records)
    },
    setBack: (link, incarnation) => {
      deps.setBack(link, () => acts.beginAgain({ instead: incarnation }))
    },
    apart: (conversation, who) => {
      acts.change(conversation, (chat) => apartFrom(chat, who)).catch(failed)
    },
    unfit: (conversation) => {
      giveUpKeys(ledger, conversation).catch(failed)
    },
    begun: (link, conversation) => {
      if (ledger.state.contacts.get(link.peer)?.conversation !== conversation) return
      ledger.transact((draft) => void openPair(draft, link.peer, author)).catch(failed)
    },
    known: (link, conversation) => {
      keeper.known(link, conversation)
    },
    failed: (link, error) => {
      failed(error)
      link.close('leaving')
    },
  })
  const acts = createActs(ledger, author, delivery)
  const keeper: Keeper = createKeeper({
    ...{ ledger, author, delivery, timers, counts, failed },
    turnedAway: (link, frame) => deps.turnedAway(link, frame),
  })
  const reports = createReports({
    ...{ ledger, author, delivery, timers, failed },
    linked: (who) => deps.linked(who),
  })
  const vanishing = createVanishing({ ledger, store, timers, life, failed })
  const purge = createPurge({ ledger, store, failed })

  /** Conversations whose MLS group is another one now; its state alone changes with every message. */
  const regrouped = (touched: Touched): Set<ConversationId> => {
    const changed = [...touched.groups].filter((conversation) => {
      const now = groupNow(ledger, conversation, author)
      const same = groups.get(conversation) === now
      groups.set(conversation, now)
      return !same
    })
    return new Set([...changed, ...touched.memberships])
  }

  return {
    acts,
    delivery,
    linked: (link) => {
      delivery.linked(link)
      keeper.linked(link)
    },
    unlinked: (link) => {
      delivery.unlinked(link)
      keeper.unlinked(link)
    },
    drained: (link) => {
      delivery.drained(link)
    },
    frame: (link, frame) => {
      if (frame.type === 'join' || frame.type === 'welcome' || frame.type === 'turned-away')
        keeper.frame(link, frame)
      else delivery.frame(link, frame)
    },
    touched: (touched) => {
      const { tables } = touched
      if (tables.has('records')) {
        delivery.offer()
        reports.look()
      }
      const conversations = regrouped(touched)
      if (conversations.size > 0) delivery.regroup(conversations)
      if (conversations.size > 0 || tables.has('requests') || tables.has('invitations')) keeper.tend()
      if (tables.has('vanishings')) vanishing.look()
      if (OWED.some((table) => tables.has(table))) purge.look()
    },
    close: () => {
      delivery.close()
      keeper.close()
      reports.close()
      vanishing.close()
    },
  }
}

/** Keys that do not fit those of the others are of no use: we ask to be added anew. */
async function giveUpKeys(ledger: Ledger, conversation: ConversationId): Promise<void> {
  await ledger.transact((draft) => {
    const organiser = draft.get('memberships', conversation)?.organiser
    if (organiser !== draft.self.identity) draft.remove('mls', conversation)
  })
}

function groupNow(ledger: Ledger, conversation: ConversationId, { mls }: Author): string {
  const agreement = agreementOf(ledger.state, conversation, mls)
  return agreement ? `${toHex(agreement.group)}/${String(agreement.era.epoch)}` : ''
}

function apartFrom(chat: Conversation, who: IdentityKey): Conversation {
  const { apart = [] } = chat
  return apart.includes(who) ? chat : { ...chat, apart: [...apart, who] }
}
