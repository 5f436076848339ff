import type { IdentityKey } from '../../../core/ids.ts'
import { members } from '../../../core/membership.ts'
import { Live } from '../../../ui/live.svelte.ts'
import type { Engine, Presence } from '../../context.ts'
import type { Chat } from '../chat.svelte.ts'
import { typingText } from '../list-words.ts'
import { crowdText, presenceOf, type Nearby } from './around.ts'

/** What the others in an open chat do just now, in words. */
export class Around {
  readonly #chat: Chat
  readonly #me: IdentityKey
  readonly #typing: Live<Presence['typing']['current']>
  readonly #away: Live<ReadonlySet<IdentityKey>>
  readonly #linked: Live<Nearby['linked']>

  constructor(chat: Chat, { links, me }: Pick<Engine, 'links' | 'me'>, presence: Presence) {
    this.#chat = chat
    this.#me = me
    this.#typing = Live.of(presence.typing)
    this.#away = Live.of(presence.away)
    this.#linked = new Live(
      () => (who) => links.state(who).at === 'linked',
      (changed) => links.watch(changed),
    )
  }

  /** Who writes; undefined for nobody. */
  readonly typing = $derived.by(() => {
    const { conversation, people, group } = this.#chat
    const who = conversation && this.#typing.current.get(conversation.id)
    return who && people && typingText(who, { group, nameOf: people.nameOf })
  })

  /** Whether the other one is there, one to one. */
  readonly presence = $derived.by(() => {
    const circle = this.#chat.conversation?.circle
    return circle?.kind === 'pair' ? presenceOf(circle.peer, this.#nearby) : undefined
  })

  /** How many are there, in a group. */
  readonly crowd = $derived.by(() => {
    const { membership, group } = this.#chat
    return group && membership ? crowdText(members(membership), this.#me, this.#nearby) : undefined
  })

  get #nearby(): Nearby {
    return { linked: this.#linked.current, away: this.#away.current }
  }
}
