import type { FileStep } from '../../core/file.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import type { Links } from '../../net/links.ts'

/**
 * How a transfer ended is said on every new link until the other side answers that it is over: a link may end with
 * the frame still in it, and hearing it twice changes nothing.
 */
export interface Untold {
  say(peer: IdentityKey, file: FileId, step: FileStep): void
  /** Also on every link to come. */
  insist(peer: IdentityKey, file: FileId, step: FileStep): void
  /** Only on links to come: it was said in an earlier session, and perhaps not heard. */
  expect(peer: IdentityKey, file: FileId, step: FileStep): void
  retell(peer: IdentityKey): void
  /** They know it now. False when there was nothing to know. */
  heard(peer: IdentityKey, file: FileId): boolean
}

export function createUntold(links: Links): Untold {
  const steps = new Map<IdentityKey, Map<FileId, FileStep>>()
  const say = (peer: IdentityKey, file: FileId, step: FileStep): void => {
    links.send(peer, { type: 'file', file: { file, ...step } })
  }
  const expect = (peer: IdentityKey, file: FileId, step: FileStep): void => {
    const ofPeer = steps.get(peer) ?? new Map<FileId, FileStep>()
    steps.set(peer, ofPeer.set(file, step))
  }
  const insist = (peer: IdentityKey, file: FileId, step: FileStep): void => {
    expect(peer, file, step)
    say(peer, file, step)
  }
  return {
    expect,
    insist,
    say: (peer, file, step) => {
      if (step.step === 'cancel' || step.step === 'gone') insist(peer, file, step)
      else say(peer, file, step)
    },
    retell: (peer) => {
      for (const [file, step] of steps.get(peer) ?? []) say(peer, file, step)
    },
    heard: (peer, file) => steps.get(peer)?.delete(file) === true,
  }
}
