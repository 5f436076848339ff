import { noticeOf } from '../../../src/features/chat/words.ts'
import { NOTICES } from '../../../src/features/tab/words.ts'
import { openApp, type Running } from '../../../src/app.ts'
import { NOWHERE, statusOf } from '../../../src/core/status.ts'
import { reachKey } from '../../../src/store/tables.ts'
import { browserWorld } from '../../../src/world.ts'

/** Earshot without a screen: what a test drives when it is about the net and not about what people see. */
let app: Running

const acts = {
  async start(name: string): Promise<string> {
    const opened = await openApp(browserWorld(() => undefined))
    app = opened.stage === 'running' ? opened : await opened.begin(name)
    return app.engine.me
  },
  invite: async () => (await app.pairing.show('link')).text,
  async accept(text: string): Promise<void> {
    const read = app.pairing.read(text)
    if (!('invite' in read)) throw new Error(read.problem)
    await app.pairing.accept(read.invite, 'private-invite')
  },
  network: () => app.engine.network.current,
  /** What stands above everything. */
  notice: () => {
    const { current } = app.engine.notice
    return current && NOTICES[current]
  },
  async contacts() {
    const contacts = await app.engine.store.all('contacts')
    return contacts.map((contact) => ({
      ...contact,
      link: app.engine.links.state(contact.identity),
      /** What stands above the chat with them. */
      words: noticeOf(contact, Date.now())?.text,
    }))
  },
  async say(text: string): Promise<void> {
    const [chat] = await app.engine.store.all('conversations')
    if (!chat) throw new Error('there is nobody to talk to')
    await app.engine.say(chat.id, { kind: 'text', text })
  },
  async read() {
    const [chat] = await app.engine.store.all('conversations')
    if (!chat) return []
    const reaches = new Map((await app.engine.store.all('reaches')).map((reach) => [reachKey(reach), reach]))
    const rows = await app.engine.store.page(chat.local, { before: Infinity, limit: 1000 })
    return rows.reverse().flatMap(({ record, message }) => {
      if (message?.body?.kind !== 'text' || chat.circle.kind !== 'pair') return []
      const { conversation, author, incarnation } = record
      const feed = { conversation, author, incarnation }
      const reach = reaches.get(reachKey({ feed, peer: chat.circle.peer })) ?? NOWHERE
      const status = statusOf(record.seq, [reach])
      return [{ text: message.body.text, own: author === app.engine.me, status }]
    })
  },
  /** Ends every link, as if the network had; both sides dial again. */
  hangUp: () => {
    app.hangUp()
  },
  dropped: () => Object.fromEntries(app.dropped),
}

export type Acts = typeof acts
Object.assign(window, { earshot: acts })
