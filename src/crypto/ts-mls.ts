import { createGroup, type ClientState } from 'ts-mls/clientState.js'
import type { ContentTypeName } from 'ts-mls/contentType.js'
import { createApplicationMessage } from 'ts-mls/createMessage.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { CryptoProvider } from 'ts-mls/crypto/provider.js'
import type { KeyPackage } from 'ts-mls/keyPackage.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import { equal, type Bytes } from '../core/bytes.ts'
import type { Signer } from './identity.ts'
import type { Mls, MlsState } from './mls.ts'
import { proposalsFor } from './ts-mls/change.ts'
import { makeCommit } from './ts-mls/commit.ts'
import { decodeKeys, encodeKeys, joinBy, newKeys, pskIndex } from './ts-mls/join.ts'
import { handleOf, suiteOf } from './ts-mls/provider.ts'
import { receiveCommit, unseal } from './ts-mls/receive.ts'
import { config, identityOf, keyPackageIsGood } from './ts-mls/rules.ts'
import { createStates, groupOf, hasLeft, type States } from './ts-mls/state.ts'
import { attempt, decode, encode, privateMessage } from './ts-mls/wire.ts'

export interface MlsWorld {
  /** Milliseconds since 1970. */
  now(): number
  /** Instead of the primitives of the browser; signatures are the signer's in any case. */
  readonly provider?: CryptoProvider
}

interface Engine {
  readonly handle: Bytes
  readonly states: States
  readonly now: () => number
  readonly suite: () => Promise<CiphersuiteImpl>
}

const GROUP_ID = 8

/** MLS by ts-mls 1.6.4. The library lets through much that Earshot does not: our rules are in the folder ts-mls. */
export function createMls(signer: Signer, { now, provider }: MlsWorld): Mls {
  let suite: Promise<CiphersuiteImpl> | undefined
  const engine: Engine = {
    handle: handleOf(signer),
    states: createStates(),
    now,
    suite: () => (suite ??= suiteOf(signer, provider)),
  }
  return {
    ...keyPackages(engine),
    ...groups(engine),
    ...commits(engine),
    ...messages(engine),
    header: (sealed) => {
      const message = privateMessage(sealed)
      return message && { id: new Uint8Array(message.groupId), epoch: Number(message.epoch) }
    },
    look: (state) => groupOf(engine.states.read(state)),
  }
}

function keyPackages(engine: Engine): Pick<Mls, 'keyPackage' | 'inspect'> {
  const { handle, now, suite } = engine
  return {
    keyPackage: async () => encodeKeys(await newKeys(handle, now(), await suite())),
    inspect: async (shown) => {
      const good = await goodKeyPackage(engine, shown)
      return good && identityOf(good.leafNode)
    },
  }
}

async function goodKeyPackage({ now, suite }: Engine, shown: Bytes): Promise<KeyPackage | undefined> {
  const message = decode(shown)
  if (message?.wireformat !== 'mls_key_package') return undefined
  const given = { suite: await suite(), now: now() }
  const good = await attempt(() => keyPackageIsGood(message.keyPackage, given))
  return good ? message.keyPackage : undefined
}

function groups({ handle, states, now, suite }: Engine): Pick<Mls, 'create' | 'join'> {
  return {
    create: async (id) => {
      if (id.length !== GROUP_ID) throw new TypeError('the id of a group has 8 bytes')
      const { keyPackage, secret } = await newKeys(handle, now(), await suite())
      const after = await createGroup(id.slice(), keyPackage, secret, [], await suite(), config)
      return states.keep({ after, consumed: [] })
    },
    join: async (welcome, own, expected) => {
      const keys = decodeKeys(own, handle)
      const message = decode(welcome)
      if (message?.wireformat !== 'mls_welcome') return undefined
      const given = { expected, suite: await suite() }
      const after = await attempt(() => joinBy(message.welcome, keys, given))
      return after && states.keep({ after, consumed: [] })
    },
  }
}

