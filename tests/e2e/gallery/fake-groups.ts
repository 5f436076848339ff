import type { ConversationId } from '../../../src/core/ids.ts'
import { watched } from '../../../src/core/watched.ts'
import type { Groups } from '../../../src/features/groups/groups.ts'
import type { Signs } from '../../../src/features/signs/signs.ts'
import type { Store } from '../../../src/store/store.ts'
import { chatOf, conversationOf, keyOf } from './people.ts'

const done = () => Promise.resolve(undefined)
const nothing = () => undefined

/** Groups of which nobody else hears. */
export function fakeGroups(store: Store, now: () => number): Groups {
  const open = async (name: string): Promise<ConversationId> => {
    const circle = { kind: 'group', name } as const
    await store.commit([{ table: 'conversations', put: chatOf(name, now(), { circle }) }])
    return conversationOf(name)
  }
  return {
    create: ({ name }) => open(name),
    meet: (who) => Promise.reject(new Error(`nobody to meet: ${typeof who === 'string' ? who : who.name}`)),
    poster: () => Promise.reject(new Error('nothing to show')),
    ...{ invite: done, answer: done, forget: done, remove: done, describe: done, leave: done },
    ...{ handOver: done, goOnWithout: done, follow: done, withdraw: done, knock: done, decide: done },
    ...{ introduce: done, turnedAway: done },
  }
}

/** Cem writes to the choir, and looks elsewhere. */
export function fakeSigns(): Signs {
  const cem = keyOf('Cem')
  return {
    ...{
      typing: watched(new Map([[conversationOf('Kitchen choir'), [cem]]])),
      away: watched(new Set([cem])),
    },
    ...{ write: nothing, look: nothing, tell: nothing },
    ...{ onLinked: nothing, onUnlinked: nothing, onFrame: nothing },
  }
}
