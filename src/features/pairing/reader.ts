/** Finds a QR code in what it is shown; undefined when there is none. */
export type CodeReader = (source: HTMLVideoElement | ImageBitmap) => Promise<string | undefined>

interface Detector {
  detect(source: HTMLVideoElement | ImageBitmap): Promise<{ rawValue: string }[]>
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** Longer sides are shrunk to this before a picture is searched, pixels. */
const SIZES = [800, 1600]

/** The browser's own reader where it has one, else one that is loaded now. */
export async function openReader(): Promise<CodeReader> {
  return (await nativeReader()) ?? (await ownReader())
}

async function nativeReader(): Promise<CodeReader | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  const formats = await BarcodeDetector?.getSupportedFormats()
  if (!BarcodeDetector || formats?.includes('qr_code') !== true) return undefined
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  let instead: CodeReader | undefined
  return async (source) => {
    if (instead) return instead(source)
    try {
      return (await detector.detect(source))[0]?.rawValue
    } catch {
      // Some phones have the name of it and not the thing.
      instead = await ownReader()
      return instead(source)
    }
  }
}

async function ownReader(): Promise<CodeReader> {
  const { default: decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (source) => {
    const [sizes, timeLimit] = source instanceof HTMLVideoElement ? [SIZES.slice(0, 1), 16] : [SIZES, 500]
    for (const size of sizes) {
      const image = context ? pixels(context, source, size) : undefined
      const text = image && attempt(() => decodeQR(image, { timeLimit }))
      if (text !== undefined) return Promise.resolve(text)
    }
    return Promise.resolve(undefined)
  }
}

function pixels(
  context: CanvasRenderingContext2D,
  source: HTMLVideoElement | ImageBitmap,
  longest: number,
): ImageData | undefined {
  const [width, height] =
    source instanceof HTMLVideoElement
      ? [source.videoWidth, source.videoHeight]
      : [source.width, source.height]
  if (width === 0 || height === 0) return undefined
  const scale = Math.min(1, longest / Math.max(width, height))
  context.canvas.width = Math.round(width * scale)
  context.canvas.height = Math.round(height * scale)
  context.drawImage(source, 0, 0, context.canvas.width, context.canvas.height)
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height)
}

/** The library throws where there is no code in the picture: for a camera that is the usual case. */
function attempt(decode: () => string): string | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
