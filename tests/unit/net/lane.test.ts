import { describe, test } from 'vitest'
import { memoryLanes } from './lane-memory.ts'
import { laneCases } from './lane-suite.ts'

describe('a lane in memory', () => {
  test.each(laneCases)('$name', ({ run }) => run(memoryLanes()))
})
