import { fileCipher } from '../crypto/file.ts'
import type { FromVerifier, ToVerifier } from './disk-messages.ts'

/** Opens blocks to see that they open, and gives them back as they came. */
const page = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToVerifier>) => void) | null
  postMessage(message: FromVerifier, transfer?: Transferable[]): void
}

page.onmessage = ({ data }) => {
  verify(data).catch(reportError)
}

async function verify({ id, file, block, sealed }: ToVerifier): Promise<void> {
  const cipher = await fileCipher(file)
  const good = (await cipher.open(block, sealed)) !== undefined
  page.postMessage({ id, good, sealed }, [sealed.buffer])
}
