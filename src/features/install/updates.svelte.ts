import { trustedScript } from '../../ui/trusted-urls.ts'

/** Milliseconds between two questions whether there is something newer. */
const ASK_EVERY = 60 * 60_000

/** The service worker: keeps the app usable offline, and says when a newer one waits. It is never started over by itself. */
export class Updates {
  /** A newer version is here and waits for a restart. */
  ready = $state(false)
  readonly #container: ServiceWorkerContainer
  #registration: ServiceWorkerRegistration | undefined

  constructor(container: ServiceWorkerContainer) {
    this.#container = container
  }

  async start(): Promise<void> {
    const registration = await this.#container.register(trustedScript('/sw.js'), { updateViaCache: 'none' })
    this.#registration = registration
    this.#look()
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => {
        this.#look()
      })
    })
    setInterval(() => {
      this.#ask()
    }, ASK_EVERY)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#ask()
    })
  }

  /** Lets the newer version take over and loads the page anew. */
  restart(): void {
    this.#container.addEventListener('controllerchange', () => {
      location.reload()
    })
    this.#registration?.waiting?.postMessage({ type: 'SKIP_WAITING' })
  }

  /** A first installation waits for nobody: only with a controller is there something older to replace. */
  #look(): void {
    const waiting = this.#registration?.waiting ?? undefined
    this.ready = waiting !== undefined && this.#container.controller !== null
  }

  #ask(): void {
    // Offline there is no answer, and the next time will do.
    this.#registration?.update().catch(() => undefined)
  }
}
