import type { Attachment } from 'svelte/attachments'

/** A finger that rests so long means more than a tap, milliseconds. */
const REST_MS = 450
/** A finger that moves farther than this scrolls, pixels. */
const STILL = 10

/** Calls when a finger rests on the element; a mouse has other ways. */
export function longPress(call: () => void): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let from = { x: 0, y: 0 }
    let done = false
    const stop = (): void => {
      clearTimeout(timer)
      timer = undefined
    }
    const down = (event: PointerEvent): void => {
      stop()
      done = false
      if (event.pointerType === 'mouse' || !event.isPrimary) return
      from = { x: event.clientX, y: event.clientY }
      timer = setTimeout(() => {
        done = true
        navigator.vibrate?.(8)
        call()
      }, REST_MS)
    }
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL) stop()
    }
    /** The tap at the end of it must not press what lies there, and the browser's own menu must not come as well. */
    const swallow = (event: Event): void => {
      if (!done && timer === undefined) return
      event.preventDefault()
      event.stopPropagation()
    }
    const up = (event: Event): void => {
      if (done) event.preventDefault()
      stop()
    }
    const clicked = (event: Event): void => {
      if (!done) return
      done = false
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener('pointerdown', down)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', stop)
    element.addEventListener('contextmenu', swallow)
    element.addEventListener('click', clicked, { capture: true })
    return () => {
      stop()
      element.removeEventListener('pointerdown', down)
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', up)
      element.removeEventListener('pointercancel', stop)
      element.removeEventListener('contextmenu', swallow)
      element.removeEventListener('click', clicked, { capture: true })
    }
  }
}
