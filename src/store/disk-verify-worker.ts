import { fileCipher, type FileCipher } from './disk-block.ts'
import type { FromVerifier, ToVerifier } from './disk-messages.ts'

/** Opens blocks to see that they open, and gives them back as they came. */
const page = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToVerifier>) => void) | null
  postMessage(message: FromVerifier, transfer?: Transferable[]): void
}
const ciphers = new Map<string, Promise<FileCipher>>()

page.onmessage = ({ data }) => {
  verify(data).catch(reportError)
}

async function verify({ id, file, block, sealed }: ToVerifier): Promise<void> {
  const cipher = ciphers.get(file.file) ?? fileCipher(file)
  ciphers.set(file.file, cipher)
  const good = (await (await cipher).open(block, sealed)) !== undefined
  page.postMessage({ id, good, sealed }, [sealed.buffer])
}
