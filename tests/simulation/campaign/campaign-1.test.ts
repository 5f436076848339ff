import { test } from 'vitest'
import { LONG, playShare } from './stories.ts'

test(
  'whatever befalls people, their groups and their devices: every promise is kept (1 of 2)',
  { timeout: LONG ? 2 * 3_600_000 : 600_000 },
  () => playShare({ first: 1, count: 850, part: 0, of: 2 }),
)
