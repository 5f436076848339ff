import { describe, test } from 'vitest'
import { memoryDisk } from './disk-memory.ts'
import { diskCases } from './disk-suite.ts'

describe('a disk in memory', () => {
  test.each(diskCases)('$name', ({ run }) => run(memoryDisk()))
})
