import { expect } from 'vitest'
import { runCampaign, type Campaign, type Outcome } from './campaign.ts'

/** EARSHOT_SEED=n plays one story alone. */
const ONLY = process.env['EARSHOT_SEED']
export const LONG = process.env['EARSHOT_LONG'] === '1'
/** The long campaign ends after an hour or so many stories. */
const HOUR_MS = 3_600_000
const MANY = 1_000_000

/** Seeds of one of several files that run beside each other. */
export interface Share {
  readonly first: number
  readonly count: number
  /** Which part of the long campaign, from 0. */
  readonly part: number
  readonly of: number
}

/** Plays a share of the campaign; fails with the story of the first seed that broke a promise. */
export async function playShare(share: Share, campaign: Campaign = {}): Promise<void> {
  const began = performance.now()
  let played = 0
  let behind = 0
  for (const seed of seedsOf(share)) {
    if (LONG && performance.now() - began > HOUR_MS) break
    const outcome = await runCampaign(seed, campaign)
    played += 1
    behind += outcome.behind
    expect(outcome.broken, told(outcome)).toEqual([])
  }
  if (!LONG) return
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${String(played)} stories, ${(played / seconds).toFixed(1)} per second; ` +
      `${String(behind)} keys used twice by devices that were set back and whom nobody could tell`,
  )
}

function* seedsOf({ first, count, part, of }: Share): Generator<number> {
  if (ONLY !== undefined) yield Number(ONLY)
  else if (LONG) for (let seed = 1 + part; seed <= MANY; seed += of) yield seed
  else for (let seed = first; seed < first + count; seed++) yield seed
}

function told({ seed, story, broken }: Outcome): string {
  return [`EARSHOT_SEED=${String(seed)} plays this again:`, ...story, ...broken].join('\n')
}