function commits(engine: Engine): Pick<Mls, 'commit' | 'take'> {
  const { states, suite } = engine
  return {
    commit: async (state, { add = [], remove = [], psk }) => {
      const given = { suite: await suite(), psks: pskIndex(psk) }
      const good = await Promise.all(add.map((shown) => goodKeyPackage(engine, shown)))
      const change = { add: good.filter((one) => one !== undefined), remove, psk }
      if (change.add.length < good.length) throw new TypeError('a key package that is not good is not added')
      const before = states.claim(state)
      const made = await makeCommit(before, proposalsFor(before, change, given.suite), given)
      return {
        state: states.keep({ before, after: made.state, consumed: made.consumed }),
        commit: encode({ wireformat: 'mls_private_message', privateMessage: made.commit }),
        welcome: made.welcome && encode({ wireformat: 'mls_welcome', welcome: made.welcome }),
      }
    },
    take: async (state, commit, from) => {
      const given = { from, suite: await suite() }
      const used = await use(states, { state, bytes: commit, type: 'commit' }, (before, message) =>
        attempt(() => receiveCommit(before, message, given)),
      )
      if (used.result !== 'used') return used
      return { result: used.made.taken ? 'taken' : 'refused', state: used.state }
    },
  }
}

function messages({ states, suite }: Engine): Pick<Mls, 'seal' | 'open'> {
  return {
    seal: async (state, plain, context) => {
      const before = states.claim(state)
      const made = await createApplicationMessage(before, plain, await suite(), context)
      const { newState: after, consumed, privateMessage } = made
      const sealed = encode({ wireformat: 'mls_private_message', privateMessage })
      return { state: states.keep({ before, after, consumed }), sealed }
    },
    open: async (state, sealed) => {
      const given = await suite()
      const used = await use(states, { state, bytes: sealed, type: 'application' }, (before, message) =>
        attempt(() => unseal(before, message, given)),
      )
      if (used.result !== 'used') return used
      const { content, sender } = used.made
      if (content.contentType !== 'application') return { result: 'refused', state: used.state }
      const plain = new Uint8Array(content.applicationData)
      const context = new Uint8Array(content.authenticatedData)
      return { result: 'opened', state: used.state, epoch: Number(content.epoch), sender, plain, context }
    },
  }
}

/** What is made with a message: a state in which its key is used up. */
interface Made {
  readonly state: ClientState
  readonly consumed: readonly Uint8Array[]
}

type Used<T> =
  | { readonly result: 'used'; readonly state: MlsState; readonly made: T }
  | { readonly result: 'later' }
  | { readonly result: 'refused'; readonly state: MlsState }

/** Goes on from a state with a message; stays with it when nothing can be made of the message. */
async function use<T extends Made>(
  states: States,
  { state, bytes, type }: { state: MlsState; bytes: Bytes; type: ContentTypeName },
  work: (before: ClientState, message: PrivateMessage) => Promise<T | undefined>,
): Promise<Used<T>> {
  const before = states.claim(state)
  const message = arrival(before, bytes, type)
  const made = typeof message === 'string' ? undefined : await work(before, message)
  if (made) {
    const after = states.keep({ before, after: made.state, consumed: made.consumed })
    return { result: 'used', state: after, made }
  }
  states.giveBack(state, before)
  return message === 'later' ? { result: 'later' } : { result: 'refused', state }
}

/** What the header of a message says before any key is used: an old message may be of use, an old commit is not. */
function arrival(
  state: ClientState,
  bytes: Bytes,
  type: ContentTypeName,
): PrivateMessage | 'later' | 'refused' {
  const message = privateMessage(bytes)
  const { groupId, epoch } = state.groupContext
  if (message?.contentType !== type || !equal(message.groupId, groupId)) return 'refused'
  if (message.epoch > epoch) return hasLeft(state) ? 'refused' : 'later'
  if (type === 'commit' && (message.epoch < epoch || hasLeft(state))) return 'refused'
  return message
}
