import type { CodeReader } from './reader.ts'

/** Milliseconds between two looks at the picture of the camera. */
const LOOK_EVERY = 120

/** The camera while it looks for a code. Used once: made, started, stopped. */
export class Scanner {
  state = $state<'starting' | 'looking' | 'refused' | 'missing' | 'stopped'>('starting')
  readonly #found: (text: string) => void
  #stream: MediaStream | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `found` may be told of the same code again and again until the scanner is stopped. */
  constructor(found: (text: string) => void) {
    this.#found = found
  }

  async start(video: HTMLVideoElement, openReader: () => Promise<CodeReader>): Promise<void> {
    const stream = await this.#openCamera()
    if (!stream) return
    if (this.#stopped) {
      end(stream)
      return
    }
    this.#stream = stream
    video.srcObject = stream
    const [reader] = await Promise.all([
      openReader(),
      video.play().catch((error: unknown) => {
        // Stopped before it began.
        if (!this.#stopped) throw error
      }),
    ])
    if (this.#stopped) return
    this.state = 'looking'
    await this.#look(video, reader)
  }

  /** Also when it has not started yet: then the camera is closed as soon as it opens. */
  stop(): void {
    clearTimeout(this.#timer)
    this.state = 'stopped'
    if (this.#stream) end(this.#stream)
    this.#stream = undefined
  }

  get #stopped(): boolean {
    return this.state === 'stopped'
  }

  async #openCamera(): Promise<MediaStream | undefined> {
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      })
    } catch (error) {
      if (this.#stopped) return undefined
      this.state = error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'missing'
      return undefined
    }
  }

  async #look(video: HTMLVideoElement, reader: CodeReader): Promise<void> {
    const text = video.videoWidth > 0 ? await reader(video) : undefined
    if (this.#stopped) return
    if (text !== undefined) this.#found(text)
    this.#timer = setTimeout(() => {
      this.#look(video, reader).catch(reportError)
    }, LOOK_EVERY)
  }
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
