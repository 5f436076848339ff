export const THEMES = ['auto', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEMES)[number]

/** Also read by /first.js, which sets the theme before the first picture. */
const KEY = 'earshot-theme'

/** Where the browser lets nothing be stored, even asking throws. */
export function openStorage(page: Window): Storage | undefined {
  try {
    return page.localStorage
  } catch {
    return undefined
  }
}

/** How the app looks: a choice of this device, and no secret. */
export class Theme {
  #choice = $state<ThemeChoice>('auto')
  #systemDark = $state(false)
  readonly #storage: Storage | undefined
  readonly #root: HTMLElement

  constructor(storage: Storage | undefined, root: HTMLElement) {
    this.#storage = storage
    this.#root = root
    this.#choice = THEMES.find((theme) => theme === storage?.getItem(KEY)) ?? 'auto'
    const system = matchMedia('(prefers-color-scheme: dark)')
    this.#systemDark = system.matches
    system.addEventListener('change', ({ matches }) => (this.#systemDark = matches))
    this.#apply()
  }

  get choice(): ThemeChoice {
    return this.#choice
  }

  set choice(choice: ThemeChoice) {
    this.#choice = choice
    this.#storage?.setItem(KEY, choice)
    this.#apply()
  }

  /** What is on the screen now. */
  get current(): 'light' | 'dark' {
    if (this.#choice !== 'auto') return this.#choice
    return this.#systemDark ? 'dark' : 'light'
  }

  #apply(): void {
    if (this.#choice === 'auto') delete this.#root.dataset['theme']
    else this.#root.dataset['theme'] = this.#choice
  }
}
