// The least that a WebSocket server can do: sends back what comes.
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
server.on('listening', () => console.log(`running at http://127.0.0.1:${server.address().port}`))
