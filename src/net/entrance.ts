import type { Address } from '../core/ids.ts'
import { forgetOldest } from '../core/newest.ts'
import { pacer, type Pacer } from '../core/pace.ts'
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
const PACE = {
  caller: { burst: 8, everyMs: 500 },
  strangers: { burst: 100, everyMs: 20 },
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
  readonly #paces = new Map<Address, Pacer>()
  readonly #strangers: Pacer
  readonly #unproved = new Set<{ readonly keys: DoorKeys }>()

  constructor(deps: EntranceDeps) {
    this.#deps = deps
    this.#strangers = pacer(PACE.strangers, deps.timers.elapsed)
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
    forgetOldest(this.#knocks, REMEMBERED)
    const inside = { keys: door.keys }
    this.#unproved.add(inside)
    return { door, done: () => void this.#unproved.delete(inside) }
  }

  #inPace(caller: Address, known: boolean): boolean {
    const pace = this.#paces.get(caller) ?? pacer(PACE.caller, this.#deps.timers.elapsed)
    this.#paces.delete(caller)
    this.#paces.set(caller, pace)
    forgetOldest(this.#paces, REMEMBERED)
    return pace() && (known || this.#strangers())
  }

  #hasRoom(keys: DoorKeys): boolean {
    const atDoor = [...this.#unproved].filter((inside) => inside.keys === keys)
    return this.#unproved.size < UNPROVED.together && atDoor.length < UNPROVED.atDoor
  }
}
