import { Browsers } from '../e2e/fixtures/browsers.ts'
import { test as base, type Lasting } from '../e2e/fixtures/test.ts'
import type { Figure } from './report.ts'

/** How a figure travels from the test that measured it to the reporter. */
export const FIGURE = 'figure'

/** Hands a figure to the reporter. */
export type Tell = (figure: Figure) => Promise<void>

interface Fixtures {
  readonly tell: Tell
}

/** The people and the introducer of the end-to-end tests, and somebody to tell the figures. */
export const test = base.extend<Fixtures, Lasting>({
  // What another measurement left in a browser must not be measured.
  browsers: [
    async ({}, use) => {
      await use(new Browsers(0))
    },
    { scope: 'worker' },
  ],
  tell: async ({}, use, info) => {
    await use((figure) =>
      info.attach(FIGURE, { body: JSON.stringify(figure), contentType: 'application/json' }),
    )
  },
})

export { befriend, expect } from '../e2e/fixtures/test.ts'
export { writeMessages } from '../e2e/fixtures/long-chat.ts'
