import type { Message } from '../../../src/core/conversation.ts'
import { wholeTo } from '../../../src/core/feed.ts'
import type { ConversationId } from '../../../src/core/ids.ts'
import type { Membership } from '../../../src/core/membership.ts'
import { recordKey } from '../../../src/core/record.ts'
import type { Store } from '../../../src/store/store.ts'
import type { Person } from '../../support/people.ts'
import { chatIn, messages, textOf } from '../../support/reading.ts'
import { wordsOf, type GroupModel, type Model, type Stage, type Words } from './model.ts'

/** What is seen of one chat on one device. */
interface View {
  readonly who: Person
  readonly place: ConversationId | Person
  readonly shown: Message[]
}

/** What must hold at every moment, whatever happens. Returns what does not. */
export async function atAllTimes({ people, model, world }: Stage): Promise<string[]> {
  const broken: string[] = []
  for (const { who, key } of world.keys.reused) {
    // Nobody may have known how far a device was before it was set back: that cannot be excluded, and is counted.
    if (!people.some(({ name, wasSetBack }) => name === who && wasSetBack))
      broken.push(`${who} used a message key twice: ${key}`)
  }
  for (const who of people) {
    const store = await storeOf(who)
    for (const view of await viewsOf(who, { people, model, store })) {
      broken.push(...genuine(view, model), ...kept(view, model), ...inOrder(view))
      broken.push(...(await delivered(view, people)))
    }
  }
  return broken
}

function storeOf(who: Person): Promise<Store> {
  return who.awake ? Promise.resolve(who.app.engine.store) : who.onDisk()
}

async function viewsOf(
  who: Person,
  { people, model, store }: { people: readonly Person[]; model: Model; store: Store },
): Promise<View[]> {
  const views: View[] = []
  const others = people.filter((other) => other !== who)
  for (const place of [...model.groups.map(({ id }) => id), ...others]) {
    if (typeof place !== 'string' && !(await store.get('contacts', place.identity))) continue
    const shown = await messages(who, place, store)
    views.push({ who, place, shown: shown.filter(({ hidden }) => !hidden) })
  }
  return views
}

/** Nobody sees what was not said there by whom it names, nor anything twice. */
function genuine({ who, place, shown }: View, model: Model): string[] {
  const broken: string[] = []
  const seen = new Set<string>()
  for (const message of shown.filter(({ body }) => body !== undefined)) {
    const text = textOf(message)
    const words = wordsOf(model, text)
    if (words?.by.identity !== message.author) broken.push(`${who.name} sees "${text}", which nobody said`)
    else if (!isAt(words, who, place)) broken.push(`${who.name} sees "${text}" in another chat`)
    else if (seen.has(words.text)) broken.push(`${who.name} sees "${words.text}" twice`)
    if (words) seen.add(words.text)
    if (message.clockWrong) broken.push(`${who.name} sees "${text}" as if its clock were wrong`)
  }
  return broken
}

function isAt(words: Words, who: Person, place: ConversationId | Person): boolean {
  if (typeof place === 'string' || typeof words.place === 'string') return words.place === place
  return (words.by === who && words.place === place) || (words.by === place && words.place === who)
}

/** What was accepted is there; what was deleted is not. */
function kept({ who, place, shown }: View, model: Model): string[] {
  const texts = new Set(shown.map((message) => wordsOf(model, textOf(message))?.text))
  return model.words
    .filter((words) => words.by === who && words.accepted && !words.astray && isAt(words, who, place))
    .flatMap(({ text, deleting, deleted, fleeting, hidden }) => {
      if (deleted && texts.has(text)) return [`"${text}" was deleted and is back`]
      return deleting || fleeting || hidden.has(who) || texts.has(text)
        ? []
        : [`"${text}" was accepted and is lost`]
    })
}

/** Of one life of one author, what was said first stands first. */
function inOrder({ who, shown }: View): string[] {
  const last = new Map<string, number>()
  return shown.flatMap(({ record, seq }) => {
    const feed = `${record.author}/${record.incarnation}`
    const before = last.get(feed) ?? 0
    last.set(feed, seq)
    return seq > before ? [] : [`${who.name} sees ${feed} out of order`]
  })
}

