import type { MediaKind } from '../../../../src/net/media.ts'

/** Long enough for the fake microphone to beep once and for a slow picture. */
const WINDOW_MS = 1_300

let playing: { stream: MediaStream; video: HTMLVideoElement; analyser: AnalyserNode } | undefined

/** What really arrives: frames that are shown, sound that can be heard. */
export async function measure(stream: MediaStream): Promise<MediaKind[]> {
  const { video, analyser } = await play(stream)
  const [moving, loud] = await Promise.all([moves(video), sounds(analyser)])
  return [...(loud ? ['audio' as const] : []), ...(moving ? ['video' as const] : [])]
}

async function play(stream: MediaStream) {
  if (playing?.stream === stream) return playing
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  document.body.append(video)
  void video.play()
  const context = new AudioContext()
  await context.resume()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  return (playing = { stream, video, analyser })
}

function moves(video: HTMLVideoElement): Promise<boolean> {
  return new Promise((resolve) => {
    let frames = 0
    const count = () => {
      frames += 1
      handle = video.requestVideoFrameCallback(count)
    }
    let handle = video.requestVideoFrameCallback(count)
    setTimeout(() => {
      video.cancelVideoFrameCallback(handle)
      resolve(frames > 3)
    }, WINDOW_MS)
  })
}

function sounds(analyser: AnalyserNode): Promise<boolean> {
  const samples = new Float32Array(analyser.fftSize)
  const began = performance.now()
  return new Promise((resolve) => {
    const listen = () => {
      analyser.getFloatTimeDomainData(samples)
      if (samples.some((sample) => Math.abs(sample) > 0.01)) resolve(true)
      else if (performance.now() - began > WINDOW_MS) resolve(false)
      else requestAnimationFrame(listen)
    }
    listen()
  })
}
