import { createContext } from 'svelte'
import type { Groups } from './groups.ts'

/** The groups of this person; made in app.ts, given to the components through Svelte's context. */
export const [useGroups, provideGroups] = createContext<Groups>()
