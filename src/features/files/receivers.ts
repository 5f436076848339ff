import type { FileId, IdentityKey } from '../../core/ids.ts'

/** To whom each file of ours goes. */
export interface Receivers {
  add(file: FileId, peer: IdentityKey): void
  of(file: FileId): readonly IdentityKey[]
}

export function createReceivers(): Receivers {
  const all = new Map<FileId, IdentityKey[]>()
  const of = (file: FileId): readonly IdentityKey[] => all.get(file) ?? []
  return {
    of,
    add: (file, peer) => {
      if (!of(file).includes(peer)) all.set(file, [...of(file), peer])
    },
  }
}
