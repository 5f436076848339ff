import { extensionOf } from '../../core/file-name.ts'
import { DiskFull } from '../../store/disk.ts'
import { SaveCancelled, SaveFailed } from './save.ts'
import { UnreadableFile } from './source.ts'
import type { FileView } from './types.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** "820 byte", "1.4 MB": in powers of 1,000, as systems show it. */
export function sizeText(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  const maximumFractionDigits = power > 0 && value < 100 ? 1 : 0
  const unit = UNITS[power] ?? 'byte'
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumFractionDigits }).format(value)
}

/** "less than a minute left", "3 min left", "2 hr 5 min left" */
function leftText(seconds: number): string {
  if (seconds < 5) return 'a few seconds left'
  if (seconds < 60) return `${String(seconds)} sec left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${String(minutes)} min left`
  return `${String(Math.floor(minutes / 60))} hr ${String(minutes % 60)} min left`
}

/** Between whom it goes. */
export interface Between {
  readonly own: boolean
  /** The other person. */
  readonly name: string
  /** With several to whom it goes: so many of them have it. */
  readonly crowd?: { readonly have: number; readonly of: number } | undefined
}

/** What stands under the name, after the size; empty where nothing needs to be said. */
export function stateText(view: FileView, who: Between): string {
  const { crowd } = who
  const haveIt = crowd && `${String(crowd.have)} of ${String(crowd.of)} have it`
  switch (view.at) {
    case 'loading':
    case 'offered':
      return ''
    case 'complete':
      return haveIt ?? ''
    case 'waiting':
      return haveIt ?? `waiting for ${who.name}`
    case 'moving':
      if (view.unwritable)
        return 'this browser cannot store it: load the page again, outside a private window'
      if (view.paused) return haveIt ?? `waiting for ${who.name}`
      return [
        ...(haveIt === undefined ? [] : [haveIt]),
        view.bytesPerSecond > 0 ? `${sizeText(view.bytesPerSecond)}/s` : 'starting',
        ...(view.secondsLeft === undefined ? [] : [leftText(view.secondsLeft)]),
      ].join(' · ')
    case 'cancelled':
      if (view.by === 'us') return 'cancelled'
      if (crowd) return 'nobody takes it'
      return who.own ? `${who.name} does not take it` : `withdrawn by ${who.name}`
    case 'gone':
      return goneText(view.reason, who)
  }
}

function goneText(reason: (FileView & { at: 'gone' })['reason'], { own, name }: Between): string {
  switch (reason) {
    case 'missing':
      return own
        ? 'The file is no longer open here. Choose it again to send it.'
        : `${name} no longer has this file open. Ask for it again.`
    case 'changed':
      return own
        ? 'The file was changed while it was being sent. Send it again.'
        : 'The file was changed while it was being sent.'
    case 'damaged':
      return 'What arrived is damaged, so it was not kept. Ask for it again.'
    case 'disk-full':
      return 'There is not enough room on this device. Free some and ask for it again.'
  }
}

/** What a person hears when saving did not work; undefined when it was they who stopped it. */
export function saveProblem(error: unknown): string | undefined {
  if (error instanceof SaveCancelled) return undefined
  if (error instanceof UnreadableFile) return 'The stored file is damaged and cannot be saved.'
  if (error instanceof SaveFailed) return 'This browser could not save it. Reload the page and try again.'
  return 'Saving did not work. Try again.'
}

/** What a person hears when files could not be sent. */
export function sendProblem(error: unknown): string {
  if (error instanceof UnreadableFile) return 'This cannot be read as a file. Folders cannot be sent yet.'
  if (error instanceof DiskFull) return 'There is not enough room on this device.'
  return 'This could not be stored on your device, and was not sent.'
}

export type FileKind = 'picture' | 'video' | 'audio' | 'archive' | 'text' | 'other'

const KINDS: Record<Exclude<FileKind, 'other'>, RegExp> = {
  picture: /^\.(?:jpe?g|png|gif|webp|avif|heic|svg|bmp|tiff?)$/i,
  video: /^\.(?:mp4|m4v|mov|webm|mkv|avi)$/i,
  audio: /^\.(?:mp3|m4a|ogg|opus|flac|wav|aac)$/i,
  archive: /^\.(?:zip|7z|rar|tar|gz|xz|zst|bz2)$/i,
  text: /^\.(?:txt|md|pdf|docx?|odt|rtf|csv|xlsx?|pptx?|odp|ods|epub)$/i,
}

/** By the name alone, since that is what will open it; the type the sender states decides nothing. */
export function kindOf(name: string): FileKind {
  const extension = extensionOf(name)
  const found = Object.entries(KINDS).find(([, pattern]) => pattern.test(extension))
  return (found?.[0] as FileKind | undefined) ?? 'other'
}
