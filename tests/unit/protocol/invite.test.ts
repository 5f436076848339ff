import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import QRCode from 'qrcode'
import { describe, expect, test } from 'vitest'
import type { Invite } from '../../../src/core/invite.ts'
import { cleanName } from '../../../src/core/name.ts'
import {
  encodeInvite,
  inviteForLink,
  inviteForQr,
  readFragment,
  readInvite,
} from '../../../src/protocol/invite.ts'
import { fromBase32, fromBase64url, toBase32, toBase64url, toUtf8 } from '../../../src/protocol/text.ts'
import { addressOfNumber, bytesOf, identityOf } from '../../support/samples.ts'
import { bytes, invite as anyInvite } from '../../support/wire-samples.ts'

const HOME = 'https://earshot.example'
const ann: Invite = {
  secret: bytesOf(16, 0xa5),
  expires: Date.UTC(2026, 0, 1),
  identity: identityOf(0xc3),
  address: addressOfNumber(0x5a),
  name: 'Ann',
}
const forms = { code: inviteForQr(ann, HOME), link: inviteForLink(ann, HOME) }

test('what ann shows, by code or by link, is what bob reads', () => {
  fc.assert(
    fc.property(anyInvite, (invite) => {
      expect(readInvite(inviteForQr(invite, HOME), HOME)).toEqual({ invite })
      expect(readInvite(inviteForLink(invite, HOME), HOME)).toEqual({ invite })
    }),
    { numRuns: 300 },
  )
})

test('a long name is cut between characters, and an invite never exceeds 103 bytes', () => {
  fc.assert(
    fc.property(anyInvite, fc.string({ unit: 'grapheme', maxLength: 60 }), (invite, written) => {
      const name = cleanName(written)
      const encoded = encodeInvite({ ...invite, name })
      expect(encoded.length).toBeLessThanOrEqual(103)
      const read = readInvite(inviteForLink({ ...invite, name }, HOME), HOME)
      if (!('invite' in read)) throw new Error(read.problem)
      expect(name).toContain(read.invite.name)
      expect(toUtf8(read.invite.name).length).toBeLessThanOrEqual(24)
    }),
  )
})

test('the code of a host of forty characters fits version 8 at level L', () => {
  const host = `https://${'a'.repeat(31)}.example/`.slice(0, 48)
  const text = inviteForQr({ ...ann, name: '国'.repeat(20) }, host)
  const { version } = QRCode.create(text, { errorCorrectionLevel: 'L' })
  expect(host.length - 'https://'.length).toBe(40)
  expect(version).toBeLessThanOrEqual(8)
})

describe.each(Object.entries(forms))('of a %s', (_, whole) => {
  const start = whole.indexOf('#') + 2

  test('cut anywhere within its code, the reader says so and never throws', () => {
    for (let length = start; length < whole.length; length++) {
      const read = readInvite(whole.slice(0, length), HOME)
      expect(read, `${String(length)} letters`).toEqual({ problem: 'truncated' })
    }
  })

  test('cut within the address of the page, it is no invitation', () => {
    for (let length = 0; length < start - 1; length++) {
      expect(readInvite(whole.slice(0, length), HOME)).toEqual({ problem: 'not-an-invite' })
    }
  })

  test('a wrong letter anywhere in it is noticed', () => {
    for (let at = start; at < whole.length; at++) {
      const wrong = whole[at] === 'B' ? 'C' : 'B'
      const read = readInvite(whole.slice(0, at) + wrong + whole.slice(at + 1), HOME)
      expect('problem' in read, `letter ${at}`).toBe(true)
    }
  })

  test('it says whose house it belongs to', () => {
    expect(readInvite(whole, 'https://other.example')).toEqual({ problem: 'other-host', host: HOME })
    expect(readInvite(whole, 'http://earshot.example')).toEqual({ problem: 'other-host', host: HOME })
    expect(readInvite(whole, 'https://earshot.example:8443')).toEqual({ problem: 'other-host', host: HOME })
  })

  test('blanks around it, and other letter case of the host, do no harm', () => {
    expect(readInvite(`  ${whole}\n`, HOME)).toEqual({ invite: ann })
    expect(readInvite(whole, 'HTTPS://Earshot.Example')).toEqual({ invite: ann })
    expect(readInvite(whole.replace(/^https:\/\/earshot/i, 'hTTps://EarShot'), HOME)).toEqual({ invite: ann })
  })

  test('its fragment alone is enough', () => {
    const fragment = whole.slice(whole.indexOf('#'))
    expect(readFragment(fragment)).toEqual({ invite: ann })
    expect(readInvite(fragment, HOME)).toEqual({ invite: ann })
  })
})

test('an invite of a newer version, or with a flag nobody knows, is told apart from a damaged one', () => {
  const newer = encodeInvite(ann)
  newer[0] = 2
  expect(readFragment(`#i${toBase64url(newer)}`)).toEqual({ problem: 'newer-version' })
  const flagged = encodeInvite(ann)
  flagged[1] = 2
  expect(readFragment(`#I${toBase32(flagged)}`)).toEqual({ problem: 'damaged' })
  flagged.set(sha256(flagged.subarray(0, -4)).subarray(0, 4), flagged.length - 4)
  expect(readFragment(`#I${toBase32(flagged)}`)).toEqual({ problem: 'newer-version' })
})

test('the invite of a person is not that of a group, and nobody makes one of the other', () => {
  const group = { ...ann, group: true as const }
  expect(readInvite(inviteForLink(group, HOME), HOME)).toEqual({ invite: group })
  const turned = encodeInvite(group)
  turned[1] = 0
  expect(readFragment(`#I${toBase32(turned)}`)).toEqual({ problem: 'damaged' })
})

test.each([
  ['a code of another app', 'WIFI:T:WPA;S:cafe;P:secret;;'],
  ['a link to another page', 'https://earshot.example/about'],
  ['another fragment of ours', `${HOME}/#settings`],
  ['a word that begins with an i', 'invitation'],
  ['nothing', ''],
  ['a book', 'i'.repeat(5000)],
  ['another scheme', forms.link.replace('https', 'javascript')],
])('%s is not an invitation', (_, text) => {
  expect(readInvite(text, HOME)).toEqual({ problem: 'not-an-invite' })
})

test('whatever stands behind #i or #I, reading it never throws', () => {
  const code = fc.oneof(
    bytes(0, 110).map(toBase64url),
    bytes(0, 110).map(toBase32),
    fc.stringMatching(/^[\w-]{0,150}$/),
  )
  fc.assert(
    fc.property(fc.constantFrom('#i', '#I'), code, (kind, text) => {
      const read = readFragment(kind + text)
      if (read && 'invite' in read) {
        const decoded = kind === '#I' ? fromBase32(text) : fromBase64url(text)
        expect(encodeInvite(read.invite)).toEqual(decoded)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('a text without end is no invitation, and is told so at once', () => {
  const began = performance.now()
  for (const text of [`${'!'.repeat(500_000)}a`, `https://earshot.example/#i${'!'.repeat(500_000)}a`]) {
    expect(readInvite(text, 'https://earshot.example')).toEqual({ problem: 'not-an-invite' })
  }
  expect(performance.now() - began).toBeLessThan(2_000)
})
