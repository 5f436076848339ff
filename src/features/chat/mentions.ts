import type { Mention } from '../../core/body.ts'
import { grouped } from '../../core/grouped.ts'
import type { IdentityKey } from '../../core/ids.ts'
import { MAX_MENTIONS } from '../../protocol/limits.ts'

/** A part of a text, and who is named by it, if anybody. */
export interface Part {
  readonly text: string
  readonly who?: IdentityKey
}

/** Cuts a text at the people it names; together the parts are the text again. What others send is checked here. */
export function partsOf(text: string, mentions: readonly Mention[]): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const { at, length, who } of [...mentions].sort((a, b) => a.at - b.at)) {
    if (at < from || length < 1 || at + length > text.length) continue
    if (at > from) parts.push({ text: text.slice(from, at) })
    parts.push({ text: text.slice(at, at + length), who })
    from = at + length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** Somebody who can be named. */
export interface Candidate {
  readonly who: IdentityKey
  /** What they call themselves: others read it. */
  readonly name: string
  /** What they are called here. */
  readonly alias: string
  readonly hint: string | undefined
}

/** The beginning of a name that is being written: where its "@" stands, and what follows. */
export interface Search {
  readonly at: number
  readonly query: string
}

/** Names are not longer than this; what is, is something else. */
const MAX_QUERY = 32

/** Whether a name is being written before the caret. */
export function searchAt(text: string, caret: number): Search | undefined {
  const at = text.lastIndexOf('@', caret - 1)
  if (at < 0 || at >= caret || caret - at > MAX_QUERY) return undefined
  if (at > 0 && !/[\s([{"'“‘«]/u.test(text[at - 1] ?? '')) return undefined
  const query = text.slice(at + 1, caret)
  return query.includes('\n') || /^\s/u.test(query) || /\s\s/u.test(query) ? undefined : { at, query }
}

/** Those whose name, or a word in it, begins like that. */
export function candidatesFor(query: string, candidates: readonly Candidate[]): Candidate[] {
  const wanted = folded(query)
  const begins = (name: string): boolean =>
    folded(name).startsWith(wanted) ||
    folded(name)
      .split(/\s+/)
      .some((word) => word.startsWith(wanted))
  return candidates.filter(({ name, alias }) => begins(name) || begins(alias))
}

/** The mentions after the text was changed: those before the change stay, those behind it move, the others are gone. */
export function moved(mentions: readonly Mention[], before: string, after: string): Mention[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const shift = after.length - before.length
  return mentions.flatMap((mention) => {
    if (mention.at + mention.length <= start) return [mention]
    if (mention.at >= before.length - end) return [{ ...mention, at: mention.at + shift }]
    return []
  })
}

/** The text with somebody's name in place of its beginning, and where the caret goes. */
export function withMention(
  { text, mentions }: { readonly text: string; readonly mentions: readonly Mention[] },
  { at, query }: Search,
  { who, name }: Candidate,
): { text: string; mentions: Mention[]; caret: number } {
  const word = `@${name}`
  const rest = text.slice(at + 1 + query.length)
  const gap = /^\s/u.test(rest) ? '' : ' '
  const next = text.slice(0, at) + word + gap + rest
  const kept = moved(mentions, text, next).filter((mention) => mention.at !== at)
  const caret = at + word.length + 1
  return { text: next, mentions: [...kept, { at, length: word.length, who }], caret }
}

/** The mentions of a text that is sent without the empty room around it. Names written out by hand count as well. */
export function mentionsOf(
  { text, mentions }: { readonly text: string; readonly mentions: readonly Mention[] },
  candidates: readonly Candidate[],
): { text: string; mentions: Mention[] } {
  const trimmed = text.trim()
  const cut = text.length - text.trimStart().length
  const chosen = mentions
    .map((mention) => ({ ...mention, at: mention.at - cut }))
    .filter(({ at, length }) => at >= 0 && at + length <= trimmed.length)
  const found = writtenOut(trimmed, candidates).filter(
    ({ at, length }) => !chosen.some((other) => at < other.at + other.length && other.at < at + length),
  )
  const all = [...chosen, ...found].sort((a, b) => a.at - b.at)
  return { text: trimmed, mentions: all.slice(0, MAX_MENTIONS) }
}

/** "@Cem" without choosing him from the list; of two people of one name nobody is meant. */
function writtenOut(text: string, candidates: readonly Candidate[]): Mention[] {
  const byName = grouped(candidates, ({ name }) => folded(name))
  const unique = [...byName.values()].flatMap((all) => (all.length === 1 ? all : []))
  const longestFirst = unique.sort((a, b) => b.name.length - a.name.length)
  return [...text.matchAll(/(?<![\p{L}\p{N}@])@/gu)].flatMap(({ index: at }) => {
    const named = longestFirst.find(({ name }) => {
      const end = at + 1 + name.length
      return folded(text.slice(at + 1, end)) === folded(name) && !/^[\p{L}\p{N}]/u.test(text.slice(end))
    })
    return named ? [{ at, length: named.name.length + 1, who: named.who }] : []
  })
}

function folded(text: string): string {
  return text.toLocaleLowerCase()
}
