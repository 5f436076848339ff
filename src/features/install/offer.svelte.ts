/** What Chromium hands out when the app could be installed. */
interface BeforeInstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>
}

function isPrompt(event: Event): event is BeforeInstallPrompt {
  return 'prompt' in event
}

/** The browser's offer to install the app, kept until the person wants it. */
export class InstallOffer {
  /** `steps`: iOS installs only by hand, through the share sheet. */
  state = $state<'none' | 'button' | 'steps'>('none')
  #prompt: BeforeInstallPrompt | undefined

  constructor(page: Window) {
    page.addEventListener('beforeinstallprompt', (event) => {
      if (!isPrompt(event)) return
      event.preventDefault()
      this.#prompt = event
      this.state = 'button'
    })
    page.addEventListener('appinstalled', () => (this.state = 'none'))
    const installed = page.matchMedia('(display-mode: standalone)').matches
    if (!installed && 'standalone' in page.navigator) this.state = 'steps'
  }

  async install(): Promise<void> {
    const outcome = await this.#prompt?.prompt()
    if (outcome?.outcome === 'accepted') this.state = 'none'
  }

  dismiss(): void {
    this.state = 'none'
  }
}
