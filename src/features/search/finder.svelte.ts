import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { Store } from '../../store/store.ts'
import type { Search } from './search.svelte.ts'

/** A message that somebody wants to see. */
export interface Choice {
  readonly conversation: ConversationId
  /** Its recordKey. */
  readonly key: string
}

/** What somebody is looking for. The search itself is loaded when it is first wanted. */
export class Finder {
  text = $state('')
  /** Only in this chat. */
  within = $state<ConversationId>()
  field = $state<HTMLInputElement>()
  /** What was found stands in there. */
  results = $state<HTMLElement>()
  search = $state.raw<Search>()
  #begun = false
  #closed = false

  /** Somebody looks for something, and sees what was found instead of the list of chats. */
  get active(): boolean {
    return this.text.trim() !== '' || this.within !== undefined
  }

  /** The buttons of what was found, from top to bottom. */
  get buttons(): HTMLElement[] {
    return [...(this.results?.querySelectorAll<HTMLElement>('button[data-result]') ?? [])]
  }

  /** The one that was chosen last, if it is on the screen. */
  get chosen(): HTMLElement | undefined {
    return this.buttons.find((button) => button.ariaCurrent === 'true')
  }

  /** Begins to read everything that was said, once. */
  warm(place: { readonly me: IdentityKey; readonly store: Store }): void {
    if (this.#begun) return
    this.#begun = true
    this.#load(place).catch((error: unknown) => {
      this.#begun = false
      reportError(error)
    })
  }

  focus(): void {
    this.field?.focus()
    this.field?.select()
  }

  clear(): void {
    this.text = ''
    this.within = undefined
  }

  close(): void {
    this.#closed = true
    this.search?.close()
  }

  async #load({ me, store }: { readonly me: IdentityKey; readonly store: Store }): Promise<void> {
    const [{ Search }, { openIndex }] = await Promise.all([
      import('./search.svelte.ts'),
      import('./open-index.ts'),
    ])
    if (!this.#closed) this.search = new Search({ me, store }, openIndex())
  }
}
