import { concat, type Bytes } from '../../core/bytes.ts'
import { cleanFileName } from '../../core/file-name.ts'
import { blocksOf, sealedLength } from '../../core/transfer-layout.ts'
import { fileCipher, type FileCipher } from '../../crypto/file.ts'
import { release } from '../../store/release.ts'
import { NotOnDisk } from '../../store/disk.ts'
import { UnreadableFile } from './source.ts'
import { diskName, type FileRef, type Files, type FilesDeps } from './types.ts'

/** A long text is shown up to this many bytes; beyond, it is a file like any other. */
const SHOWN_TEXT_MAX = 1_048_576

/** Takes files from the disk again, block by block: nothing is opened whole but a text that is shown. */
export function createReader(deps: FilesDeps): Pick<Files, 'save' | 'text'> {
  return {
    save: async (ref) => {
      const { name, size } = ref.manifest
      const cipher = await fileCipher(ref.manifest)
      await deps.saver({
        ...{ size, name: cleanFileName(name), blocks: blocksOf(ref.manifest) },
        block: (block) => readBlock(deps, ref, { block, cipher }),
      })
    },
    text: async (ref) => {
      if (ref.manifest.longText !== true || ref.manifest.size > SHOWN_TEXT_MAX) return undefined
      const cipher = await fileCipher(ref.manifest)
      const blocks: Bytes[] = []
      for (let block = 0; block < blocksOf(ref.manifest); block++) {
        blocks.push(await readBlock(deps, ref, { block, cipher }))
      }
      return new TextDecoder().decode(concat(...blocks))
    },
  }
}

async function readBlock(
  deps: FilesDeps,
  ref: FileRef,
  { block, cipher }: { block: number; cipher: FileCipher },
): Promise<Bytes> {
  const sealed = await readSealed(deps, ref, block)
  const plain = await cipher.open(block, sealed)
  release(sealed)
  if (!plain) throw new UnreadableFile('damaged')
  return plain
}

async function readSealed(deps: FilesDeps, ref: FileRef, block: number): Promise<Bytes> {
  try {
    return await deps.disk.read(diskName(deps, ref), block, sealedLength(ref.manifest, block))
  } catch (error) {
    if (error instanceof NotOnDisk) throw new UnreadableFile('missing')
    throw error
  }
}
