import { readersOf } from '../core/membership.ts'
import { feedOf } from '../core/record.ts'
import type { Store } from '../store/store.ts'
import { reachKey, type StoredRecord } from '../store/tables.ts'
import type { Draft } from './draft.ts'
import { conceal, entomb } from './entomb.ts'
import type { Ledger } from './ledger.ts'

/** Takes a message off this device; nothing of it is left here, except what others are still owed. */
export async function hide(draft: Draft, key: string): Promise<void> {
  const row = await draft.record(key)
  if (!row?.message) return
  if (await isOwed(draft, row)) conceal(draft, row)
  else await entomb(draft, key, 'gone')
}

/** Somebody whom it is for has not got it yet, or not all of its file. */
async function isOwed(draft: Draft, { record, message }: StoredRecord): Promise<boolean> {
  const membership = draft.get('memberships', record.conversation)
  if (record.author !== draft.self.identity || !membership) return false
  for (const peer of readersOf(membership, record)) {
    const reach = draft.get('reaches', reachKey({ feed: feedOf(record), peer }))
    if ((reach?.delivered ?? 0) < record.seq) return true
    if (message?.body?.kind !== 'file') continue
    const transfer = await draft.load('transfers', `${message.body.manifest.file}/${peer}`)
    if (transfer?.state.at === 'waiting' || transfer?.state.at === 'moving') return true
  }
  return false
}

/** Takes the rest of concealed messages away once nobody is owed it; after a restart, too. */
export interface Purge {
  /** Something that may settle what is owed was written. */
  look(): void
}

export function createPurge(deps: {
  readonly ledger: Ledger
  readonly store: Store
  failed(error: unknown): void
}): Purge {
  const { ledger, store, failed } = deps
  let looking: Promise<void> = Promise.resolve()

  const sweep = async (): Promise<void> => {
    const all = await store.all('concealed')
    if (all.length === 0) return
    await ledger.transact(async (draft) => {
      for (const { record } of all) await settle(draft, record)
    })
  }
  const look = (): void => {
    looking = looking.then(sweep).catch(failed)
  }
  look()
  return { look }
}

async function settle(draft: Draft, key: string): Promise<void> {
  const row = await draft.record(key)
  if (!row?.message) draft.remove('concealed', key)
  else if (!(await isOwed(draft, row))) await entomb(draft, key, 'gone')
}
