import { counted } from '../gateway/counting.ts'
import { connect, hello, sendResult } from '../gateway/device.ts'
import type { BenchLine } from './line.ts'
import { openRoom } from './room.ts'

const RUNS = 300
const WARM = 30

/**
 * One-task jobs one after the other, computed by a device in this process that takes no time for it. `task`: from the
 * result leaving the device to the answer that it is durable. `job`: from POST, which is durable too, to the bytes in hand.
 */
export async function latencyBench(): Promise<BenchLine[]> {
  const room = await openRoom({ agents: 0, kinds: 'counting' })
  const tasks: number[] = []
  const jobs: number[] = []
  const device = await connect(room.pool.url)
  try {
    await hello(device)
    let acknowledged: () => void = () => {}
    device.on('lend', async ({ leases }) => {
      const { token, from } = leases[0]!
      const sentAt = performance.now()
      await sendResult(device, token, from, [counted(from)])
      tasks.push(performance.now() - sentAt)
      device.emit('ask', { leases: 1 })
      acknowledged()
    })
    device.emit('ask', { leases: 1 })
    for (let run = 0; run < WARM + RUNS; run++) {
      const durable = new Promise<void>((resolve) => {
        acknowledged = resolve
      })
      const startedAt = performance.now()
      const id = await room.submit({ kind: 'counting', params: { tasks: 1 }, trust: 'fast' })
      await durable
      const answer = await room.pool.call('GET', `/jobs/${id}/result?format=raw`)
      if (answer.status !== 200) throw new Error(`A job whose only task is durable answered ${answer.status}`)
      await answer.arrayBuffer()
      jobs.push(performance.now() - startedAt)
    }
  } finally {
    device.disconnect()
    await room.close()
  }
  return [...lines('latency: task, result to durable', tasks), ...lines('latency: job, POST to bytes', jobs)]
}

function lines(bench: string, took: readonly number[]): BenchLine[] {
  const sorted = took.slice(WARM).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return [
    { bench: `${bench}, p50`, value: at(0.5), unit: 'ms', runs: RUNS, trust: 'fast' },
    { bench: `${bench}, p99`, value: at(0.99), unit: 'ms', runs: RUNS, trust: 'fast' },
  ]
}
