import { expect, test as base } from '../fixtures/test.ts'
import { FirefoxPerson } from './person.ts'

interface Fixtures {
  /** Somebody with a Firefox. */
  readonly fay: FirefoxPerson
}

export const test = base.extend<Fixtures>({
  fay: async ({ introducer }, use, info) => {
    const fay = new FirefoxPerson('Fay', () => introducer.url)
    await use(fay)
    if (info.status !== info.expectedStatus) {
      await fay.picture(`${info.outputPath('what Fay sees')}.png`)
    }
    await fay.leave()
    expect(fay.heard, 'Fay saw no error, no policy violation and no request to somebody else').toEqual([])
  },
})

test.skip(process.env['FIREFOX_PATH'] === undefined, 'There is no Firefox here. FIREFOX_PATH names one.')
