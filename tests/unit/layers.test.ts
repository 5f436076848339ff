import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importsOf, objection } from './layers.ts'

const files = ['src', 'signaling'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|svelte)$/.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
)

test('every file imports only what its layer may know', () => {
  const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')))
  expect(imports.flatMap((one) => objection(one) ?? [])).toEqual([])
  expect(imports.length, 'imports were found at all').toBeGreaterThan(files.length)
})

describe('a planted import is found', () => {
  test.each([
    ['src/core/record.ts', "import type { Store } from '../store/store.ts'"],
    ['src/core/record.ts', "import * as v from 'valibot'"],
    ['src/protocol/frame.ts', "export { seal } from '../crypto/seal.ts'"],
    ['src/store/store.ts', "const link = await import('../net/link.ts')"],
    ['src/net/link.ts', "let store: import('../store/store.ts').Store"],
    [
      'src/ui/Button.svelte',
      '<script lang="ts">\n  import Chat from "../features/chat/ChatView.svelte"\n</script>',
    ],
    ['src/features/chat/chat.ts', "import { ring } from '../calls/calls.ts'"],
    ['src/features/network-status.ts', "import { ring } from './calls/calls.ts'"],
    ['src/features/chat/Chat.svelte', "<script module>import '../files/files.ts'</script><b>hi</b>"],
    ['src/features/chat/chat.ts', "import { openApp } from '../../app.ts'"],
    ['src/features/files/disk.ts', "new Worker(new URL('../chat/worker.ts', import.meta.url))"],
    ['src/sw/sw.ts', "import { label } from '../crypto/hash.ts'"],
    ['src/cellar/wine.ts', "import '../core/bytes.ts'"],
    ['signaling/server.ts', "import { toHex } from '../src/core/bytes.ts'"],
  ])('%s: %s', (file, text) => {
    expect(importsOf(file, text).map(objection)).toEqual([expect.stringContaining(file)])
  })
})

test.each([
  ['src/app.ts', "import { createDoors } from './features/pairing/doors.ts'"],
  ['src/features/chat/chat.ts', "import { useEngine } from '../context.ts'"],
  ['src/features/network-status.ts', "import type { Network } from './context.ts'"],
  ['src/features/chat/chat.ts', "import { rows } from './rows.ts'"],
  ['src/protocol/frame.ts', "import * as v from 'valibot'"],
  ['signaling/wire.ts', "import { label } from '../src/core/labels.ts'"],
])('%s: %s is fine', (file, text) => {
  expect(importsOf(file, text).map(objection)).toEqual([undefined])
})