/** "Delivered" means: on the other's disk. */
async function delivered({ who, shown }: View, people: readonly Person[]): Promise<string[]> {
  if (!who.awake) return []
  const broken: string[] = []
  const reaches = await who.app.engine.store.all('reaches')
  for (const message of shown.filter(({ author }) => author === who.identity)) {
    const { conversation, incarnation } = message.record
    for (const { feed, peer, delivered } of reaches) {
      if (feed.conversation !== conversation || feed.incarnation !== incarnation || delivered < message.seq)
        continue
      const other = people.find(({ identity }) => identity === peer)
      const there =
        other && !other.wasSetBack ? await (await other.onDisk()).get('feeds', feedName(message)) : 'away'
      if (there === 'away' || (there && wholeTo(there) >= message.seq)) continue
      broken.push(`"${textOf(message)}" is Delivered to ${other?.name ?? '?'}, and not on that disk`)
    }
  }
  return broken
}

function feedName({ record }: Message): string {
  return recordKey({ ...record, seq: 0 }).replace(/\/0$/, '')
}

/** What must hold once everything is well again and time has passed. */
export async function atRest(stage: Stage): Promise<string[]> {
  const broken = [...(await atAllTimes(stage)), ...(await quietly(stage))]
  for (const who of stage.people) broken.push(...(await inBounds(who, stage)))
  for (const group of stage.model.groups) broken.push(...(await groupAtRest(stage, group)))
  for (const [index, one] of stage.people.entries()) {
    for (const other of stage.people.slice(index + 1)) broken.push(...(await pairAtRest(stage, one, other)))
  }
  return broken
}

const IDLE_MS = 60_000
/** Frames of an open link in that time, both ways: signs of life, and what is told every few minutes. */
const IDLE_FRAMES = 12

/** Nobody talks for nothing. */
async function quietly({ world }: Stage): Promise<string[]> {
  const { network } = world
  const before = network.carried
  await world.settle(IDLE_MS)
  const said = network.carried - before
  const most = IDLE_FRAMES * network.open
  return said <= most
    ? []
    : [`${String(said)} frames on ${String(network.open)} links in a minute of silence`]
}

/** What lies on a disk is in proportion to what was said, and the list of chats counts right. */
async function inBounds(who: Person, { people, model, garbles }: Stage): Promise<string[]> {
  const { store } = who.app.engine
  const chats = await store.all('conversations')
  const broken: string[] = []
  for (const table of ['mls', 'memberships', 'keyPackages'] as const) {
    const rows = await store.all(table)
    if (rows.length > chats.length + people.length)
      broken.push(`${who.name} keeps ${String(rows.length)} ${table} for ${String(chats.length)} chats`)
  }
  for (const { shown, place } of await viewsOf(who, { people, model, store })) {
    const id = await chatIn(who, place)
    const chat = chats.find((one) => one.id === id)
    if (chat && chat.messages !== shown.length)
      broken.push(`${who.name} counts ${String(chat.messages)} messages and sees ${String(shown.length)}`)
    for (const other of chat?.forked ?? []) {
      if (!people.some(({ identity, wasSetBack }) => identity === other && wasSetBack))
        broken.push(`${who.name} is told in vain that somebody said different things`)
    }
    for (const other of chat?.apart ?? []) {
      if (!garbles && !people.some(({ identity, wasSetBack }) => identity === other && wasSetBack))
        broken.push(`${who.name} is told in vain that somebody has other keys`)
    }
  }
  return broken
}

