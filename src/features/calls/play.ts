import type { Attachment } from 'svelte/attachments'

/**
 * Plays a stream in a media element, and goes on when the page comes back: phones stop it in the background.
 * `held` hears whether the browser refuses to play before a press; the next press anywhere starts it.
 */
export function play(
  stream: MediaStream | undefined,
  held: (held: boolean) => void = () => undefined,
): Attachment<HTMLMediaElement> {
  return (element) => {
    element.srcObject = stream ?? null
    const start = () => {
      if (!stream || document.visibilityState !== 'visible') return
      element.play().then(
        () => {
          held(false)
        },
        (error: unknown) => {
          held(error instanceof DOMException && error.name === 'NotAllowedError')
        },
      )
    }
    start()
    const ends = new AbortController()
    const { signal } = ends
    document.addEventListener('visibilitychange', start, { signal })
    document.addEventListener('pointerdown', () => element.paused && start(), { signal })
    return () => {
      ends.abort()
      element.srcObject = null
    }
  }
}
