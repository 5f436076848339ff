import type { Manifest } from '../../core/body.ts'
import type { Bytes } from '../../core/bytes.ts'
import type { FileSignal } from '../../core/file.ts'
import type { ConversationId, FileId, IdentityKey } from '../../core/ids.ts'
import type { Timers } from '../../core/timers.ts'
import type { Loss } from '../../core/transfer-receiving.ts'
import type { Watched } from '../../core/watched.ts'
import type { OpenLane } from '../../net/lane.ts'
import type { Links } from '../../net/links.ts'
import type { Signal } from '../../protocol/signal.ts'
import type { Disk } from '../../store/disk.ts'
import type { Store } from '../../store/store.ts'
import type { Engine } from '../context.ts'
import type { Saver } from './save.ts'

/** A file as a message shows it. */
export interface FileRef {
  readonly peer: IdentityKey
  /** 'sending' if it is ours. */
  readonly direction: 'sending' | 'receiving'
  readonly manifest: Manifest
}

/** How a file stands, for the screen. */
export type FileView =
  /** The store was not read yet. */
  | { readonly at: 'loading' }
  /** They offer it; it waits for our consent. */
  | { readonly at: 'offered' }
  /** We offer it; they have not asked for any of it yet. */
  | { readonly at: 'waiting' }
  | Moving
  /** `savable`: it lies on this disk. */
  | { readonly at: 'complete'; readonly savable: boolean }
  | { readonly at: 'cancelled'; readonly by: 'us' | 'them' }
  | { readonly at: 'gone'; readonly reason: Loss }

export interface Moving {
  readonly at: 'moving'
  /** No way to the other person just now; it goes on by itself. */
  readonly paused: boolean
  /** It rests because this device cannot store it, for another reason than a full disk. */
  readonly unwritable?: true
  /** Bytes on the receiver's disk. */
  readonly done: number
  readonly bytesPerSecond: number
  /** Undefined while nobody can tell. */
  readonly secondsLeft: number | undefined
}

/** Where a file goes. */
export interface Destination {
  readonly conversation: ConversationId
  /** Each of them is served on their own. */
  readonly peers: readonly IdentityKey[]
}

export interface FilesDeps extends Pick<Engine, 'me' | 'say'> {
  readonly store: Store
  readonly links: Links
  readonly disk: Disk
  readonly timers: Timers
  readonly openLane: OpenLane
  readonly saver: Saver
  iceServers(): RTCIceServer[]
  /** So many random bytes. */
  random(length: number): Bytes
  /** Says in the message of that recordKey that its file can be had no more. */
  fileGone(record: string): Promise<void>
  /** An opaque name for a thing on this device's disk: the vault's. */
  lookup(name: string): string
  /** An error nobody foresaw; nothing else stops because of it. */
  report(error: unknown): void
}

export interface Files {
  /** Reads what is unfinished. Call once, before links come. */
  start(): Promise<void>
  /** Resolves when the messages are stored; rejects when that failed. */
  send(to: Destination, files: readonly File[]): Promise<void>
  /** A message longer than MAX_TEXT goes as a text file that says so. */
  sendText(to: Destination, text: string): Promise<void>
  view(ref: FileRef): Watched<FileView>
  /** To whom a file of ours goes. */
  receivers(file: FileId): readonly IdentityKey[]
  accept(ref: FileRef): void
  /** Declines, stops or withdraws it, on both sides. */
  cancel(ref: FileRef): void
  /** Resolves once the browser has all of it; rejects with SaveFailed, SaveCancelled or UnreadableFile. */
  save(ref: FileRef): Promise<void>
  /** A long text that is here; undefined for anything else. */
  text(ref: FileRef): Promise<string | undefined>
  /** Something moves: not the moment to close or update the app. */
  readonly busy: Watched<boolean>
  /** Messages and signals that came late or were hostile. */
  readonly dropped: number
  onFrame(peer: IdentityKey, signal: FileSignal): void
  onSignal(peer: IdentityKey, lane: string, signal: Signal): void
  onLinked(peer: IdentityKey): void
  onUnlinked(peer: IdentityKey): void
  /** A record with this manifest was stored; it is the peer's. May be called again for the same. */
  onArrived(peer: IdentityKey, manifest: Manifest): void
  /** Messages with files are here no more: what lies here of those goes (the table 'discards'). */
  onDiscarded(): void
  close(): void
}

/** Names a transfer as the store does. */
export function transferKey({ file, peer }: { file: FileId; peer: IdentityKey }): string {
  return `${file}/${peer}`
}

/** Where its blocks lie. By direction and peer, so that no file of a stranger can pose as another. */
export function diskName(
  { lookup }: Pick<FilesDeps, 'lookup'>,
  {
    direction,
    peer,
    manifest: { file },
  }: Pick<FileRef, 'direction' | 'peer'> & { manifest: { file: FileId } },
): string {
  return direction === 'sending' ? ownName({ lookup }, file) : lookup(`file/${peer}/${file}`)
}

/** A file of ours lies on the disk once, however many it goes to. */
export function ownName({ lookup }: Pick<FilesDeps, 'lookup'>, file: FileId): string {
  return lookup(`file/own/${file}`)
}