async function groupAtRest({ people, model }: Stage, { id, parted }: GroupModel): Promise<string[]> {
  const truth = await truthOf(people, id)
  if (!truth) return []
  const broken: string[] = []
  const inside: Person[] = []
  for (const who of people) {
    const own = await who.app.engine.store.get('memberships', id)
    // Where the group fell in two, those who were removed from one part before cannot be asked by the other.
    const same = own?.era.generation === truth.era.generation && own.organiser === truth.organiser
    const apart = parted && !same
    if (present(truth, who.identity) && !apart) inside.push(who)
  }
  for (const who of inside) {
    const own = await who.app.engine.store.get('memberships', id)
    if (!own) broken.push(`${who.name} should be in the group and does not know it`)
    else if (nameOf(own) !== nameOf(truth))
      broken.push(`${who.name} is in ${nameOf(own)}, not in ${nameOf(truth)}`)
    if (own && (await keysOf(who, id)) !== (await keysOf(organiserOf(inside, truth), id))) {
      broken.push(`${who.name} has other keys than the organiser`)
    }
  }
  const forked = await forkedIn(people, id)
  if (!parted && forked.size === 0) broken.push(...(await sameSettings(inside, id)))
  for (const who of people) {
    const shown = await messages(who, id)
    const texts = new Map(shown.map((message) => [wordsOf(model, textOf(message))?.text, message]))
    for (const words of model.words.filter(({ place }) => place === id)) {
      const there = texts.get(words.text)
      const era = await eraOf(words, id)
      if (!era) continue
      // Whoever is out of it may not have heard that somebody else was removed before.
      const ends = inside.includes(who) && (await isCut(words, { id, truth }))
      const may = readable(truth, who.identity, era) && !ends
      const due =
        words.accepted &&
        !words.deleting &&
        !words.fleeting &&
        !words.hidden.has(who) &&
        !(await isGone(words, inside)) &&
        (!parted || inside.includes(words.by))
      // Of whoever went on from an old copy two truths are known, and everybody was told so.
      const split = parted && !(await areAgreed(words, { id, reader: who }))
      const must = may && due && inside.includes(who) && !forked.has(words.by.identity) && !split
      const settled = isSteady(truth, words.by) && !words.astray
      if (words.deleted && settled && there?.body && inside.includes(who))
        broken.push(`"${words.text}" was deleted, and ${who.name} still reads it`)
      if (must && !there) broken.push(`${who.name} never got "${words.text}"`)
      // Where the group fell in two, each part has its own truth.
      if (there && !may && !there.late && words.by !== who && !parted) {
        broken.push(`${who.name} reads "${words.text}" without being entitled to it`)
      }
      const now = words.edits.at(-1) ?? words.text
      const open = words.tried.filter((text) => !words.edits.includes(text))
      if (
        must &&
        there &&
        isSteady(truth, words.by) &&
        isSteady(truth, who) &&
        ![now, ...open].includes(textOf(there))
      ) {
        broken.push(`${who.name} reads "${textOf(there)}" instead of "${now}"`)
      }
    }
  }
  return forked.size > 0 ? broken : [...broken, ...(await sameOrder(inside, id))]
}

/** Those whom others were told about that they say different things, after they were set back. */
async function forkedIn(people: readonly Person[], id: ConversationId): Promise<Set<string>> {
  const told = await Promise.all(people.map((who) => who.app.engine.store.get('conversations', id)))
  const forked = new Set<string>(told.flatMap((chat) => chat?.forked ?? []))
  return new Set(
    people.filter((who) => who.wasSetBack && forked.has(who.identity)).map((who) => who.identity),
  )
}

/** Whoever was removed once may have edited what was theirs when it was too late. */
function isSteady({ seats }: Membership, { identity }: Person): boolean {
  return seats.every((seat) => seat.identity !== identity || !seat.ended)
}

/** Its author's device forgot it, and nobody else has it. */
async function isGone(
  { astray, text, tried, place, by }: Words,
  people: readonly Person[],
): Promise<boolean> {
  if (!astray) return false
  for (const who of people) {
    const there = await messages(who, typeof place === 'string' ? place : who === by ? place : by)
    if (
      there.some(({ body, ...message }) => body && [text, ...tried].includes(textOf({ body, ...message })))
    ) {
      return false
    }
  }
  return true
}

/** All who read two messages read them in the same order. */
async function sameOrder(inside: readonly Person[], id: ConversationId): Promise<string[]> {
  const lists = await Promise.all(
    inside.map(async (who) => (await messages(who, id)).filter(({ late, body }) => !late && body)),
  )
  const keys = lists.map((list) => list.map(({ record }) => recordKey(record)))
  const [first = []] = keys
  return keys.flatMap((other, index) => {
    const [mine, theirs] = [new Set(first), new Set(other)]
    const same = first.filter((key) => theirs.has(key)).join() === other.filter((key) => mine.has(key)).join()
    return same ? [] : [`${inside[index]?.name ?? '?'} reads in another order`]
  })
}

/** Whether both reader and author think that the words are for the reader, and are the author's to write. */
async function areAgreed(
  words: Words,
  { id, reader }: { id: ConversationId; reader: Person },
): Promise<boolean> {
  const era = await eraOf(words, id)
  for (const who of [reader, words.by]) {
    const truth = await who.app.engine.store.get('memberships', id)
    if (!era || !truth || !readable(truth, reader.identity, era)) return false
    // Whoever was out of one part for a while may have missed what the other part said to them.
    if (!isSteady(truth, reader) || !isSteady(truth, words.by)) return false
  }
  return true
}

/** What the organiser arranged holds for everybody. */
async function sameSettings(inside: readonly Person[], id: ConversationId): Promise<string[]> {
  const chats = await Promise.all(inside.map((who) => who.app.engine.store.get('conversations', id)))
  const set = chats.map((chat) => {
    const name = chat?.circle.kind === 'group' ? chat.circle.name : '?'
    return `${name}, ${String(chat?.vanish?.value ?? 0)}`
  })
  return set.flatMap((one, index) =>
    one === set[0] ? [] : [`${inside[index]?.name ?? '?'} sees ${one}, not ${String(set[0])}`],
  )
}

