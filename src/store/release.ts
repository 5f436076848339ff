/**
 * Gives the memory back at once: buffers of a fast transfer would otherwise wait for the garbage collector by the
 * hundred megabytes. Only a structured transfer makes Chromium let go (after `buffer.transfer()` its own wrapper still
 * holds the memory), so the bytes are posted to a port whose other end is closed.
 */
export function release({ buffer }: Uint8Array<ArrayBuffer>): void {
  nowhere.postMessage(undefined, [buffer])
}

const nowhere = closedPort()

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  port1.close()
  return port1
}
