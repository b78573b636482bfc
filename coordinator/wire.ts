import { EventEmitter } from 'node:events'
import type { Server } from 'socket.io'
import * as msgpack from 'socket.io-msgpack-parser'
import type { Log } from './log.ts'

// Socket.IO's msgpack parser with a decoder for untrusted input. The usual one believes lengths: 20 bytes that announce
// an array buffer of 4 GB keep it busy for seconds. Here every length is checked against what has arrived.

/** Deeper than any message of ours. */
const MAX_DEPTH = 16

export class MalformedPacket extends Error {
  override name = 'MalformedPacket'
}

interface Packet {
  readonly type: unknown
  readonly nsp: unknown
  readonly data: unknown
  readonly id: unknown
}

const CONNECT = 0
const DISCONNECT = 1
const EVENT = 2
/** Socket.IO and Node emit these themselves: a client that sent one would play the server's own part. */
const RESERVED = new Set([
  ...['connect', 'connect_error', 'connection', 'disconnect', 'disconnecting', 'error'],
  ...['newListener', 'removeListener'],
])
/** A name and one message. */
const EVENT_ITEMS = 2

class Decoder extends EventEmitter {
  add(bytes: unknown): void {
    if (!(bytes instanceof Uint8Array)) throw new MalformedPacket('not binary')
    const packet = decode(bytes) as Packet
    if (!isPacket(packet)) throw new MalformedPacket('not a packet')
    this.emit('decoded', packet)
  }
  destroy(): void {}
}

export const wireParser = { protocol: 5, Encoder: msgpack.Encoder, Decoder }

/** Everything of a packet that Socket.IO uses is what Socket.IO takes it for. */
function isPacket(packet: unknown): boolean {
  if (typeof packet !== 'object' || packet === null) return false
  const { type, nsp, data, id } = packet as Packet
  if (typeof nsp !== 'string' || nsp.length > 100) return false
  const hasId = id !== undefined
  if (hasId && !(Number.isSafeInteger(id) && (id as number) >= 0)) return false
  switch (type) {
    case CONNECT:
      return !hasId && (data === undefined || (typeof data === 'object' && data !== null && !Array.isArray(data)))
    case DISCONNECT:
      return !hasId && data === undefined
    case EVENT:
      return Array.isArray(data) && data.length <= EVENT_ITEMS && isEventName(data[0])
    // Nothing sent from here asks for an acknowledgement, so none is awaited.
    default:
      return false
  }
}

function isEventName(name: unknown): boolean {
  return typeof name === 'string' && !RESERVED.has(name)
}

