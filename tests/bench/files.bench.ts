import { stat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MiB, sha256, writeRandomFile } from '../e2e/fixtures/files.ts'
import { bareChannel, type Pair } from './bare-channel.ts'
import { befriend, expect, test } from './fixtures.ts'
import { runIn } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median } from './report.ts'

declare const bench: Bench

const MIBS = 128
const SIZE = MIBS * MiB
const ROUNDS = 3
const GOAL = 0.75

test('files', async ({ alice, bob, folder, tell }) => {
  await befriend(alice, bob)
  await Promise.all([runIn(alice.page, 'bench.ts'), runIn(bob.page, 'bench.ts')])
  const [bare, files]: [number[], number[]] = [[], []]
  for (let round = 1; round <= ROUNDS; round++) {
    bare.push(await bareRound({ alice, bob }))
    files.push(await fileRound({ alice, bob }, join(folder, `round ${String(round)}.bin`)))
  }
  const [value, beside] = [rate(median(files)), rate(median(bare))]
  const each = files.map((ms, at) => `${rate(ms).toFixed(1)}/${rate(bare[at] ?? NaN).toFixed(1)}`)
  await tell({
    ...{ group: 'files', name: `${String(MIBS)} MiB, Accept → verified and on disk`, value, unit: 'MB/s' },
    beside: { name: 'bare channel', value: beside },
    goal: { text: `≥ ${String(GOAL)} of bare`, of: value / beside, atLeast: GOAL },
    proof: `${String(SIZE)} bytes in each of ${String(ROUNDS)} rounds (${each.join(', ')}), saved files have the same SHA-256`,
    elsewhere: ['bare channel 18 MB/s', 'PairDrop 0.69 of bare', 'Warp 0.41 of bare'],
  })
})

/** MB per second. */
function rate(ms: number): number {
  return SIZE / 1e6 / (ms / 1000)
}

/** From the first byte into the channel to the last one out of it (ms); the setting up does not count. */
async function bareRound({ alice, bob }: Pair): Promise<number> {
  await bareChannel({ alice, bob })
  await bob.page.evaluate((size) => bench.mark('drained', bench.drained(size)), SIZE)
  const began = await alice.page.evaluate((size) => bench.pump(size), SIZE)
  const drained = await bob.page.evaluate(() => bench.marked('drained'))
  await Promise.all([alice, bob].map(({ page }) => page.evaluate(() => bench.hangUp())))
  return drained - began
}

/** From the consent to the button with which the whole file can be taken away (ms); the setting up does count. */
async function fileRound({ alice, bob }: Pair, path: string): Promise<number> {
  const name = path.split('/').at(-1) ?? ''
  await writeRandomFile(path, SIZE)
  await alice.sendFile(path)
  await expect(bob.message(name).getByRole('button', { name: 'Accept file' })).toBeVisible()
  await bob.page.evaluate((name) => {
    bench.mark('accepted', bench.clicked('Accept file'))
    bench.mark('complete', bench.fileShows(name, 'Save'))
  }, name)
  await bob.acceptFile(name)
  const complete = await bob.page.evaluate(() => bench.marked('complete'))
  const accepted = await bob.page.evaluate(() => bench.marked('accepted'))
  const saved = await bob.saveFile(name)
  expect((await stat(saved)).size).toBe(SIZE)
  expect(await sha256(saved)).toBe(await sha256(path))
  await Promise.all([rm(path), rm(saved)])
  return complete - accepted
}
