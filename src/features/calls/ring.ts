/** One sound of a ring: `at` and `length` in seconds, `pitch` in hertz, `strength` from 0 to 1. */
interface Tone {
  readonly at: number
  readonly pitch: number
  readonly length: number
  readonly strength: number
}

interface Ring {
  readonly tones: readonly Tone[]
  /** Milliseconds from one ring to the next. */
  readonly every: number
  /** Milliseconds on, off, on … */
  readonly vibration: readonly number[]
}

const chime = (at: number, pitch: number): Tone => ({ at, pitch, length: 0.9, strength: 0.22 })

/** Ours to hear and theirs to be heard: a rising chime, and a low hum like a line that rings far away. */
const RINGS: { readonly [kind in 'incoming' | 'outgoing']: Ring } = {
  incoming: {
    tones: [chime(0, 587.33), chime(0.18, 739.99), chime(0.36, 880), chime(1, 739.99), chime(1.18, 880)],
    every: 3_000,
    vibration: [400, 200, 400, 1_000],
  },
  outgoing: {
    tones: [{ at: 0, pitch: 425, length: 1, strength: 0.06 }],
    every: 4_000,
    vibration: [],
  },
}

export interface Bell {
  /** Milliseconds from one ring to the next. */
  readonly every: number
  /** One ring; silent where the browser allows no sound before a press. */
  ring(): void
  close(): void
}

export function openBell(kind: 'incoming' | 'outgoing'): Bell {
  const context = new AudioContext()
  const { tones, every, vibration } = RINGS[kind]
  const vibrates = vibration.length > 0 && 'vibrate' in navigator
  return {
    every,
    ring: () => {
      if (vibrates) navigator.vibrate([...vibration])
      // A context that may not sound yet would save the tones up and play them all at once.
      if (context.state === 'running') for (const tone of tones) sound(context, tone)
    },
    close: () => {
      if (vibrates) navigator.vibrate(0)
      void context.close()
    },
  }
}

function sound(context: AudioContext, { at, pitch, length, strength }: Tone): void {
  const start = context.currentTime + at
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(strength, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, start + length)
  const oscillator = new OscillatorNode(context, { frequency: pitch, type: 'sine' })
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(start)
  oscillator.stop(start + length)
}
