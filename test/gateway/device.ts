import { io, type Socket } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import type {
  CoordinatorToDevice,
  DeviceToCoordinator,
  Hello,
  Lease,
  Refusal,
  ResultAck,
  Welcome,
} from '../../protocol/device.ts'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { counted } from './counting.ts'

export type DeviceSocket = Socket<CoordinatorToDevice, DeviceToCoordinator>

export const HELLO: Hello = {
  protocol: PROTOCOL_VERSION,
  runtime: 'test',
  kind: 'agent',
  threads: 1,
  cores: 1,
  platform: 'test',
  held: [],
}

/** A bare connection; nothing is said on it yet. */
export async function connect(url: string, headers: Record<string, string> = {}): Promise<DeviceSocket> {
  const socket: DeviceSocket = io(`${url}/device`, {
    ...{ parser, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers },
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

export function hello(socket: DeviceSocket, more: Partial<Hello> = {}): Promise<Welcome | Refusal> {
  return socket.emitWithAck('hello', { ...HELLO, ...more })
}

export function sendResult(
  socket: DeviceSocket,
  lease: string,
  from: number,
  outputs: Uint8Array[],
): Promise<ResultAck> {
  const bytes = outputs.map((output) => Buffer.from(output))
  return socket.emitWithAck('result', { lease, from, outputs: bytes, computeMs: 1 })
}

export interface CountingDevice {
  readonly socket: DeviceSocket
  readonly welcome: Welcome
  /** Tasks the coordinator said it kept. */
  readonly kept: Set<number>
  /** Leases not finished yet, by token. */
  readonly leases: Map<string, Lease>
  close(): void
}

/** Lies about these tasks or not at all. */
export interface Habits {
  readonly hello?: Partial<Hello>
  readonly leases?: number
  /** Returns at most this many tasks of each lease in one message. */
  readonly chunk?: number
  readonly output?: (index: number) => Uint8Array
}

/** A device that counts, honestly unless told otherwise, for as long as it is lent something. */
export async function countingDevice(url: string, habits: Habits = {}): Promise<CountingDevice> {
  const { leases: room = 2, chunk = 1000, output = counted } = habits
  const socket = await connect(url)
  const kept = new Set<number>()
  const leases = new Map<string, Lease>()

  async function compute(lease: Lease) {
    for (let from = lease.from; from < lease.to; from += chunk) {
      const to = Math.min(lease.to, from + chunk)
      const outputs = Array.from({ length: to - from }, (_, i) => output(from + i))
      await deliver(lease, from, outputs)
    }
    leases.delete(lease.token)
    if (socket.connected) socket.emit('ask', { leases: Math.max(0, room - leases.size) })
  }

  async function deliver(lease: Lease, from: number, outputs: Uint8Array[]) {
    while (socket.connected) {
      const ack = await sendResult(socket, lease.token, from, outputs).catch(() => null)
      // The connection broke: whoever holds the lease next finishes it.
      if (!ack) return
      if (ack.type === 'busy') {
        await new Promise((resolve) => setTimeout(resolve, Math.min(ack.retryAfterMs, 50)))
        continue
      }
      for (const run of ack.runs)
        if (run.verdict.type !== 'rejected') for (let task = run.from; task < run.to; task++) kept.add(task)
      return
    }
  }

  socket.on('lend', ({ leases: lent }) => {
    for (const lease of lent) {
      leases.set(lease.token, lease)
      void compute(lease)
    }
  })
  const answer = await hello(socket, habits.hello)
  if (answer.type !== 'welcome') throw new Error(`Refused: ${answer.message}`)
  socket.emit('ask', { leases: room })
  return { socket, welcome: answer, kept, leases, close: () => socket.disconnect() }
}

/** Resolves when the fact holds; asks again until then. The test's own time limit is what ends a wait for ever. */
export async function until<T>(
  fact: () => Promise<T | false | null | undefined> | T | false | null | undefined,
): Promise<T> {
  for (;;) {
    const value = await fact()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** One number of a pool, by its name behind `poolparty_`. */
export async function metric(pool: { readonly url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${pool.url}/metrics`)).text()
  return Number(new RegExp(`^poolparty_${name} (.*)$`, 'm').exec(text)?.[1])
}
