import { StorageFull } from '../../../src/store/rows.ts'
import { recordKey } from '../../../src/core/record.ts'
import type { ConversationId } from '../../../src/core/ids.ts'
import { copyOf, type Disk } from '../../support/memory-rows.ts'
import type { Person } from '../../support/people.ts'
import { messages, textOf } from '../../support/reading.ts'
import { any, type Model, type Stage, type Words } from './model.ts'

export type Act = (stage: Stage) => void | Promise<void>

/** What may befall people, their devices and the network. */
export const ACTS: Readonly<Record<string, Act>> = {
  say: (stage) => {
    const by = awake(stage)
    if (by) say(stage, by)
  },
  sayTogether: (stage) => {
    for (const by of stage.people) if (by.awake) say(stage, by)
  },
  sayMuch: (stage) => {
    const by = awake(stage)
    for (let n = stage.chance.below(8); by && n >= 0; n--) say(stage, by)
  },
  edit: async (stage) => {
    const mine = await ownWords(stage)
    if (!mine) return
    const { by, target, conversation, words } = mine
    const text = `${words.text}, no: ${String(words.tried.length)}`
    words.tried.push(text)
    stage.note(`${by.name} edits "${words.text}"`)
    attempt(stage, by.app.engine.say(conversation, { kind: 'edit', target, text }), () =>
      words.edits.push(text),
    )
  },
  remove: async (stage) => {
    const mine = await ownWords(stage)
    if (!mine) return
    const { by, target, conversation, words } = mine
    stage.note(`${by.name} deletes "${words.text}"`)
    words.deleting = true
    attempt(stage, by.app.engine.say(conversation, { kind: 'delete', target }), () => (words.deleted = true))
  },
  hide: async (stage) => {
    const by = awake(stage)
    const place = by && (await placeOf(stage, by))
    const message = place && any(stage.chance, await messages(by, place))
    const words = message && find(stage.model, textOf(message))
    if (!words) return
    stage.note(`${by.name} takes "${words.text}" off the own device`)
    words.hidden.add(by)
    attempt(stage, by.app.engine.hide(recordKey(message.record)))
  },
  react: async (stage) => {
    const by = awake(stage)
    const place = by && (await placeOf(stage, by))
    const message = place && any(stage.chance, await messages(by, place))
    if (!message) return
    const { author, incarnation, seq, conversation } = message.record
    const emoji = any(stage.chance, ['👍', '❤️', '']) ?? ''
    attempt(
      stage,
      by.app.engine.say(conversation, { kind: 'react', target: { author, incarnation, seq }, emoji }),
    )
  },
  crash: (stage) => {
    const who = awake(stage)
    if (!who) return
    stage.note(`${who.name} crashes`)
    who.crash()
  },
  restart: async (stage) => {
    const who = any(
      stage.chance,
      stage.people.filter((person) => !person.awake),
    )
    if (!who) return
    stage.note(`${who.name} starts again`)
    await stage.world.during(who.restart())
  },
  takeOver: async (stage) => {
    const who = awake(stage)
    if (!who) return
    stage.note(`another tab of ${who.name} takes over`)
    who.crash()
    await stage.world.during(who.restart())
  },
  cut: ({ world, note }) => {
    note('all links break')
    world.network.cutAll()
  },
  hush: ({ world, note }) => {
    note('all links fall silent')
    world.network.hushAll()
  },
  part: ({ world, note, chance }) => {
    const parts = new Map<string, number>()
    note('the network falls into parts')
    world.network.part((address) => {
      const part = parts.get(address) ?? chance.below(2)
      parts.set(address, part)
      return part
    })
  },
  unite: ({ world, note }) => {
    note('the network is one again')
    world.network.part(() => 0)
  },
  introducer: ({ world, note, chance }) => {
    const up = chance() < 0.6
    note(`the introducer is ${up ? 'up' : 'down'}`)
    world.network.setUp(up)
  },
  fullDisk: ({ world, note }) => {
    note('a disk is full for once')
    const disks = world.disks
    if (!disks) return
    world.disks = {
      ...disks,
      error: () => {
        world.disks = disks
        return new StorageFull('the disk is full')
      },
    }
  },
  closeDisk: (stage) => {
    const who = awake(stage)
    if (!who) return
    stage.note(`the database of ${who.name} is closed`)
    who.closed = true
  },
  clock: (stage) => {
    const who = awake(stage)
    if (!who) return
    who.skew = Math.floor((stage.chance() - 0.5) * 7_200_000)
    stage.note(`${who.name}'s clock is ${String(who.skew)} ms off`)
  },
  look: (stage) => {
    const who = awake(stage)
    stage.note(`${who?.name ?? 'nobody'} looks around`)
    who?.app.lookAround()
  },
  sleep: ({ world, chance, note }) => {
    const days = chance() * 3
    note(`all devices sleep for ${days.toFixed(1)} days`)
    world.time.skip(Math.floor(days * 86_400_000))
  },
  invite: (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const [by, whom] = [awake(stage), any(stage.chance, stage.people)]
    if (!group || !by || !whom || by === whom) return
    stage.note(`${by.name} invites ${whom.name} to ${group.name}`)
    attempt(stage, by.app.groups.invite(group.id, [whom.identity]))
  },
  answer: async (stage) => {
    const who = awake(stage)
    if (who) await answerAll(stage, who, stage.chance() < 0.85 ? 'join' : 'decline')
  },
  expel: (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const [by, whom] = [awake(stage), any(stage.chance, stage.people)]
    if (!group || !by || !whom || by === whom) return
    stage.note(`${by.name} wants ${whom.name} out of ${group.name}`)
    attempt(stage, by.app.groups.remove(group.id, whom.identity))
  },
  leave: async (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const who = awake(stage)
    if (!group || !who || !(await isMember(who, group.id)) || (await organises(who, group.id))) return
    stage.note(`${who.name} leaves ${group.name}`)
    attempt(stage, who.app.groups.leave(group.id))
  },
  handOver: async (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const [by, whom] = [awake(stage), any(stage.chance, stage.people)]
    if (!group || !by || !whom || by === whom) return
    if (!(await organises(by, group.id)) || !(await isSeated(by, group.id, whom))) return
    stage.note(`${by.name} hands ${group.name} over to ${whom.name}`)
    attempt(stage, by.app.groups.handOver(group.id, whom.identity))
  },
  arrange: async (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const by = awake(stage)
    if (!group || !by || !(await isMember(by, group.id))) return
    const n = stage.chance.below(1_000)
    stage.note(`${by.name} calls ${group.name} "${String(n)}"`)
    attempt(stage, by.app.groups.describe(group.id, { name: String(n) }))
    if (n % 4 > 0) return
    group.fleeting = true
    attempt(stage, by.app.engine.say(group.id, { kind: 'vanish', seconds: n }))
  },
  /** Somebody is removed, and until they hear of it they speak with one other who has not heard of it either. */
  castOut: async (stage) => {
    const { world, chance, people, note } = stage
    const group = any(chance, stage.model.groups)
    const [whom, friend] = [awake(stage), any(chance, people)]
    const by = group && (await organiserAwake(stage, group.id))
    if (!group || !by || !whom || !friend || by === whom || by === friend) return
    note(`${by.name} wants ${whom.name} out of ${group.name}, and ${friend.name} does not hear of it`)
    const { store } = by.app.engine
    const cards = await Promise.all([whom, friend].map(({ identity }) => store.get('contacts', identity)))
    const apart = cards.map((card) => card?.address)
    world.network.part((address) => (apart.includes(address) ? 1 : 0))
    attempt(stage, by.app.groups.remove(group.id, whom.identity))
    sayIn(stage, whom, group.id)
    await world.settle(1_000)
    whom.crash()
    world.network.part(() => 0)
  },
  goOnWithout: async (stage) => {
    const group = any(stage.chance, stage.model.groups)
    const by = awake(stage)
    if (!group || group.parted || !by || !(await isMember(by, group.id))) return
    if (await organises(by, group.id)) return
    stage.note(`${by.name} wants to go on without the organiser of ${group.name}`)
    group.parted = true
    attempt(stage, by.app.groups.goOnWithout(group.id))
  },
  follow: async (stage) => {
    const who = awake(stage)
    if (who) await followAll(stage, who)
  },
  rejoin: async (stage) => {
    const who = awake(stage)
    if (!who) return
    stage.note(`${who.name} begins a new life`)
    attempt(
      stage,
      who.app.beginAgain().then(() => void who.app.hangUp()),
    )
  },
}

