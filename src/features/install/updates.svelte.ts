import { trustedScript } from '../../ui/trusted-urls.ts'

/** Milliseconds between two questions whether there is something newer. */
const ASK_EVERY = 60 * 60_000

/** The service worker: keeps the app usable offline, and says when a newer one waits. It is never started over by itself. */
export class Updates {
  /** A newer version is here and waits for a restart. */
  ready = $state(false)
  readonly #container: ServiceWorkerContainer | undefined
  #registration: ServiceWorkerRegistration | undefined

  /** Some browsers have none in a private window; then the app runs, but only with the network. */
  constructor(container: ServiceWorkerContainer | undefined) {
    this.#container = container
  }

  async start(): Promise<void> {
    if (!this.#container) return
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
    this.#container?.addEventListener('controllerchange', () => {
      location.reload()
    })
    this.#registration?.waiting?.postMessage({ type: 'SKIP_WAITING' })
  }

  /** A first installation waits for nobody: only with a controller is there something older to replace. */
  #look(): void {
    const waiting = this.#registration?.waiting ?? undefined
    this.ready = waiting !== undefined && Boolean(this.#container?.controller)
  }

  #ask(): void {
    // Offline there is no answer, and the next time will do.
    this.#registration?.update().catch(() => undefined)
  }
}
