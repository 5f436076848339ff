import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A type check can come to say nothing at all without anybody noticing: it must find errors that are planted. */
const WRONG = "const length: number = 'six'"
const RIGHT = 'const length: number = 6'

const PLACES = [
  'src/tsconfig.json',
  'src/core/tsconfig.json',
  'signaling/tsconfig.json',
  'tests/tsconfig.json',
]

let bench: string
beforeAll(() => {
  // Beside the project's own files, since types are looked for in node_modules above.
  mkdirSync('test-results', { recursive: true })
  bench = mkdtempSync(join('test-results', 'canary-'))
})
afterAll(() => rmSync(bench, { recursive: true }))

/** A busy machine is slow to start compilers, ms. */
const PATIENCE = 180_000

describe.each(PLACES)('%s', (tsconfig) => {
  test(
    'finds an error that is planted, and only that',
    () => {
      expect(tsc(tsconfig, WRONG)).toContain("error TS2322: Type 'string' is not assignable to type 'number'")
      expect(tsc(tsconfig, RIGHT)).toBe('')
    },
    PATIENCE,
  )
})

test(
  'svelte-check finds an error that is planted in a component, and only that',
  () => {
    expect(svelteCheck(WRONG)).toContain("Type 'string' is not assignable to type 'number'")
    expect(svelteCheck(RIGHT)).toContain('found 0 errors and 0 warnings')
  },
  PATIENCE,
)

test('the type check of this project runs over every one of these places', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  for (const place of [
    '-p src/core',
    '-p src/sw',
    '-p signaling',
    '-p tests',
    '--tsconfig src/tsconfig.json',
  ]) {
    expect(scripts['check:types']).toContain(place)
  }
})

function tsc(tsconfig: string, code: string): string {
  const project = plant(tsconfig, { 'planted.ts': `export ${code}\n` })
  return run('node_modules/typescript/bin/tsc', ['--pretty', 'false', '-p', project])
}

function svelteCheck(code: string): string {
  const component = `<script lang="ts">\n  ${code}\n</script>\n\n<p>{length}</p>\n`
  const project = plant('src/tsconfig.json', { 'Planted.svelte': component })
  return run('node_modules/svelte-check/bin/svelte-check', [
    '--workspace',
    project,
    '--tsconfig',
    'tsconfig.json',
  ])
}

/** A project of a few files that has the settings of one of ours. */
function plant(tsconfig: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(bench, 'project-'))
  const settings = { extends: relative(folder, tsconfig), include: ['.'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

function run(program: string, args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  return stdout + stderr
}
