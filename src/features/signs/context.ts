import { createContext } from 'svelte'
import type { Signs } from './signs.ts'

/** Who writes, who is there; made in app.ts, given to the components through Svelte's context. */
export const [useSigns, provideSigns] = createContext<Signs>()
