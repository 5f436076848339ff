import type { Address } from '../core/ids.ts'
import { step, type Pace, type Used } from '../core/pace.ts'
import type { Timers } from '../core/timers.ts'
import type { DoorKeys } from '../crypto/bind.ts'
import { fitsKnock } from '../crypto/knock.ts'
import { fromBase32 } from '../protocol/text.ts'
import type { Door, Doors } from './doors.ts'

/** Callers at a time who have not proved anything yet: at one door, and at all. A browser has a few hundred connections. */
const UNPROVED = { atDoor: 4, together: 32 }
/**
 * Each knock costs a little for every door: of one caller as many are heard as a contact needs, of all whose address
 * is not known as many as a device can bear.
 */
const PACE: { readonly caller: Pace; readonly together: Pace } = {
  caller: { burst: 8, everyMs: 500 },
  together: { burst: 100, everyMs: 20 },
}
/** Knocks that open no second time, and callers whose pace is known. */
const REMEMBERED = 4_096

export interface EntranceDeps {
  /** Where the callers come to: our own. */
  readonly address: Address
  readonly doors: Doors
  readonly timers: Timers
}

/** Somebody whose knock fits a door, and who has proved nothing yet. */
export interface Caller {
  readonly door: Door
  /** They have proved who they are, or never will: others may take their place. */
  done(): void
}

/** Where strangers come, too: whatever one caller or the holder of one key does, there is room for the others. */
export class Entrance {
  readonly #deps: EntranceDeps
  readonly #knocks = new Set<string>()
  readonly #paces = new Map<Address, Used>()
  readonly #unproved = new Map<DoorKeys, number>()
  #together: Used | undefined

  constructor(deps: EntranceDeps) {
    this.#deps = deps
  }

  /** Undefined: silence. Takes no longer than a turn, and the label opens nothing again (PROTOCOL §2). */
  admit(address: Address, label: string): Caller | undefined {
    const knock = fromBase32(label)
    const doors = [...this.#deps.doors.all()]
    const known = doors.some((door) => door.address === address)
    if (knock === undefined || !this.#inPace(address, known)) return undefined
    const parties = { caller: address, callee: this.#deps.address }
    const door = doors.find(({ keys }) => fitsKnock(keys.knock, parties, knock))
    if (door === undefined || this.#knocks.has(label) || !this.#hasRoom(door.keys)) return undefined
    this.#knocks.add(label)
    forgetOldest(this.#knocks)
    return { door, done: this.#enter(door.keys) }
  }

  #inPace(caller: Address, known: boolean): boolean {
    const now = this.#deps.timers.elapsed()
    const used = step(this.#paces.get(caller), PACE.caller, { now })
    if (used === undefined) return false
    const together = known ? this.#together : step(this.#together, PACE.together, { now })
    if (!known && together === undefined) return false
    this.#together = together
    this.#paces.delete(caller)
    this.#paces.set(caller, used)
    forgetOldest(this.#paces)
    return true
  }

  #hasRoom(keys: DoorKeys): boolean {
    const all = [...this.#unproved.values()].reduce((sum, count) => sum + count, 0)
    return all < UNPROVED.together && (this.#unproved.get(keys) ?? 0) < UNPROVED.atDoor
  }

  #enter(keys: DoorKeys): () => void {
    this.#unproved.set(keys, (this.#unproved.get(keys) ?? 0) + 1)
    let inside = true
    return () => {
      const left = (this.#unproved.get(keys) ?? 0) - (inside ? 1 : 0)
      inside = false
      if (left > 0) this.#unproved.set(keys, left)
      else this.#unproved.delete(keys)
    }
  }
}

/** The oldest of more than can be remembered goes. */
function forgetOldest<K>(known: Set<K> | Map<K, unknown>): void {
  const [oldest] = known.keys()
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
}
