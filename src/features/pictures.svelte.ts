import { createContext } from 'svelte'
import { isShowable } from '../ui/picture-size.ts'
import { pictureUrl } from '../ui/picture.ts'
import type { Store } from '../store/store.ts'

/** The pictures of groups, and those that this person gave to contacts. */
export class Pictures {
  #urls = $state.raw<ReadonlyMap<string, string>>(new Map())
  readonly #store: Store
  readonly #stop: () => void

  constructor(store: Store) {
    this.#store = store
    this.#stop = store.watch(({ tables }) => {
      if (tables.has('pictures')) this.#read().catch(reportError)
    })
    this.#read().catch(reportError)
  }

  /** Where the picture of a conversation or a person is found, if there is one. */
  of(whom: string): string | undefined {
    return this.#urls.get(whom)
  }

  close(): void {
    this.#stop()
  }

  async #read(): Promise<void> {
    const stored = (await this.#store.all('pictures')).filter(({ picture }) => isShowable(picture))
    this.#urls = new Map(stored.map(({ of, picture }) => [of, pictureUrl(picture)]))
  }
}

/** Made in Messenger.svelte, given to the components through Svelte's context. */
export const [usePictures, providePictures] = createContext<Pictures>()
