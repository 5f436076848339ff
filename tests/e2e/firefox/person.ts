import puppeteer, { type Browser, type Locator, type Page } from 'puppeteer-core'

/** A camera and a microphone of the browser's own making, and no questions about them. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // Without a name service between them, machines in a test cannot find each other by the names that hide addresses.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
}
const WAIT_MS = 30_000

/** Somebody whose browser is a Firefox. Finds things by accessible names, as `Screen` does for Chromium. */
export class FirefoxPerson {
  readonly name: string
  /** What must never happen on a page of ours. */
  readonly heard: string[] = []
  readonly #url: () => string
  #browser: Browser | undefined
  #page: Page | undefined

  constructor(name: string, url: () => string) {
    this.name = name
    this.#url = url
  }

  get page(): Page {
    if (!this.#page) throw new Error(`${this.name} has not opened Earshot yet`)
    return this.#page
  }

  /** Opens Earshot for the first time and gives a name. */
  async arrive(): Promise<void> {
    this.#browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env['FIREFOX_PATH'] ?? 'firefox',
      extraPrefsFirefox: PREFERENCES,
      defaultViewport: { width: 1280, height: 800 },
    })
    this.#page = await this.#browser.newPage()
    this.#page.setDefaultTimeout(WAIT_MS)
    this.#listen(this.#page)
    await this.#page.goto(this.#url())
    await this.find('textbox', 'Your name').fill(this.name)
    await this.press('Start')
    await this.find('button', 'Settings').wait()
  }

  async leave(): Promise<void> {
    await this.#browser?.close()
  }

  find(role: string, name: string): Locator<Element> {
    return this.page.locator(`::-p-aria([role="${role}"][name="${name}"])`).setVisibility('visible')
  }

  async press(name: string): Promise<void> {
    await this.find('button', name).click()
  }

  async inviteLink(): Promise<string> {
    await this.press('Add contact')
    const field = await this.find('textbox', 'Invite link').waitHandle()
    const filled = await this.page.waitForFunction(
      (input) => {
        const { value } = input as HTMLInputElement
        return value.includes('#') && value
      },
      {},
      field,
    )
    await this.page.keyboard.press('Escape')
    return String(await filled.jsonValue())
  }

  /** Pastes somebody's link; the chat opens by itself. */
  async connectBy(link: string): Promise<void> {
    await this.press('Add contact')
    await this.find('tab', 'Link').click()
    await this.find('textbox', 'Paste an invite link').fill(link)
    await this.press('Connect')
    await this.find('textbox', 'Message').wait()
  }

  async chatWith(name: string): Promise<void> {
    await this.press(name)
    await this.find('log', 'Messages').wait()
  }

  async say(text: string): Promise<void> {
    await this.find('textbox', 'Message').fill(text)
    await this.page.keyboard.press('Enter')
    await this.sees(text)
  }

  async sees(text: string): Promise<void> {
    await this.page.locator(`[role="log"] article ::-p-text(${text})`).wait()
  }

  /** A video goes on showing new pictures, and has a size. */
  async seesMoving(label: string): Promise<void> {
    const video = await this.page.locator(`video[aria-label="${label}"]`).waitHandle()
    await video.evaluate(async (element) => {
      const shown = element
      for (let frames = 0; frames < 10 || shown.videoWidth === 0; frames++)
        await new Promise((resolve) => shown.requestVideoFrameCallback(resolve))
    })
  }

  #listen(page: Page): void {
    const sound = (what: string): void => void this.heard.push(`${this.name}: ${what}`)
    page.on('pageerror', (error) => {
      sound(`uncaught: ${String(error)}`)
    })
    page.on('console', (message) => {
      if (message.type() === 'error') sound(`console: ${message.text()}`)
    })
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (/^(?:https?|wss?):$/.test(protocol) && host !== new URL(this.#url()).host)
        sound(`request to another origin: ${request.url()}`)
    })
  }
}
