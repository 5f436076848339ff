import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, fromHex, toHex, uint, type Bytes } from '../core/bytes.ts'
import { address, identityKey } from '../core/ids.ts'
import type { Invite } from '../core/invite.ts'
import { cleanName } from '../core/name.ts'
import { MAX_INVITE_NAME } from './limits.ts'
import { fromBase32, fromBase64url, fromUtf8, toBase32, toBase64url, toUtf8 } from './text.ts'

/**
 * The bytes of an invite (PROTOCOL §4), at most 103:
 * version 1 | flags 1 | expiry 4 (seconds) | secret 16 | identity 32 | address 20 | name length 1 | name | checksum 4
 */
const VERSION = 1
const FIXED = 75
const CHECKSUM = 4
/** The flag of a group's invite. */
const GROUP = 1

/** Where the name goes past 24 bytes of UTF-8 it is cut between characters. */
export function encodeInvite(invite: Invite): Bytes {
  const name = cutName(invite.name)
  const body = concat(
    new Uint8Array([VERSION, invite.group ? GROUP : 0]),
    uint(Math.floor(invite.expires / 1000), 4),
    invite.secret,
    fromHex(invite.identity),
    fromHex(invite.address),
    new Uint8Array([name.length]),
    name,
  )
  return concat(body, checksum(body))
}

function cutName(name: string): Bytes {
  let cut = ''
  for (const letter of name) {
    if (toUtf8(cut + letter).length > MAX_INVITE_NAME) break
    cut += letter
  }
  return toUtf8(cut)
}

function checksum(body: Uint8Array): Uint8Array {
  return sha256(body).slice(0, CHECKSUM)
}

/** Why a text is not an invite that can be used here; each has its own sentence on the screen. */
export type InviteProblem =
  | { readonly problem: 'not-an-invite' }
  | { readonly problem: 'truncated' }
  | { readonly problem: 'damaged' }
  | { readonly problem: 'newer-version' }
  | { readonly problem: 'other-host'; readonly host: string }

export type ReadInvite = { readonly invite: Invite } | InviteProblem

function decodeInvite(bytes: Uint8Array): ReadInvite {
  if (bytes[0] === undefined || bytes[1] === undefined) return { problem: 'truncated' }
  if (bytes[0] > VERSION) return { problem: 'newer-version' }
  if (bytes[0] !== VERSION) return { problem: 'damaged' }
  const nameLength = bytes[FIXED - 1]
  if (nameLength === undefined || bytes.length < FIXED + nameLength + CHECKSUM)
    return { problem: 'truncated' }
  const end = FIXED + nameLength
  const body = bytes.slice(0, end)
  const name = fromUtf8(body.slice(FIXED))
  const intact = bytes.length === end + CHECKSUM && equal(checksum(body), bytes.slice(end))
  if (!intact || nameLength > MAX_INVITE_NAME || name === undefined) return { problem: 'damaged' }
  // A kind of invite that this build does not know.
  if ((bytes[1] & ~GROUP) !== 0) return { problem: 'newer-version' }
  return {
    invite: {
      secret: new Uint8Array(body.slice(6, 22)),
      expires: new DataView(body.buffer, body.byteOffset).getUint32(2) * 1000,
      identity: identityKey(toHex(body.slice(22, 54))),
      address: address(toHex(body.slice(54, 74))),
      name: cleanName(name),
      ...(bytes[1] === GROUP && { group: true as const }),
    },
  }
}

/** For the QR code: upper case, so that all but the `#` fits the alphanumeric mode. */
export function inviteForQr(invite: Invite, origin: string): string {
  return `${origin.toUpperCase()}/#I${toBase32(encodeInvite(invite))}`
}

/** For a link that is copied and pasted. */
export function inviteForLink(invite: Invite, origin: string): string {
  return `${origin}/#i${toBase64url(encodeInvite(invite))}`
}

/** Reads the fragment of our own page, with or without its `#`. Undefined when it is not about invites. */
export function readFragment(fragment: string): ReadInvite | undefined {
  const [, kind, code] = /^#?([Ii])([\w-]*)$/.exec(fragment) ?? []
  if (kind === undefined || code === undefined) return undefined
  const [decode, quantum] = kind === 'I' ? ([fromBase32, 8] as const) : ([fromBase64url, 4] as const)
  // A cut code may end in half a byte, which is no valid encoding: then its whole part tells what it is.
  const bytes = decode(code) ?? decode(code.slice(0, code.length - (code.length % quantum)))
  return bytes === undefined ? { problem: 'damaged' } : decodeInvite(bytes)
}

/** Characters of a text that may be an invite. */
const LONGEST = 4096

/** Reads what a camera saw or a person pasted; `origin` is our own. A text of more than 4,096 characters is none. */
export function readInvite(text: string, origin: string): ReadInvite {
  if (text.length > LONGEST) return { problem: 'not-an-invite' }
  // What ends a sentence, or quotes the link in it, is no part of it.
  const trimmed = text.trim().replace(/[^\w-]+$/, '')
  const [, host, fragment] = /^(https?:\/\/[^/#?\s]+)\/?(#[Ii][\w-]*)$/i.exec(trimmed) ?? []
  const read = readFragment(fragment ?? trimmed)
  if (read === undefined) return { problem: 'not-an-invite' }
  if (host !== undefined && host.toLowerCase() !== origin.toLowerCase() && 'invite' in read) {
    return { problem: 'other-host', host: host.toLowerCase() }
  }
  // A bare code without its address is only taken when it is whole: any word might begin with an "i".
  return host === undefined && !('invite' in read) ? { problem: 'not-an-invite' } : read
}
