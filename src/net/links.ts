import type { IdentityKey } from '../core/ids.ts'
import type { Frame } from '../protocol/frame.ts'
import type { Path } from './channel.ts'

/** How we stand to one person just now. */
export type LinkState =
  | { readonly at: 'offline' }
  | { readonly at: 'connecting' }
  /** `path` is undefined until the transport has told. */
  | { readonly at: 'linked'; readonly path: Path | undefined }

/** The bound links of this device: at most one per person that counts. A frame goes out on that one. */
export interface Links {
  state(peer: IdentityKey): LinkState
  /** False when there is no link: the caller keeps what it wanted to say. */
  send(peer: IdentityKey, frame: Frame): boolean
  /** Bytes waiting to leave on the link, 0 without one. */
  waiting(peer: IdentityKey): number
  /** Returns the function that ends it. */
  watch(listener: (peer: IdentityKey) => void): () => void
}
