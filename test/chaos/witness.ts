import { counted } from '../gateway/counting.ts'
import { connect, type DeviceSocket, hello, sendResult } from '../gateway/device.ts'

/**
 * A device that remembers what it was told: what it sent for each task, and what was acknowledged. It joins again after
 * every loss with the same token and the leases it holds, sends again what has no answer, and sometimes sends twice.
 */
export interface Witness {
  readonly device: string
  /** By job: tasks whose acknowledgement said that they count (accepted, pending, or late and agreeing). */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<number>>
  /** By job: tasks ever sent. */
  readonly sent: ReadonlyMap<string, ReadonlySet<number>>
  close(): Promise<void>
}

interface Held {
  readonly token: string
  readonly job: string
  readonly to: number
  next: number
}

/** Tasks in one message. */
const CHUNK = 20
const ROOM = 3

export async function openWitness(url: string, chance: () => number): Promise<Witness> {
  const acknowledged = new Map<string, Set<number>>()
  const sent = new Map<string, Set<number>>()
  const held = new Map<string, Held>()
  let deviceToken: string | undefined
  let device = ''
  let closed = false

  const note = (book: Map<string, Set<number>>, job: string, from: number, to: number) => {
    const tasks = book.get(job) ?? new Set()
    book.set(job, tasks)
    for (let task = from; task < to; task++) tasks.add(task)
  }

  async function compute(socket: DeviceSocket, lease: Held) {
    while (lease.next < lease.to && socket.connected && held.has(lease.token)) {
      const from = lease.next
      const to = Math.min(lease.to, from + CHUNK)
      const outputs = Array.from({ length: to - from }, (_, i) => counted(from + i))
      note(sent, lease.job, from, to)
      const answers = [sendResult(socket, lease.token, from, outputs)]
      if (chance() < 0.1) answers.push(sendResult(socket, lease.token, from, outputs))
      const [ack] = await Promise.all(answers.map((answer) => lostWith(socket, answer)))
      if (!ack) return
      if (ack.type === 'busy') {
        await new Promise((resolve) => setTimeout(resolve, 50))
        continue
      }
      for (const run of ack.runs)
        if (run.verdict.type !== 'rejected' && !(run.verdict.type === 'late' && !run.verdict.agreed))
          note(acknowledged, lease.job, run.from, run.to)
      lease.next = to
    }
    if (lease.next >= lease.to) held.delete(lease.token)
    if (socket.connected) socket.emit('ask', { leases: Math.max(0, ROOM - held.size) })
  }

  /** One connection, until it breaks. */
  async function session(socket: DeviceSocket) {
    socket.on('lend', ({ leases }) => {
      for (const { token, job, from, to } of leases) {
        const lease: Held = { token, job, to, next: from }
        held.set(token, lease)
        void compute(socket, lease)
      }
    })
    socket.on('release', ({ lease }) => held.delete(lease))
    const welcome = await lostWith(
      socket,
      hello(socket, { name: 'Witness', held: [...held.keys()], ...(deviceToken ? { deviceToken } : {}) }),
    )
    if (welcome?.type === 'welcome') {
      deviceToken = welcome.deviceToken
      device = welcome.device.id
      const kept = new Set(welcome.held)
      for (const token of [...held.keys()]) if (!kept.has(token)) held.delete(token)
      for (const lease of held.values()) void compute(socket, lease)
      socket.emit('ask', { leases: Math.max(0, ROOM - held.size) })
      await new Promise<void>((resolve) => (socket.connected ? socket.once('disconnect', () => resolve()) : resolve()))
    }
    socket.disconnect()
  }

  let current: DeviceSocket | undefined
  const living = (async () => {
    while (!closed) {
      current = await connect(url).catch(() => undefined)
      if (current) await session(current)
      if (!closed) await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()

  return {
    get device() {
      return device
    },
    acknowledged,
    sent,
    async close() {
      closed = true
      current?.disconnect()
      await living
    },
  }
}

/** The answer, or nothing when the connection breaks before it comes. */
function lostWith<T>(socket: DeviceSocket, answer: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    answer.catch(() => undefined),
    new Promise<undefined>((resolve) =>
      socket.connected ? socket.once('disconnect', () => resolve(undefined)) : resolve(undefined),
    ),
  ])
}
