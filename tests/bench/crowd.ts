import { chromium, expect, type Browser, type Page } from '@playwright/test'
import type { Alarms } from '../e2e/fixtures/alarms.ts'
import { BROWSER_ARGS } from '../e2e/fixtures/browser.ts'
import { sayViolations } from '../e2e/fixtures/browsers.ts'
import { answer, createGroup } from '../e2e/fixtures/groups.ts'
import type { Person } from '../e2e/fixtures/person.ts'
import { Screen } from '../e2e/fixtures/screen.ts'

/** Somebody with a page and a profile of their own, in a browser that the whole crowd shares. */
export class Member extends Screen {
  readonly name: string
  readonly page: Page

  constructor(name: string, page: Page) {
    super()
    this.name = name
    this.page = page
  }
}

/** Many people in one browser process, with a process for the page of each; what they remember is in memory alone. */
export interface Crowd {
  readonly members: readonly Member[]
  /** Part of the command that started their browser. */
  readonly mark: string
  leave(): Promise<void>
}

let crowds = 0

/** So many people open Earshot for the first time. */
export async function openCrowd(
  count: number,
  { alarms, url }: { alarms: Alarms; url: string },
): Promise<Crowd> {
  const executablePath = process.env['CHROMIUM_PATH']
  const mark = `--crowd=${String(process.pid)}-${String(++crowds)}`
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [...BROWSER_ARGS, mark],
  })
  const members: Member[] = []
  for (let at = 1; at <= count; at++) {
    const member = new Member(`Member ${String(at)}`, await ownPage(browser, alarms, at))
    await member.page.goto(url)
    await member.start(member.name)
    members.push(member)
  }
  return { members, mark, leave: () => browser.close() }
}

async function ownPage(browser: Browser, alarms: Alarms, at: number): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  await sayViolations(context)
  alarms.watch(context, `Member ${String(at)}`)
  return context.newPage()
}

/** All of them follow a link of the first one, who makes a group with them; its chat is open everywhere. */
export async function gatherCrowd(first: Person, { members }: Crowd, group: string): Promise<void> {
  for (const member of members) {
    await member.connectBy(await first.inviteLink())
    await member.isLinked()
  }
  const names = members.map(({ name }) => name)
  await createGroup(first, group, names)
  for (const member of members) {
    await answer(member, { from: first.name, group, how: 'Join' })
    await member.chatWith(group)
  }
}

/** Everybody has a link to everybody else: what each says is confirmed by all others. */
export async function everybodyHears(people: readonly (Person | Member)[]): Promise<void> {
  for (const person of people) await person.say(`Here is ${person.name}.`)
  for (const person of people) {
    await expect(person.statusOf(`Here is ${person.name}.`)).toHaveAccessibleName('Delivered', {
      timeout: 180_000,
    })
  }
}
