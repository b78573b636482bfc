import * as msgpack from 'socket.io-msgpack-parser'
import { WebSocket } from 'ws'
import { decode } from '../../coordinator/wire.ts'
import { HELLO } from './device.ts'

export interface Packet {
  readonly type: number
  readonly nsp: string
  readonly data?: unknown
  readonly id?: unknown
}

export interface RawClient {
  readonly ws: WebSocket
  send(packet: Packet): void
  /** The next packet that fits; what came before it is forgotten. */
  next(fits: (packet: Packet) => boolean): Promise<Packet>
  readonly closed: Promise<void>
}

/** A client that says whatever it is told to, as no Socket.IO client would. */
export async function rawClient(url: string, namespace: string): Promise<RawClient> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  ws.on('error', () => {})
  const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()))
  const came: Packet[] = []
  let look = () => {}
  ws.on('message', (bytes: Buffer, binary: boolean) => {
    if (!binary) return
    came.push(decode(bytes) as Packet)
    look()
  })
  const client: RawClient = {
    ws,
    closed,
    send: (packet) => ws.send(new msgpack.Encoder().encode(packet as never)[0 as never] as Buffer),
    next: (fits) =>
      new Promise((resolve) => {
        look = () => {
          const at = came.findIndex(fits)
          if (at >= 0) resolve(came.splice(0, at + 1).at(-1)!)
        }
        look()
      }),
  }
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('error', reject)
  })
  client.send({ type: 0, nsp: namespace })
  await client.next(({ type }) => type === 0)
  return client
}

/** A raw client that was let in as a device. */
export async function rawDevice(url: string): Promise<RawClient> {
  const client = await rawClient(url, '/device')
  client.send({ type: 2, nsp: '/device', data: ['hello', HELLO], id: 0 })
  await client.next(({ type }) => type === 3)
  return client
}
