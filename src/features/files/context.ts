import { createContext } from 'svelte'
import type { Files } from './types.ts'

/** The files of this device; made in app.ts, given to the components through Svelte's context. */
export const [useFiles, provideFiles] = createContext<Files>()
