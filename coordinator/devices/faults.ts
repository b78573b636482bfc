import type { Log } from '../log.ts'
import type { DeviceSocket } from './connection.ts'

/** Ends a connection in whose handling something of ours failed, and nothing but that connection. */
export type Faulted = (socket: DeviceSocket, error: unknown) => void

export function createFaulted({ counts, log }: { counts: { faults: number }; log: Log }): Faulted {
  return (socket, error) => {
    counts.faults++
    log.error({ err: error, address: socket.data.address }, 'a device could not be served; its connection is closed')
    socket.disconnect(true)
  }
}
