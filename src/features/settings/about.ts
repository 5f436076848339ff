/** Both are put in by the build. */
declare const EARSHOT_VERSION: string
declare const EARSHOT_BUILD: string

/** What is running here; `build` is the day it was made. */
export const about = { version: EARSHOT_VERSION, build: EARSHOT_BUILD, licence: 'MIT' }
