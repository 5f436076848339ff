import { Peer } from 'peerjs'

/** Calls as anybody could: the library as it is, with labels that look like a knock and labels that do not. */
async function call(to: string): Promise<void> {
  const peer = new Peer('ab'.repeat(20), {
    ...{ host: location.hostname, port: Number(location.port), path: '/', token: 'cd'.repeat(32) },
    config: { iceServers: [] },
  })
  await new Promise((resolve) => peer.on('open', resolve))
  for (const label of ['hello', 'A'.repeat(39), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA']) {
    peer.connect(to, { reliable: true, serialization: 'raw', label })
  }
}

Object.assign(window, { earshot: { call } })
