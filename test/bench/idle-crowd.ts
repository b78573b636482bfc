import { io } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'

// tsx idle-crowd.ts URL COUNT: so many devices that say hello, ask for work and wait. Prints "here" when all do.

const [url = '', count = '0'] = process.argv.slice(2)
/** Connecting at once: below what a listening socket's queue takes. */
const AT_ONCE = 200

function device(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = io(`${url}/device`, { transports: ['websocket'], parser, forceNew: true, reconnection: false })
    socket.on('connect', () => {
      const hello = { protocol: PROTOCOL_VERSION, runtime: 'bench', name: '', kind: 'agent', threads: 1, cores: 1 }
      socket.emit('hello', { ...hello, platform: 'bench', held: [] }, (answer: { type: string; message?: string }) => {
        if (answer.type !== 'welcome') return reject(new Error(answer.message))
        socket.emit('ask', { leases: 2 })
        resolve()
      })
    })
    socket.on('connect_error', reject)
  })
}

for (let i = 0; i < Number(count); i += AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, Number(count) - i) }, device))
process.stdout.write('here\n')
