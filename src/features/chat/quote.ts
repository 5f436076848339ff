import type { Target } from '../../core/body.ts'
import { preview, textNow, type Message } from '../../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { targetKey } from '../../core/marks.ts'

/** A message that another one answers, or that is pinned, as far as it is known here. */
export type Quote =
  | {
      readonly at: 'here'
      /** Its recordKey. */
      readonly key: string
      readonly author: IdentityKey
      /** Its first words. */
      readonly text: string
    }
  | { readonly at: 'deleted' | 'missing'; readonly key: string; readonly author: IdentityKey }

/** Characters of a quote; what is too long for its lines is cut by the screen. */
const MAX_QUOTE = 240

/** `message`: the one that it names, if it is here. */
export function quoteOf(
  target: { conversation: ConversationId; target: Target },
  message: Message | undefined,
): Quote {
  const key = targetKey(target.conversation, target.target)
  const { author } = target.target
  if (!message || message.hidden) return { at: 'missing', key, author }
  if (message.body === undefined) return { at: 'deleted', key, author }
  return { at: 'here', key, author, text: wordsOf(message) }
}

/** A few words that stand for a message. */
function wordsOf(message: Message): string {
  return (textNow(message)?.text ?? preview(message.body)).slice(0, MAX_QUOTE)
}

/** What a quote says where there are no words. */
const QUOTE_TEXT = { deleted: 'Message deleted', missing: 'A message you do not have' } as const

export function quoteText(quote: Quote): string {
  return quote.at === 'here' ? quote.text : QUOTE_TEXT[quote.at]
}

export function sameQuote(a: Quote | undefined, b: Quote | undefined): boolean {
  if (!a || !b) return a === b
  return a.at === b.at && a.key === b.key && (a.at !== 'here' || b.at !== 'here' || a.text === b.text)
}
