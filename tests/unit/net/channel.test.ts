import { test } from 'vitest'
import { wire } from '../../support/meeting.ts'
import { CHANNEL_SUITE } from './channel-suite.ts'

test.each(CHANNEL_SUITE.map((one) => [one.name, one] as const))('in memory: %s', async (_, { run }) => {
  await run(() => Promise.resolve({ ends: wire() }))
})
