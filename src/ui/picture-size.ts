import type { Picture } from '../core/body.ts'
import type { Bytes } from '../core/bytes.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Few bytes can claim to be a picture that fills the memory: what is larger is not shown, pixels. */
const MOST = 512

/** Whether a picture that came from somebody else is what it should be: small, and still. */
export function isShowable({ type, bytes }: Picture): boolean {
  const size = type === 'image/jpeg' ? jpegSize(bytes) : webpSize(bytes)
  return size !== undefined && size.width > 0 && size.height > 0 && Math.max(size.width, size.height) <= MOST
}

/** As its frame header says (ITU T.81 §B.2.2); undefined if there is none. */
function jpegSize(bytes: Bytes): Size | undefined {
  const view = viewOf(bytes)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < bytes.length;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** As its first chunk says (RFC 9649 §2); undefined for what moves, and for what is none. */
function webpSize(bytes: Bytes): Size | undefined {
  const view = viewOf(bytes)
  if (bytes.length < 30 || textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return undefined
  switch (textAt(bytes, 12)) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X': {
      const moves = (view.getUint8(20) & 0b10) !== 0
      const [width, height] = [view.getUint32(23, true) >>> 8, view.getUint32(26, true) >>> 8]
      return moves ? undefined : { width: width + 1, height: height + 1 }
    }
    default:
      return undefined
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Bytes): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function textAt(bytes: Bytes, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}
