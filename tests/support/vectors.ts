import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/** Public vectors are data beside the project; where they are absent their tests are skipped, and say so. */
const FOLDER = process.env['EARSHOT_VECTORS'] ?? '../shared/vectors'

/** The groups of a Wycheproof file; undefined where it is absent. */
export function wycheproof<T>(name: string, group: v.GenericSchema<unknown, T>): T[] | undefined {
  const found = read('wycheproof', name)
  return found && v.parse(v.object({ testGroups: v.array(group) }), found.json).testGroups
}

/** The vectors of a file of mls-implementations; undefined where it is absent. */
export function mlsVectors(name: string): unknown[] | undefined {
  const found = read('mls', name)
  return found && v.parse(v.array(v.unknown()), found.json)
}

function read(folder: string, name: string): { readonly json: unknown } | undefined {
  const file = join(FOLDER, folder, name)
  if (existsSync(file)) return { json: JSON.parse(readFileSync(file, 'utf8')) }
  console.log(`skipped: ${file} is not there (set EARSHOT_VECTORS)`)
  return undefined
}