/** MessagePack as notepack.io writes it: binary as bin or extension 0, undefined as extension 0 of one byte. */
export function decode(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0

  /** Moves on by `count` bytes; everything read passes here. */
  function take(count: number): number {
    const at = offset
    if (count > buffer.length - at) throw new MalformedPacket('cut short')
    offset += count
    return at
  }
  const u8 = () => buffer[take(1)]!
  const u16 = () => buffer.readUInt16BE(take(2))
  const u32 = () => buffer.readUInt32BE(take(4))
  const text = (length: number) => {
    const at = take(length)
    return buffer.toString('utf8', at, at + length)
  }
  const binary = (length: number) => {
    const at = take(length)
    return buffer.subarray(at, at + length)
  }
  function list(length: number, depth: number): unknown[] {
    // Each item takes a byte at least.
    if (length > buffer.length - offset) throw new MalformedPacket('cut short')
    const items = new Array<unknown>(length)
    for (let i = 0; i < length; i++) items[i] = value(depth)
    return items
  }
  function map(length: number, depth: number): Record<string, unknown> {
    if (2 * length > buffer.length - offset) throw new MalformedPacket('cut short')
    const result: Record<string, unknown> = {}
    for (let i = 0; i < length; i++) {
      const key = value(depth)
      if (typeof key !== 'string' || key === '__proto__') throw new MalformedPacket('a strange key')
      result[key] = value(depth)
    }
    return result
  }
  function extension(length: number): unknown {
    const type = buffer.readInt8(take(1))
    if (type !== 0) throw new MalformedPacket('an unknown extension')
    return binary(length)
  }
  function value(above: number): unknown {
    const depth = above + 1
    if (depth > MAX_DEPTH) throw new MalformedPacket('too deep')
    const prefix = u8()
    if (prefix < 0x80) return prefix
    if (prefix < 0x90) return map(prefix & 0x0f, depth)
    if (prefix < 0xa0) return list(prefix & 0x0f, depth)
    if (prefix < 0xc0) return text(prefix & 0x1f)
    if (prefix >= 0xe0) return prefix - 0x100
    switch (prefix) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return binary(u8())
      case 0xc5:
        return binary(u16())
      case 0xc6:
        return binary(u32())
      case 0xc7:
        return extension(u8())
      case 0xc8:
        return extension(u16())
      case 0xc9:
        return extension(u32())
      case 0xca:
        return buffer.readFloatBE(take(4))
      case 0xcb:
        return buffer.readDoubleBE(take(8))
      case 0xcc:
        return u8()
      case 0xcd:
        return u16()
      case 0xce:
        return u32()
      case 0xcf:
        return Number(buffer.readBigUInt64BE(take(8)))
      case 0xd0:
        return buffer.readInt8(take(1))
      case 0xd1:
        return buffer.readInt16BE(take(2))
      case 0xd2:
        return buffer.readInt32BE(take(4))
      case 0xd3:
        return Number(buffer.readBigInt64BE(take(8)))
      case 0xd4:
        // One byte of extension 0 is how undefined travels.
        extension(1)
        return undefined
      case 0xd9:
        return text(u8())
      case 0xda:
        return text(u16())
      case 0xdb:
        return text(u32())
      case 0xdc:
        return list(u16(), depth)
      case 0xdd:
        return list(u32(), depth)
      case 0xde:
        return map(u16(), depth)
      case 0xdf:
        return map(u32(), depth)
      default:
        throw new MalformedPacket('an unknown type')
    }
  }

  const result = value(0)
  if (offset !== buffer.length) throw new MalformedPacket('something follows')
  return result
}

/** What a connection may leave unread: more than any page or device is ever sent in one go. */
const MOST_BYTES = 16 * 1024 * 1024
/** Whoever leaves more than this unread cannot keep up. */
export const SLOW_BYTES = 512 * 1024
/** As long as a phone may be without network, and still find its connection. */
const PATIENCE_MS = 30_000
const LOOK_MS = 1000

/** What is used of Engine.IO's connection; of what waits in it, its types say nothing. */
interface Conn {
  readonly id: string
  readonly remoteAddress: string
  readonly writeBuffer: readonly { readonly data?: { readonly length: number } }[]
  readonly transport: { readonly socket?: { readonly bufferedAmount: number; terminate(): void } }
}

/** Bytes on their way to a connection that its network has not taken. */
export function unreadBytes(conn: unknown): number {
  const { writeBuffer, transport } = conn as Conn
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) bytes += data?.length ?? 0
  return bytes
}

/** Cuts off whoever does not read what it is sent: a polite close would wait behind everything unread. */
export function watchUnread({ io, counts, log }: { io: Server; counts: { unread: number }; log: Log }) {
  const stuck = new Map<string, { bytes: number; since: number }>()

  const all = () =>
    Object.values((io.engine as unknown as { clients: Record<string, Conn> } | undefined)?.clients ?? {})

  function hasPatience(conn: Conn, bytes: number): boolean {
    if (bytes > MOST_BYTES) return false
    const before = stuck.get(conn.id)
    if (before && bytes >= before.bytes) return performance.now() - before.since < PATIENCE_MS
    stuck.set(conn.id, { bytes, since: performance.now() })
    return true
  }

  const timer = setInterval(() => {
    for (const conn of all()) {
      const bytes = unreadBytes(conn)
      if (bytes <= SLOW_BYTES) stuck.delete(conn.id)
      else if (!hasPatience(conn, bytes)) {
        counts.unread++
        log.warn({ address: conn.remoteAddress, bytes }, 'a connection that does not read was cut off')
        conn.transport.socket?.terminate()
      }
    }
    const open = new Set(stuck.size > 0 ? all().map(({ id }) => id) : [])
    for (const id of stuck.keys()) if (!open.has(id)) stuck.delete(id)
  }, LOOK_MS)

  return {
    bytes: () => all().reduce((sum, conn) => sum + unreadBytes(conn), 0),
    close: () => clearInterval(timer),
  }
}
