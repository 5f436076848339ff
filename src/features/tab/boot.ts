import type { Watched } from '../../core/watched.ts'

/** What would break off if another tab took over. */
export type Ongoing = 'call' | 'transfer'

/** How far the app has come; `Ready` is what the screens need once everything runs. */
export type Boot<Ready> =
  | { readonly at: 'starting' }
  | { readonly at: 'insecure' }
  | { readonly at: 'too-old'; readonly missing: readonly string[] }
  | { readonly at: 'storage-refused' }
  /** Another tab owns the engine, or took it from this one. */
  | { readonly at: 'other-tab'; readonly ongoing: Ongoing | undefined; useHere(): Promise<void> }
  /** Another device answers at our address, or a newer life of ours is at work. */
  | { readonly at: 'elsewhere'; useHere(): Promise<void> }
  /** Makes the identity; afterwards comes `ready`. */
  | { readonly at: 'first-run'; start(name: string): Promise<void> }
  | { readonly at: 'ready'; readonly ready: Ready }

/** The app at its start, as App.svelte follows it. */
export type Booting<Ready> = Watched<Boot<Ready>>
