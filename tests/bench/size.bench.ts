import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/size.mjs')
const SAYS = /First screen: ([\d.]+) kB of JavaScript in (\d+) files \(gzip\); budget (\d+) kB/

test('size', async ({ tell }) => {
  const { stdout } = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8' })
  const [, kB, files = '', budget] = SAYS.exec(stdout) ?? []
  expect(Number(kB), stdout).toBeGreaterThan(0)
  await tell({
    ...{ group: 'size', name: 'JavaScript of the first screen, gzip', value: Number(kB), unit: 'kB' },
    goal: { text: `≤ ${String(budget)} kB`, of: Number(kB), atMost: Number(budget) },
    proof: `${files} files: everything that the page asks for before it can be used`,
    elsewhere: ['Warp 158 kB', 'PeerNS 164 kB', 'PairDrop 430 kB'],
  })
})
