import type { Bytes } from '../core/bytes.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'

/** A fresh key package for one purpose: an earlier one may have been used, and the welcome lost. */
export async function keyPackageFor(draft: Draft, author: Author, purpose: string): Promise<Bytes> {
  const made = await author.mls.keyPackage()
  draft.put('keyPackages', { ...made, purpose, madeAt: author.now() })
  return made.shown
}
