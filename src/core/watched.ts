/** A value that can be looked at and waited for; the screen turns it into a rune. */
export interface Watched<T> {
  readonly current: T
  /** Called after each change; returns the function that ends it. */
  watch(listener: () => void): () => void
}

export interface Settable<T> extends Watched<T> {
  set(value: T): void
}

/** Now, or as soon as nothing is under way, unless the returned function is called before. */
export function whenIdle(busy: Watched<boolean>, act: () => void): () => void {
  const look = (): void => {
    if (busy.current) return
    stop()
    act()
  }
  const stop = busy.watch(look)
  look()
  return stop
}

export function watched<T>(initial: T): Settable<T> {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get current() {
      return current
    },
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
