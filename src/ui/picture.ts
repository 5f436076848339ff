import type { Picture } from '../core/body.ts'

/** Pixels of a side, from what is wanted to what is taken if nothing else fits. */
const SIDES = [256, 192, 128, 96]
const QUALITIES = [0.86, 0.72, 0.58, 0.44]
/** WebP where the browser can write it; every browser can write JPEG. */
const TYPES = ['image/webp', 'image/jpeg'] as const

/**
 * The middle square of a picture that somebody chose, small enough to travel: `most` bytes. Nothing else of the file
 * goes along, such as where it was taken. Undefined if it cannot be read as a picture.
 */
export async function smallPicture(file: Blob, most: number): Promise<Picture | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  if (!bitmap) return undefined
  try {
    for (const side of SIDES) {
      const canvas = squareOf(bitmap, side)
      for (const quality of QUALITIES) {
        const picture = await written(canvas, quality)
        if (picture.bytes.length <= most) return picture
      }
    }
    return undefined
  } finally {
    bitmap.close()
  }
}

function squareOf(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw')
  const from = Math.min(bitmap.width, bitmap.height)
  const [left, top] = [(bitmap.width - from) / 2, (bitmap.height - from) / 2]
  // What can be seen through would look different by day and by night.
  context.fillStyle = 'white'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, left, top, from, from, 0, 0, side, side)
  return canvas
}

async function written(canvas: OffscreenCanvas, quality: number): Promise<Picture> {
  for (const type of TYPES) {
    const blob = await canvas.convertToBlob({ type, quality })
    if (blob.type === type) return { type, bytes: new Uint8Array(await blob.arrayBuffer()) }
  }
  throw new Error('this browser writes no pictures')
}

/** An address under which a picture can be shown. */
export function pictureUrl({ type, bytes }: Picture): string {
  return `data:${type};base64,${btoa(String.fromCharCode(...bytes))}`
}
