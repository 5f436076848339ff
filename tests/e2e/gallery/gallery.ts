import { test as base, expect, type Page } from '@playwright/test'

/** Opens a scene; the test fails on anything the browser complains of, above all a breach of the policy. */
export const test = base.extend<{ open: (scene: string) => Promise<Page> }>({
  open: async ({ page }, use) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await use(async (scene) => {
      await page.goto(`/?scene=${scene}`)
      await page.getByRole('main').waitFor()
      return page
    })
    expect(complaints).toEqual([])
  },
})

export { expect }

export function chat(page: Page, name: string | RegExp) {
  return page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name })
}

export function isPhone(page: Page): boolean {
  return (page.viewportSize()?.width ?? 0) <= 720
}

/** What was asked for is on the screen. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)
  })
}

/** Somebody says something. */
export async function hear(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(([name, text]) => (globalThis as unknown as Stage).hear(name, text), [
    name,
    text,
  ] as const)
}

interface Stage {
  hear(name: string, text: string): Promise<void>
}
