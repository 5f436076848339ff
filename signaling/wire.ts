import type { WebSocket } from 'ws'
import type { Wire } from './peer.ts'

/**
 * A WebSocket as the lobby sees it. However it ends, the TCP connection is gone after the grace time,
 * also when the other side never answers the close frame.
 * @param graceMs time to read the last words, in ms
 */
export function wireOf(socket: WebSocket, graceMs: number): Wire {
  const end = (code: number): void => {
    socket.close(code)
    cutAfter(socket, graceMs)
  }
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    buffered: () => socket.bufferedAmount,
    end,
    expel: (code) => {
      end(code)
      // Whatever else it sends stays in its own buffers instead of costing us time.
      socket.pause()
    },
    cut: () => socket.terminate(),
  }
}

/** Ends the TCP connection after the grace time, unless it ended by itself. */
export function cutAfter(socket: WebSocket, graceMs: number): void {
  const timer = setTimeout(() => socket.terminate(), graceMs)
  socket.once('close', () => clearTimeout(timer))
}
