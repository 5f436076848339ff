import { createContext } from 'svelte'
import type { Mention } from '../../core/body.ts'
import { textNow, type Message } from '../../core/conversation.ts'
import { recordKey } from '../../core/record.ts'
import { showToast } from '../../ui/toasts.ts'
import type { Engine } from '../context.ts'
import { NOT_STORED } from '../words.ts'
import type { Chat } from './chat.svelte.ts'
import { obstacleTo } from './obstacle.ts'
import { targetOf, type Action } from './message/actions.ts'
import { mineOf } from './message/reactions.ts'

/** What the field is for: something new, an answer, or other words for a message of ours. */
export type Writing =
  | { readonly what: 'new' }
  | { readonly what: 'answer'; readonly to: Message }
  | { readonly what: 'edit'; readonly message: Message }

/** What lies over the chat. */
export type Over =
  | { readonly what: 'menu' | 'reactions'; readonly message: Message; readonly anchor: HTMLElement }
  | {
      readonly what: 'details' | 'delete' | 'forward'
      readonly message: Message
      readonly anchor: HTMLElement
    }

/** What somebody wrote. */
export interface Words {
  readonly text: string
  readonly mentions: readonly Mention[]
}

/** What this person does with the messages of the open chat. */
export class Talk {
  readonly chat: Chat
  writing = $state.raw<Writing>({ what: 'new' })
  over = $state.raw<Over>()
  readonly #engine: Engine

  constructor(engine: Engine, chat: Chat) {
    this.#engine = engine
    this.chat = chat
  }

  get me(): Engine['me'] {
    return this.#engine.me
  }

  /** Why nothing can be written here; undefined when it can. */
  get obstacle(): string | undefined {
    const { conversation, membership } = this.chat
    return conversation && obstacleTo(conversation, membership, this.me)
  }

  /** The message stands at the head of the chat. */
  isPinned(message: Message): boolean {
    return this.chat.pinned?.key === recordKey(message.record)
  }

  /** What is chosen in the menu of a message; `anchor`: the button it belongs to. */
  act(action: Action, message: Message, anchor: HTMLElement): void {
    switch (action) {
      case 'Reply':
        this.writing = { what: 'answer', to: message }
        return
      case 'Edit':
        this.writing = { what: 'edit', message }
        return
      case 'React':
        this.over = { what: 'reactions', message, anchor }
        return
      case 'Copy':
        this.#try(() => this.#copy(message))
        return
      case 'Forward':
        this.over = { what: 'forward', message, anchor }
        return
      case 'Details':
        this.over = { what: 'details', message, anchor }
        return
      case 'Delete':
        this.over = { what: 'delete', message, anchor }
        return
      case 'Pin':
      case 'Unpin':
        this.pin(message, action === 'Pin')
    }
  }

  /** Other words for the newest message of ours. */
  editLast(): void {
    const message = this.chat.lastOwn()
    if (message) this.writing = { what: 'edit', message }
  }

  /** The same emoji again takes it back. */
  react(message: Message, emoji: string): void {
    const again = mineOf(message, this.me) === emoji
    this.#say({ kind: 'react', target: targetOf(message), emoji: again ? '' : emoji })
  }

  pin(message: Message, pinned: boolean): void {
    this.#say({ kind: 'pin', target: targetOf(message), pinned })
  }

  /** Nothing stands at the head of the chat any more. */
  unpin(): void {
    const target = this.chat.conversation?.pin?.value
    if (target) this.#say({ kind: 'pin', target, pinned: false })
  }

  /** Stores what was written, as what it was written for. Rejects when that was not possible. */
  async say({ text, mentions }: Words): Promise<void> {
    const { writing } = this
    const named = mentions.length > 0 ? { mentions } : {}
    const { conversation } = this.chat
    if (!conversation) return
    if (writing.what === 'edit') {
      const before = textNow(writing.message)?.text
      const edit = { kind: 'edit', target: targetOf(writing.message), text, ...named } as const
      if (before !== text) await this.#engine.say(conversation.id, edit)
    } else {
      const answer = writing.what === 'answer' ? { reply: targetOf(writing.to) } : {}
      await this.#engine.say(conversation.id, { kind: 'text', text, ...named, ...answer })
    }
    if (this.writing === writing) this.writing = { what: 'new' }
  }

  takeBack(message: Message): void {
    this.#say({ kind: 'delete', target: targetOf(message) })
  }

  hide(message: Message): void {
    this.#try(() => this.#engine.hide(recordKey(message.record)))
  }

  /** Brings a message into view; `key`: its recordKey. */
  jump(key: string): void {
    this.#try(async () => {
      const there = await this.chat.jump(key)
      if (!there) await showToast({ text: 'This message is not here any more.' })
    })
  }

  #say(body: Parameters<Engine['say']>[1]): void {
    const { conversation } = this.chat
    if (conversation) this.#try(() => this.#engine.say(conversation.id, body))
  }

  async #copy(message: Message): Promise<void> {
    await navigator.clipboard.writeText(textNow(message)?.text ?? '')
    await showToast({ kind: 'good', text: 'Copied' })
  }

  #try(act: () => Promise<void>): void {
    act().catch((error: unknown) => {
      reportError(error)
      return showToast({ kind: 'problem', text: NOT_STORED })
    })
  }
}

export const [useTalk, provideTalk] = createContext<Talk>()
