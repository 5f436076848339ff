/** How many are here, altogether and per network. */
export class Crowd {
  readonly #byNetwork = new Map<string, number>()
  #size = 0

  get size(): number {
    return this.#size
  }

  countOf(network: string): number {
    return this.#byNetwork.get(network) ?? 0
  }

  enter(network: string): void {
    this.#size += 1
    this.#byNetwork.set(network, this.countOf(network) + 1)
  }

  leave(network: string): void {
    this.#size -= 1
    const left = this.countOf(network) - 1
    if (left > 0) this.#byNetwork.set(network, left)
    else this.#byNetwork.delete(network)
  }
}
