import type { ConversationId } from '../../../src/core/ids.ts'
import { around, circle } from '../../support/circle.ts'
import { neighbourhood } from '../../support/people.ts'
import type { Device } from '../../support/person.ts'

/** How a story finds its people: the devices of all, who have met before. */
export interface Beginning {
  readonly devices: readonly (readonly [name: string, device: Device])[]
  /** The group that they are in. */
  readonly group: ConversationId | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Cast {
  readonly names: readonly string[]
  readonly grouped: boolean
  readonly real: boolean | undefined
}

/** Gives each cast its beginning; many stories begin alike, and what came before them is played once. */
export function beginnings(): (cast: Cast) => Promise<Beginning> {
  const known = new Map<string, Promise<Beginning>>()
  return (cast) => {
    const key = JSON.stringify(cast)
    const found = known.get(key) ?? play(cast)
    known.set(key, found)
    return found
  }
}

async function play({ names, grouped, real }: Cast): Promise<Beginning> {
  const world = neighbourhood(names.length, { real })
  const people = await around(world, names)
  const group = grouped ? await circle(world, people) : undefined
  for (const who of people) who.crash()
  return { devices: people.map((who) => [who.name, who.device]), group, at: world.time.now() }
}
