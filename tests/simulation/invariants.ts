import { recordKey } from '../../src/core/record.ts'
import type { Person } from '../support/people.ts'
import { messages, statusOfMessage, textOf } from '../support/reading.ts'

/** The model: what the two people did, in plain sets. */
export interface Told {
  readonly said: Set<string>
  /** The app said that it has it. */
  readonly accepted: Set<string>
}

/** What must hold at every moment, whatever happens. Returns what does not. */
export async function atAllTimes(people: [Person, Person], { said, accepted }: Told): Promise<string[]> {
  const broken: string[] = []
  for (const [self, other] of bothWays(people)) {
    if (!(await knows(self, other))) continue
    const shown = await messages(self, other, await self.onDisk())
    const texts = shown.map(textOf)
    const there = await other.onDisk()
    for (const text of texts)
      if (!said.has(text)) broken.push(`${self.name} sees "${text}", which nobody said`)
    if (new Set(texts).size < texts.length)
      broken.push(`${self.name} sees something twice: ${texts.join(', ')}`)
    for (const text of accepted) {
      if (text.startsWith(self.name) && !texts.includes(text))
        broken.push(`"${text}" was accepted and is lost`)
    }
    for (const message of shown.filter(({ author }) => author === self.identity)) {
      if ((await statusOfMessage(self, message)) !== 'Delivered') continue
      if (await there.get('records', recordKey(message.record))) continue
      broken.push(`"${textOf(message)}" is Delivered, and not on the disk of ${other.name}`)
    }
  }
  return broken
}

/** What must hold once everything is well again and time has passed. */
export async function atRest(people: [Person, Person], told: Told): Promise<string[]> {
  const broken = await atAllTimes(people, told)
  const [alice, bob] = people
  const all: string[][] = []
  for (const [self, other] of bothWays(people)) {
    if (!(await knows(self, other))) continue
    const shown = await messages(self, other)
    all.push(shown.map(textOf))
    for (const text of told.accepted) {
      if (!shown.some((message) => textOf(message) === text)) broken.push(`${self.name} never got "${text}"`)
    }
    for (const message of shown.filter(({ author }) => author === self.identity)) {
      const status = await statusOfMessage(self, message)
      if (status !== 'Delivered') broken.push(`"${textOf(message)}" rests as ${status}`)
    }
    const link = self.app.engine.links.state(other.identity)
    if (link.at !== 'linked') broken.push(`${self.name} is ${link.at}`)
  }
  if (all.length === 1) broken.push('only one of the two knows the other')
  const [hers = [], his = hers] = all
  if (hers.join() !== his.join()) {
    broken.push(`${alice.name} reads ${hers.join()}, and ${bob.name} ${his.join()}`)
  }
  return broken
}

function bothWays([alice, bob]: [Person, Person]): [Person, Person][] {
  return [
    [alice, bob],
    [bob, alice],
  ]
}

async function knows(self: Person, other: Person): Promise<boolean> {
  return (await self.app.engine.store.get('contacts', other.identity)) !== undefined
}

/** Whatever is rejected and heard by nobody, until `end`: the runner's own listeners rest as long. */
export function heardRejections(): { end(): string[] } {
  const heard: string[] = []
  const others = process.listeners('unhandledRejection')
  const hear = (reason: unknown): void => {
    heard.push(
      `nobody heard of ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
    )
  }
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', hear)
  return {
    end: () => {
      process.off('unhandledRejection', hear)
      for (const other of others) process.on('unhandledRejection', other)
      return heard
    },
  }
}
