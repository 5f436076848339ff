import type { Bytes } from '../core/bytes.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'

/** A fresh key package for one purpose: an earlier one may have been used, and the welcome lost. */
export async function keyPackageFor(draft: Draft, author: Author, purpose: string): Promise<Bytes> {
  const made = await author.mls.keyPackage()
  const [place, organiser] = endsOf(purpose)
  for (const { purpose: other } of draft.all('keyPackages')) {
    const [where, whose] = endsOf(other)
    if (where === place && whose === organiser) draft.remove('keyPackages', other)
  }
  draft.put('keyPackages', { ...made, purpose, madeAt: author.now() })
  return made.shown
}

/** For which conversation or invite, and from whom: only the last one that was shown for that is good. */
function endsOf(purpose: string): [place: string | undefined, organiser: string | undefined] {
  const parts = purpose.split('/')
  return [parts.slice(0, parts[0] === 'invite' ? 2 : 1).join('/'), parts.at(-1)]
}
