import { createContext } from 'svelte'
import type { Pairing } from './pairing.ts'

export const [usePairing, providePairing] = createContext<Pairing>()
