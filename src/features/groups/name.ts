import { MAX_NAME } from '../../protocol/limits.ts'
import { toUtf8 } from '../../protocol/text.ts'

/** Why a group cannot be called that; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Give the group a name.'
  return toUtf8(name.trim()).length > MAX_NAME ? 'This name is too long.' : undefined
}
