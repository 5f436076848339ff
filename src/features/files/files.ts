import type { Manifest } from '../../core/body.ts'
import { fileId, type IdentityKey } from '../../core/ids.ts'
import { toHex } from '../../core/bytes.ts'
import { cleanFileName } from '../../core/file-name.ts'
import { watched } from '../../core/watched.ts'
import { BLOCK_SIZE } from '../../protocol/limits.ts'
import { DiskFull } from '../../store/disk.ts'
import { createAdmission } from './admission.ts'
import { createDiscarding } from './discard.ts'
import { createIncoming } from './incoming.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { createLedger, rowOf } from './ledger.ts'
import { createOutgoing } from './outgoing.ts'
import { createReader } from './reader.ts'
import { createReceivers } from './receivers.ts'
import { liveSource, stage, STAGED_MAX, type Source } from './source.ts'
import { ownName, type Destination, type FileRef, type Files, type FilesDeps } from './types.ts'
import { createUntold } from './untold.ts'

export type { FileRef, Files, FilesDeps, FileView } from './types.ts'

/** The media type travels, is shown and never trusted; longer ones are none. */
const MAX_TYPE = 255

/** Everything about files: offers, asks, serves, receives, keeps and saves them. */
export function createFiles(deps: FilesDeps): Files {
  const busy = watched(false)
  let dropped = 0
  const drop = (): void => {
    dropped++
  }
  const parts = {
    ...{ deps, drop, ledger: createLedger(deps.store), untold: createUntold(deps.links) },
    receivers: createReceivers(),
    lanes: (): Lanes => lanes,
    changed: (): void => {
      busy.set(outgoing.busy || incoming.busy)
    },
  }
  const outgoing = createOutgoing(parts)
  const incoming = createIncoming(parts)
  const lanes = createLanes(deps, {
    ...{ drop, expects: incoming.expects, message: incoming.onMessage },
    lostIncoming: (peer) => {
      incoming.interrupt(peer, 'lane')
    },
  })
  const { forget, ...admission } = createAdmission({ ...parts, outgoing, incoming })
  const discarding = createDiscarding({ ...parts, outgoing, incoming }, forget)
  const reader = createReader(deps)

  const offer = async (to: Destination, file: Blob, about: About): Promise<void> => {
    const manifest = manifestOf(deps, file, about)
    const source = await sourceOf(deps, manifest, file)
    const waiting = { at: 'waiting', written: 0 } as const
    const refs = to.peers.map((peer): FileRef => ({ peer, direction: 'sending', manifest }))
    await Promise.all(refs.map((ref) => parts.ledger.put(rowOf(ref, waiting))))
    for (const ref of refs) outgoing.add(ref, waiting, source)
    await deps.say(to.conversation, { kind: 'file', manifest })
  }

  return {
    busy,
    get dropped() {
      return dropped
    },
    ...admission,
    ...reader,
    start: async () => {
      await discarding.look()
      await admission.start()
    },
    onDiscarded: () => void discarding.look(),
    send: async (to, files) => {
      for (const file of files) await offer(to, file, file)
    },
    sendText: (to, text) => {
      const file = new Blob([text])
      return offer(to, file, { name: 'Long message.txt', type: 'text/plain', longText: true })
    },
    onSignal: (peer, lane, signal) => {
      lanes.signal(peer, lane, signal)
    },
    onLinked: (peer) => {
      parts.untold.retell(peer)
      incoming.askFor(peer)
    },
    onUnlinked: (peer) => {
      interrupt(peer)
    },
    close: () => {
      deps.disk.close()
    },
  }

  function interrupt(peer: IdentityKey): void {
    incoming.interrupt(peer, 'link')
    outgoing.interrupt(peer)
    lanes.closeAll(peer)
  }
}

interface About {
  readonly name: string
  readonly type: string
  readonly longText?: true
}

function manifestOf({ random }: FilesDeps, { size }: Blob, { name, type, longText }: About): Manifest {
  return {
    ...{ size, name: cleanFileName(name), type: type.length <= MAX_TYPE ? type : '', blockSize: BLOCK_SIZE },
    file: fileId(toHex(random(16))),
    key: random(32),
    ...(longText ? { longText } : {}),
  }
}

/** A full disk is no reason not to send: then it is read as it goes. */
async function sourceOf(deps: FilesDeps, manifest: Manifest, file: Blob): Promise<Source> {
  const live = liveSource(file, manifest)
  if (manifest.size > STAGED_MAX) return live
  try {
    return await stage(deps.disk, ownName(deps, manifest.file), { live, manifest })
  } catch (error) {
    if (error instanceof DiskFull) return live
    throw error
  }
}
