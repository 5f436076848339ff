import type { FileStep } from '../../core/file.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import type { Receiving } from '../../core/transfer-receiving.ts'
import type { Sending } from '../../core/transfer-sending.ts'
import { recordKey } from '../../core/record.ts'
import { blocksOf } from '../../core/transfer-layout.ts'
import type { Store } from '../../store/store.ts'
import { SHAPES, type Discard, type StoredRecord, type Transfer } from '../../store/tables.ts'
import { transferKey, type FileRef, type FilesDeps } from './types.ts'

/** Keeps the transfers' rows. Rows that come while one commit runs share the next. */
export interface Ledger {
  /** Resolves when it is on the disk. */
  put(row: Transfer): Promise<void>
  /** Resolves when everything that was put is on the disk. */
  settled(): Promise<void>
  /** The other side knows how it ended. */
  told(ref: { file: FileId; peer: IdentityKey }): Promise<void>
  remove(row: Transfer): Promise<void>
  /** Nothing lies here any more of what was to be discarded. */
  forget(rows: readonly Transfer[], discarded: Discard): Promise<void>
}

export function createLedger(store: Store): Ledger {
  const pending = new Map<string, Transfer>()
  let running: Promise<void> | undefined

  const flush = async (): Promise<void> => {
    try {
      while (pending.size > 0) {
        const rows = [...pending.values()]
        pending.clear()
        await store.commit(rows.map((put) => ({ table: 'transfers', put })))
      }
    } finally {
      running = undefined
    }
  }
  const put = (row: Transfer): Promise<void> => {
    pending.set(transferKey(row), row)
    return (running ??= flush())
  }
  const settled = async (): Promise<void> => running
  return {
    put,
    settled,
    told: async (ref) => {
      await settled()
      const row = await store.get('transfers', transferKey(ref))
      if (row && !row.told) await put({ ...row, told: true })
    },
    remove: async (row) => {
      await running
      await store.commit([{ table: 'transfers', remove: transferKey(row) }])
    },
    forget: async (rows, discarded) => {
      await settled()
      const removed = rows.map((row) => ({ table: 'transfers' as const, remove: transferKey(row) }))
      await store.commit([...removed, { table: 'discards', remove: SHAPES.discards.key(discarded) }])
    },
  }
}

/** Never claims more than is on the disk: blocks beyond `written` do not count. */
export function rowOf({ peer, direction, manifest }: FileRef, state: Sending | Receiving): Transfer {
  const total = blocksOf(manifest)
  return {
    file: manifest.file,
    manifest,
    peer,
    direction,
    total,
    blocks: blocksDone(state, total),
    state: rowState(state),
  }
}

function blocksDone(state: Sending | Receiving, total: number): number {
  if (state.at === 'complete') return total
  return 'written' in state ? state.written : 0
}

function rowState(state: Sending | Receiving): Transfer['state'] {
  switch (state.at) {
    case 'waiting':
    case 'offered':
      return { at: 'waiting' }
    case 'serving':
    case 'paused':
    case 'fetching':
      return { at: 'moving' }
    default:
      return state
  }
}

/** What the other side must know of how it ended here. */
export function lastWord({ direction, state, total }: Transfer): FileStep | undefined {
  if (state.at === 'cancelled' && state.by === 'us') return { step: 'cancel' }
  if (state.at === 'complete' && direction === 'receiving') return { step: 'want', ticket: 0, from: total }
  if (state.at !== 'gone') return undefined
  const theirs = state.reason === 'missing' || state.reason === 'changed'
  if (direction === 'sending') return theirs ? { step: 'gone', reason: state.reason } : undefined
  return theirs ? undefined : { step: 'cancel' }
}

/** The message that offers this file; looks from the newest back. */
export async function findOffer(
  { store, me }: Pick<FilesDeps, 'store' | 'me'>,
  wanted: { file: FileId; peer: IdentityKey; direction: FileRef['direction'] },
): Promise<StoredRecord | undefined> {
  const conversations = (await store.all('conversations')).filter(
    ({ circle }) => circle.kind === 'group' || (circle.kind === 'pair' && circle.peer === wanted.peer),
  )
  const author = wanted.direction === 'sending' ? me : wanted.peer
  const fits = ({ message }: StoredRecord): boolean =>
    message?.author === author && message.body?.kind === 'file' && message.body.manifest.file === wanted.file
  for (const { local } of conversations) {
    const found = await lastOf(store, local, fits)
    if (found) return found
  }
  return undefined
}

async function lastOf(
  store: Store,
  local: number,
  fits: (row: StoredRecord) => boolean,
): Promise<StoredRecord | undefined> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await store.page(local, { before, limit: 200 })
    const found = page.find(fits)
    const oldest = page.at(-1)?.order
    if (found || oldest === undefined) return found
    before = oldest
  }
}

/** The message says from now on that it can never go. */
export async function markFailed(
  deps: Pick<FilesDeps, 'store' | 'me' | 'fileGone'>,
  ref: FileRef,
): Promise<void> {
  const offer = await findOffer(deps, { ...ref, file: ref.manifest.file })
  if (offer) await deps.fileGone(recordKey(offer.record))
}
