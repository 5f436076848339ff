import type { Settable, Watched } from './core/watched.ts'
import type { Calls } from './features/calls/context.ts'
import type { Engine } from './features/context.ts'
import type { Files } from './features/files/files.ts'
import type { Groups } from './features/groups/groups.ts'
import type { InstallOffer } from './features/install/offer.svelte.ts'
import type { Updates } from './features/install/updates.svelte.ts'
import type { Pairing } from './features/pairing/pairing.ts'
import type { Signs } from './features/signs/signs.ts'
import type { Theme } from './features/settings/theme.svelte.ts'

/** What the screens need of a running app. */
export interface Ready {
  readonly engine: Engine
  readonly pairing: Pairing
  readonly groups: Groups
  readonly signs: Signs
  readonly files: Files
  readonly calls: Calls
  /** A call or a transfer is going on. */
  readonly busy: Watched<boolean>
}

/** What the screens need of the page around the app, from its first moment. */
export interface Surroundings {
  readonly theme: Theme
  readonly updates: Updates
  readonly offer: InstallOffer
  /** The invitation that stood in the address, with its `#`. */
  readonly invite: Settable<string | undefined>
  /** They came to add somebody. */
  readonly adding: Settable<boolean>
}
