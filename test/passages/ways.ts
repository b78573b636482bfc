import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { RunningPool } from '../gateway/harness.ts'

/** One way through a coordinator, walked again and again. */
interface Way {
  /** Up to where the packet can be sent. */
  ready(): Promise<void>
  /** From the packet to its acknowledgement. */
  pass(): Promise<void>
}

/** Clients of the checkout that is measured: they speak its protocol. */
export type Clients = typeof import('../gateway/device.ts')

interface Start {
  /** More flags of the coordinator; what they name is written into the folder. */
  readonly flags?: (folder: string) => Promise<string[]>
  open(pool: RunningPool, clients: Clients): Promise<Way>
}

const none = async () => {}

/** Tiles of 32 × 32 pixels that no device can have computed before. */
async function submit(pool: RunningPool): Promise<void> {
  const center = [String(-0.5 - Math.random() / 100), '0']
  const params = { formula: 'mandelbrot', center, span: '3', width: 1024, height: 1024, maxIterations: 500_000 }
  await expectStatus(201, pool.call('POST', '/jobs', { kind: 'fractal', params, trust: 'fast' }))
}
/** A tile of which no pixel escapes. */
const TILE = new Uint8Array(32 * 32 * 4).fill(255)
/** Leases stay short for a device this slow. */
const TASK_MS = 500

async function expectStatus(status: number, answering: Promise<Response>): Promise<void> {
  const answer = await answering
  const text = await answer.text()
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${text}`)
}

/**
 * Recorded seconds between two prices: so few that the desk soon has all its figures, then so many that each stands alone,
 * and no whole seconds of ours, or each would meet the pool's own timers.
 */
const [FAST_S, SLOW_S] = [1, 170]
const SPEED = 100
/** So long before a price is due its round begins, so that little else happens until it comes. */
const LEAD_MS = 700
/** A price is told while it is still being written; that is part of its way. */
const WRITE_MS = 50
const [FAST_PRICES, SLOW_PRICES] = [300, 60]
const FROM_MS = Date.UTC(2026, 0, 1)
const FIRST_SLOW_MS = FROM_MS + FAST_PRICES * FAST_S * 1000

async function recordedPrices(folder: string): Promise<string> {
  const time = (i: number) => FROM_MS + 1000 * (FAST_S * i + Math.max(0, i - FAST_PRICES) * (SLOW_S - FAST_S))
  const row = (_: unknown, i: number) => `${new Date(time(i)).toISOString()},${50_000 + (i % 7)}`
  const path = join(folder, 'prices.csv')
  await writeFile(path, `time,price\n${Array.from({ length: FAST_PRICES + SLOW_PRICES }, row).join('\n')}\n`)
  return path
}

export const ways: Readonly<Record<string, Start>> = {
  /** A device's result: all tasks of a lease, accepted. */
  result: {
    async open(pool, { connect, hello }) {
      await submit(pool)
      const socket = await connect(pool.url)
      const welcome = await hello(socket)
      if (welcome.type !== 'welcome') throw new Error(welcome.message)
      let lease: { readonly token: string; readonly from: number; readonly to: number } | undefined
      return {
        async ready() {
          const lent = new Promise<typeof lease>((resolve) => socket.once('lend', ({ leases }) => resolve(leases[0])))
          socket.emit('ask', { leases: 1 })
          lease = await lent
        },
        async pass() {
          const { token, from, to } = lease!
          const outputs = Array.from({ length: to - from }, () => Buffer.from(TILE))
          const ack = await socket.emitWithAck('result', {
            lease: token,
            from,
            outputs,
            computeMs: TASK_MS * (to - from),
          })
          if (ack.type !== 'kept' || ack.runs.some(({ verdict }) => verdict.type !== 'accepted'))
            throw new Error(`The result was not accepted: ${JSON.stringify(ack)}`)
        },
      }
    },
  },
  /** POST of a fractal. */
  submission: { open: async (pool) => ({ ready: none, pass: () => submit(pool) }) },
  /** PUT of a small table with new content. */
  upload: {
    async open(pool) {
      const headers = { authorization: `Bearer ${pool.adminKey}`, 'content-type': 'text/csv' }
      const put = () => fetch(`${pool.url}/api/v1/files?name=small.csv`, { method: 'PUT', headers, body: table() })
      const table = () => `time,price\n${Array.from({ length: 100 }, (_, i) => `${i},${Math.random()}`).join('\n')}\n`
      return { ready: none, pass: () => expectStatus(201, put()) }
    },
  },
  /** A price of the replay, until a page's stream of the desk hears it. */
  price: {
    flags: async (folder) => [
      '--prices',
      'replay',
      '--replay',
      await recordedPrices(folder),
      '--replay-speed',
      String(SPEED),
    ],
    async open(pool) {
      const stream = await fetch(`${pool.url}/api/v1/btc/stream?points=100&levels=on`)
      let heard = () => {}
      const listen = async () => {
        let text = ''
        for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
          const blocks = (text + chunk).split('\n\n')
          text = blocks.pop() ?? ''
          for (const block of blocks) {
            const data = /^event: points$/m.test(block) ? /^data: (.*)$/m.exec(block)?.[1] : undefined
            const points: readonly [number, number][] = JSON.parse(data ?? '[]')
            if (points.some(([at]) => at > FIRST_SLOW_MS)) heard()
          }
        }
      }
      const ended = listen()
      ended.catch(() => {})
      const next = () => Promise.race([ended, new Promise<void>((resolve) => (heard = resolve))])
      return {
        async ready() {
          await next()
          await pause((SLOW_S / SPEED) * 1000 - LEAD_MS)
        },
        async pass() {
          await next()
          await pause(WRITE_MS)
        },
      }
    },
  },
}
