import { showToast } from '../../ui/toasts.ts'
import { NOT_STORED } from '../words.ts'
import type { GroupProblem } from './groups.ts'
import { PROBLEMS } from './words.ts'

/** Does what the person asked for, and tells them if it could not be done. True when it was. */
export async function attempt(
  act: () => Promise<GroupProblem | undefined> | Promise<void>,
): Promise<boolean> {
  try {
    const problem = await act()
    if (problem === undefined) return true
    await showToast({ kind: 'problem', text: PROBLEMS[problem] })
  } catch (error) {
    reportError(error)
    await showToast({ kind: 'problem', text: NOT_STORED })
  }
  return false
}
