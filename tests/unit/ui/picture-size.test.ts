import { expect, test } from 'vitest'
import { isShowable } from '../../../src/ui/picture-size.ts'

const text = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0))
const little = (value: number, length: number): number[] =>
  Array.from({ length }, (_, at) => (value >>> (8 * at)) & 0xff)
const big = (value: number): number[] => little(value, 2).reverse()

function jpeg(width: number, height: number, frame = 0xc0) {
  const table = [0xff, 0xdb, ...big(4), 0, 0]
  const head = [0xff, frame, ...big(11), 8, ...big(height), ...big(width), 1, 1, 0x11, 0]
  return { type: 'image/jpeg', bytes: Uint8Array.from([0xff, 0xd8, ...table, ...head, 0xff, 0xd9]) } as const
}

function webp(chunk: string, body: number[]) {
  const bytes = [...text('RIFF'), ...little(0, 4), ...text('WEBP'), ...text(chunk), ...little(0, 4), ...body]
  return { type: 'image/webp', bytes: Uint8Array.from([...bytes, ...Array<number>(16).fill(0)]) } as const
}

const lossy = (width: number, height: number) =>
  webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(width, 2), ...little(height, 2)])
const lossless = (width: number, height: number) =>
  webp('VP8L', [0x2f, ...little(((height - 1) << 14) | (width - 1), 4)])
const extended = (width: number, height: number, flags = 0) =>
  webp('VP8X', [flags, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)])

test.each([
  ['a JPEG', jpeg(256, 256)],
  ['a progressive JPEG', jpeg(96, 256, 0xc2)],
  ['a lossy WebP', lossy(256, 192)],
  ['a lossless WebP', lossless(512, 1)],
  ['a WebP with extras', extended(256, 256)],
])('%s of ordinary size is shown', (_, picture) => {
  expect(isShowable(picture)).toBe(true)
})

test.each([
  ['a JPEG as large as they come', jpeg(65_535, 65_535)],
  ['a JPEG of no height', jpeg(256, 0)],
  ['a wide WebP', lossy(513, 10)],
  ['a WebP as large as they come', lossless(16_384, 16_384)],
  ['a canvas of millions', extended(1 << 20, 4)],
  ['a WebP that moves', extended(64, 64, 0b10)],
  ['a WebP of an unknown kind', webp('ALPH', [0])],
  ['no JPEG', { type: 'image/jpeg', bytes: Uint8Array.from(text('<svg xmlns="…">')) } as const],
  ['a JPEG without a frame', { type: 'image/jpeg', bytes: jpeg(1, 1).bytes.slice(0, 8) } as const],
  ['one that says it is the other', { type: 'image/webp', bytes: jpeg(64, 64).bytes } as const],
  ['nothing', { type: 'image/jpeg', bytes: new Uint8Array() } as const],
])('%s is not', (_, picture) => {
  expect(isShowable(picture)).toBe(false)
})
