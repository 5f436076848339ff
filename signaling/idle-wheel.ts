/**
 * Finds what was quiet for too long without looking at everything: each item sits in the slot of the time at which
 * it could be idle at the earliest, and only the slot that is due is looked at. Traffic costs nothing here.
 */
export class IdleWheel<T> {
  readonly #slots: Set<T>[]
  readonly #slotOf = new Map<T, Set<T>>()
  readonly #idleMs: number
  readonly #sweepMs: number
  #cursor = 0

  /** @param times quiet time allowed, and time between two sweeps; both in ms */
  constructor({ idleMs, sweepMs }: { idleMs: number; sweepMs: number }) {
    this.#idleMs = idleMs
    this.#sweepMs = sweepMs
    this.#slots = Array.from({ length: Math.ceil(idleMs / sweepMs) + 1 }, () => new Set<T>())
  }

  /** Watches an item that was active just now. */
  add(item: T): void {
    this.#place(item, this.#slots.length - 1)
  }

  /** Watches an item no longer. */
  delete(item: T): void {
    this.#slotOf.get(item)?.delete(item)
    this.#slotOf.delete(item)
  }

  /** One sweep, to be called every `sweepMs`: takes out the idle ones among those that are due. */
  sweep(now: number, lastSeen: (item: T) => number): T[] {
    this.#cursor = (this.#cursor + 1) % this.#slots.length
    const idle: T[] = []
    for (const item of [...this.#slotAt(0)]) {
      const left = this.#idleMs - (now - lastSeen(item))
      this.delete(item)
      if (left <= 0) idle.push(item)
      else this.#place(item, Math.ceil(left / this.#sweepMs))
    }
    return idle
  }

  #place(item: T, sweepsAhead: number): void {
    const slot = this.#slotAt(sweepsAhead)
    slot.add(item)
    this.#slotOf.set(item, slot)
  }

  #slotAt(sweepsAhead: number): Set<T> {
    const slot = this.#slots[(this.#cursor + sweepsAhead) % this.#slots.length]
    if (!slot) throw new Error('The idle wheel has no slots')
    return slot
  }
}
