import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'

/** A camera and a microphone of the browser's own making, and no questions about them. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // Without a name service between them, machines in a test cannot find each other by the names that hide addresses.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
}
const WAIT_MS = 30_000
const POLL_MS = 100

/** Where to look for what has a role. */
const PLACES = {
  button: 'button',
  textbox: 'textarea, input:not([type=search])',
  tab: '[role=tab]',
  log: '[role=log]',
}

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
    await this.write('Your name', this.name)
    await this.press('Start')
    await this.find('button', 'Settings')
  }

  async picture(path: `${string}.png`): Promise<void> {
    await this.page.screenshot({ path })
  }

  async leave(): Promise<void> {
    await this.#browser?.close()
  }

  /**
   * Waits until it is there and stands still. Puppeteer's own search by accessible names reckons with the whole page in
   * every frame, and leaves a slow machine no time for the page itself.
   */
  async find(role: keyof typeof PLACES, name: string): Promise<ElementHandle<HTMLElement>> {
    const found = await this.page.waitForFunction(seek, { polling: POLL_MS }, PLACES[role], name)
    const element = found.asElement() as ElementHandle<HTMLElement> | null
    if (!element) throw new Error(`${this.name} finds no ${role} ${name}`)
    await element.evaluate(standStill)
    return element
  }

  async press(name: string): Promise<void> {
    await (await this.find('button', name)).click()
  }

  async write(name: string, text: string): Promise<void> {
    const field = await this.find('textbox', name)
    await field.evaluate((element) => {
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.select()
    })
    await field.type(text)
  }

  async inviteLink(): Promise<string> {
    await this.press('Add contact')
    const field = await this.find('textbox', 'Invite link')
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
    await (await this.find('tab', 'Link')).click()
    await this.write('Paste an invite link', link)
    await this.press('Connect')
    await this.find('textbox', 'Message')
  }

  async chatWith(name: string): Promise<void> {
    await this.press(name)
    await this.find('log', 'Messages')
  }

  async say(text: string): Promise<void> {
    await this.write('Message', text)
    await this.page.keyboard.press('Enter')
    await this.sees(text)
  }

  async sees(text: string): Promise<void> {
    const isThere = (text: string): boolean =>
      [...document.querySelectorAll('[role=log] article')].some((one) => one.textContent.includes(text))
    await this.page.waitForFunction(isThere, { polling: POLL_MS }, text)
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

/** Runs in the page: what can be seen and is called like that. */
function seek(places: string, name: string): HTMLElement | undefined {
  const labelled = (element: HTMLElement): string =>
    element.getAttribute('aria-label') ??
    (element as HTMLInputElement).labels?.[0]?.textContent ??
    element.textContent
  return [...document.querySelectorAll<HTMLElement>(places)].find(
    (element) => element.checkVisibility() && labelled(element).trim() === name,
  )
}

/** Runs in the page: waits until it is pressed where it is. */
async function standStill(element: HTMLElement): Promise<void> {
  for (let [before, now] = [-1, element.getBoundingClientRect().top]; now !== before;) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    ;[before, now] = [now, element.getBoundingClientRect().top]
  }
}
