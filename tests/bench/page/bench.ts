import * as act from './act.ts'
import * as bare from './bare.ts'
import * as disk from './disk.ts'
import * as find from './find.ts'
import * as watch from './watch.ts'

/** What a benchmark does and sees inside of a page. */
const bench = { ...act, ...bare, ...disk, ...find, ...watch }

export type Bench = typeof bench
Object.assign(globalThis, { bench })
