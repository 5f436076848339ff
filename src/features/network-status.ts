import { watched, type Watched } from '../core/watched.ts'
import type { IntroducerStatus } from '../net/introducer.ts'
import type { Network } from './context.ts'

export interface NetworkStatus {
  readonly shown: Watched<Network>
  heard(status: IntroducerStatus): void
  /** The device may have found a network, or lost it. */
  look(): void
}

/** What the introducer and the device say, in the one word that the screen shows. */
export function createNetworkStatus(connected: () => boolean): NetworkStatus {
  const shown = watched<Network>('Connecting')
  let status: IntroducerStatus = 'connecting'
  const look = (): void => {
    if (!connected()) shown.set('Offline')
    else if (status === 'online') shown.set('Online')
    else shown.set(status === 'connecting' ? 'Connecting' : 'Server unreachable')
  }
  const heard = (next: IntroducerStatus): void => {
    status = next
    look()
  }
  return { shown, heard, look }
}
