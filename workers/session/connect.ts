import { io, type Socket } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import type { CoordinatorToDevice, DeviceToCoordinator } from '../../protocol/device.ts'
import type { Wire } from './ports.ts'

const CONNECT_MS = 10_000

/**
 * One attempt to reach the pool at `origin`; it never reconnects by itself. `pack` makes of bytes what the parser of this
 * platform sends as binary: it takes ArrayBuffers in browsers and Buffers in Node, and mangles everything else.
 */
export function connectTo(origin: string, pack: (bytes: Uint8Array) => unknown): Wire {
  const socket: Socket<CoordinatorToDevice, DeviceToCoordinator> = io(`${origin}/device`, {
    parser,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_MS,
  })
  return {
    on: (name: string, listener: (...args: never[]) => void) => socket.on(name as 'tell', listener),
    emit(name, ...args) {
      const [first, ...rest] = args as unknown[]
      socket.emit(name, ...([name === 'result' ? packed(first) : first, ...rest] as never))
    },
    disconnect: () => socket.disconnect(),
  }

  function packed(message: unknown): unknown {
    const { outputs, ...rest } = message as { outputs: readonly Uint8Array[] }
    return { ...rest, outputs: outputs.map(pack) }
  }
}