/** What people themselves do. */
export const CALM_ACTS: Readonly<Record<string, Act>> = Object.fromEntries(
  [
    'say',
    'sayTogether',
    'edit',
    'remove',
    'react',
    'hide',
    'arrange',
    'invite',
    'answer',
    'expel',
    'leave',
    'handOver',
    'rejoin',
  ]
    .concat('goOnWithout', 'follow')
    .flatMap((name) => (ACTS[name] ? [[name, ACTS[name]]] : [])),
)

/** Only in stories where a device may be set back to an older copy of its disk. */
export const SET_BACK: Readonly<Record<string, Act>> = {
  copy: (stage) => {
    const who = any(stage.chance, stage.people)
    if (!who) return
    stage.note(`${who.name}'s disk is copied`)
    COPIES.set(who, copyOf(who.disk))
  },
  setBack: async (stage) => {
    const who = any(
      stage.chance,
      stage.people.filter((person) => COPIES.has(person)),
    )
    const copy = who && COPIES.get(who)
    if (!who || !copy) return
    stage.note(`${who.name} is set back to an older copy`)
    if (who.awake) who.crash()
    who.setBack(copy)
    for (const words of stage.model.words.filter(({ by }) => by === who)) setBack(words)
    await stage.world.during(who.restart())
  },
}

