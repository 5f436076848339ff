import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/** Public vectors are data beside the project; where they are absent their tests are skipped, and say so. */
const FOLDER = process.env['EARSHOT_VECTORS'] ?? '../shared/vectors'

/** The groups of a Wycheproof file; undefined where it is absent. */
export function wycheproof<T>(name: string, group: v.GenericSchema<unknown, T>): T[] | undefined {
  const file = join(FOLDER, 'wycheproof', name)
  if (!existsSync(file)) {
    console.log(`skipped: ${file} is not there (set EARSHOT_VECTORS)`)
    return undefined
  }
  return v.parse(v.object({ testGroups: v.array(group) }), JSON.parse(readFileSync(file, 'utf8'))).testGroups
}