/** The newest membership that anybody has. */
async function truthOf(people: readonly Person[], id: ConversationId): Promise<Membership | undefined> {
  let truth: Membership | undefined
  for (const who of people) {
    const own = await who.app.engine.store.get('memberships', id)
    if (!own?.organiser || !present(own, who.identity)) continue
    const later =
      !truth ||
      own.era.generation > truth.era.generation ||
      (own.era.generation === truth.era.generation && own.era.epoch > truth.era.epoch)
    if (later) truth = own
  }
  return truth
}

function present({ seats }: Membership, identity: string): boolean {
  return seats.some((seat) => seat.identity === identity && !seat.ended)
}

function nameOf({ era, organiser, seats }: Membership): string {
  const who = seats.filter(({ ended }) => !ended).map(({ identity }) => identity.slice(0, 6))
  return `${String(era.generation)}.${String(era.epoch)} of ${organiser?.slice(0, 6) ?? '?'} with ${who.sort().join()}`
}

function organiserOf(inside: readonly Person[], { organiser }: Membership): Person | undefined {
  return inside.find(({ identity }) => identity === organiser)
}

async function keysOf(who: Person | undefined, id: ConversationId): Promise<string> {
  if (!who) return 'nobody'
  const held = await who.app.engine.store.get('mls', id)
  return held ? who.groupName(held.state) : 'none'
}

/** In which era its author wrote it, as it lies on the author's own disk. */
async function eraOf(
  words: Words,
  id: ConversationId,
): Promise<[number, number, string, number] | undefined> {
  const own = await messages(words.by, id)
  const message = own.find((one) => textOf(one) === words.text || words.tried.includes(textOf(one)))
  if (!message) return undefined
  const { era, incarnation } = message.record
  return [era.generation, era.epoch, incarnation, message.seq]
}

function readable(
  truth: Membership,
  identity: string,
  [generation, epoch]: [number, number, string, number],
): boolean {
  const at = (era: { generation: number; epoch: number }) =>
    generation === era.generation ? epoch - era.epoch : generation - era.generation
  return truth.seats.some(
    (seat) => seat.identity === identity && at(seat.since) >= 0 && (!seat.ended || at(seat.ended.until) <= 0),
  )
}

/** Its author was removed, and the organiser never had it. */
async function isCut(
  words: Words,
  { id, truth }: { id: ConversationId; truth: Membership },
): Promise<boolean> {
  const era = await eraOf(words, id)
  if (!era) return true
  const covering = truth.seats.filter((seat) => {
    if (seat.identity !== words.by.identity) return false
    return readable({ ...truth, seats: [seat] }, seat.identity, era)
  })
  return !covering.some(
    ({ ended }) => !ended || ended.cuts.some((cut) => cut.incarnation === era[2] && era[3] <= cut.seq),
  )
}

async function pairAtRest({ model }: Stage, one: Person, other: Person): Promise<string[]> {
  if (!(await knows(one, other)) || !(await knows(other, one))) return []
  const broken: string[] = []
  const chat = await chatIn(one, other)
  if (!(await one.app.engine.store.get('conversations', chat))) return []
  const [hers, his] = [await messages(one, other), await messages(other, one)]
  // What was deleted before it came leaves nothing here, and a mark there.
  const [a, b] = [hers, his].map((list) =>
    list
      .filter((message) => message.body && !isPassing(model, message))
      .map(textOf)
      .join(),
  )
  if (a !== b) broken.push(`${one.name} reads ${a ?? ''}, and ${other.name} ${b ?? ''}`)
  for (const words of model.words.filter(
    (words) =>
      isAt(words, one, other) &&
      words.accepted &&
      !words.deleting &&
      !words.fleeting &&
      words.hidden.size === 0,
  )) {
    if (his.some((message) => wordsOf(model, textOf(message)) === words)) continue
    if (await isGone(words, [one, other])) continue
    broken.push(`${other.name} never got "${words.text}" of ${words.by.name}`)
  }
  const link = one.app.engine.links.state(other.identity)
  if (link.at !== 'linked') broken.push(`${one.name} is ${link.at} to ${other.name}`)
  return broken
}

/** Not for everybody to read, or not for long. */
function isPassing(model: Model, message: Message): boolean {
  const words = wordsOf(model, textOf(message))
  return words !== undefined && (words.fleeting || words.hidden.size > 0)
}

async function knows(one: Person, other: Person): Promise<boolean> {
  return (await one.app.engine.store.get('contacts', other.identity))?.stage === 'met'
}