/** What was accepted may be forgotten; whether it was edited or deleted, only others know. */
function setBack(words: Words): void {
  words.astray = true
  words.edits.length = 0
  if (words.deleted) [words.deleted, words.deleting] = [false, true]
}

/** So long what is fleeting is seen, seconds. */
const FLEETING_S = 3 * 86_400

const COPIES = new WeakMap<Person, Disk>()

function awake({ people, chance }: Stage): Person | undefined {
  return any(
    chance,
    people.filter((person) => person.awake),
  )
}

/** The rest of the work is the network's; whoever dies meanwhile never hears of it. */
function attempt(stage: Stage, work: Promise<unknown>, done?: () => unknown): void {
  work.then(
    () => done?.(),
    (error: unknown) => {
      stage.note(`that was not to be: ${error instanceof Error ? error.message : String(error)}`)
    },
  )
}

function say(stage: Stage, by: Person): void {
  placeOf(stage, by).then(
    (place) => {
      if (place !== undefined) sayIn(stage, by, place)
    },
    () => undefined,
  )
}

function sayIn({ model, note, chance }: Stage, by: Person, place: ConversationId | Person): void {
  const text = `${by.name} ${String(model.words.length)}`
  const words: Words = {
    text,
    by,
    place,
    accepted: false,
    ...{ deleting: false, deleted: false },
    tried: [],
    edits: [],
    hidden: new Set(),
    fleeting: chance() < 0.05 || model.groups.some(({ id, fleeting }) => id === place && fleeting),
    astray: false,
  }
  note(`${by.name} says "${text}" ${typeof place === 'string' ? 'to the group' : `to ${place.name}`}`)
  model.words.push(words)
  by.say(text, place, words.fleeting ? FLEETING_S : undefined).then(
    () => (words.accepted = true),
    (error: unknown) => {
      note(`"${text}" was not taken: ${String(error)}`)
    },
  )
}

/** A group they are in, or a contact of theirs. */
async function placeOf(
  { people, model, chance }: Stage,
  by: Person,
): Promise<ConversationId | Person | undefined> {
  const { store } = by.app.engine
  const groups: ConversationId[] = []
  for (const { id } of model.groups) if (await isMember(by, id)) groups.push(id)
  if (groups.length > 0 && chance() < 0.75) return any(chance, groups)
  const chats = await store.all('conversations')
  const known = people.filter((person) =>
    chats.some(({ circle }) => circle.kind === 'pair' && circle.peer === person.identity),
  )
  return any(chance, known)
}

async function ownWords(stage: Stage) {
  const by = awake(stage)
  const place = by && (await placeOf(stage, by))
  if (!place) return undefined
  const own = (await messages(by, place)).filter(
    ({ author, body, failed }) => author === by.identity && body !== undefined && failed === undefined,
  )
  const message = any(stage.chance, own)
  const words = message && find(stage.model, textOf(message))
  if (!message || !words?.accepted || words.deleting) return undefined
  const { author, incarnation, seq, conversation } = message.record
  return { by, words, conversation, target: { author, incarnation, seq } }
}

function find(model: Model, text: string): Words | undefined {
  return model.words.find((words) => words.text === text || words.tried.includes(text))
}

async function isMember(who: Person, group: ConversationId): Promise<boolean> {
  const chat = await who.app.engine.store.get('conversations', group)
  return !chat?.left && (await isSeated(who, group, who))
}

async function isSeated(by: Person, group: ConversationId, whom: Person): Promise<boolean> {
  const membership = await by.app.engine.store.get('memberships', group)
  return membership?.seats.some(({ identity, ended }) => identity === whom.identity && !ended) ?? false
}

async function organiserAwake({ people }: Stage, group: ConversationId): Promise<Person | undefined> {
  for (const who of people) if (who.awake && (await organises(who, group))) return who
  return undefined
}

async function organises(who: Person, group: ConversationId): Promise<boolean> {
  return (await who.app.engine.store.get('memberships', group))?.organiser === who.identity
}

export async function answerAll(stage: Stage, who: Person, answer: 'join' | 'decline'): Promise<void> {
  for (const { id, at, name } of await who.app.engine.store.all('invitations')) {
    if (at !== 'asked') continue
    stage.note(`${who.name}: ${answer} ${name}`)
    attempt(stage, who.app.groups.answer(id, answer))
  }
}

export async function followAll(stage: Stage, who: Person): Promise<void> {
  for (const { id } of stage.model.groups) {
    const membership = await who.app.engine.store.get('memberships', id)
    for (const key of membership?.open ?? []) {
      const row = await who.app.engine.store.get('records', key)
      if (row?.line?.line !== 'without' || recordKey(row.record) !== key) continue
      stage.note(`${who.name} follows`)
      attempt(stage, who.app.groups.follow(id, key))
    }
  }
}
