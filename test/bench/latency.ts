import type { BenchLine } from './line.ts'
import { openRoom } from './room.ts'

const RUNS = 300
const WARM = 30

/** One-task jobs one after the other: POST, computed by an agent, durable, its bytes in hand. */
export async function latencyBench(): Promise<BenchLine[]> {
  const room = await openRoom({ agents: 1, kinds: 'counting' })
  const took: number[] = []
  try {
    for (let run = -WARM; run < RUNS; run++) {
      const startedAt = performance.now()
      const id = await room.submit({ kind: 'counting', params: { tasks: 1 }, trust: 'fast' })
      while ((await room.pool.call('GET', `/jobs/${id}/result?format=raw`).then(read)) !== 200);
      if (run >= 0) took.push(performance.now() - startedAt)
    }
  } finally {
    await room.close()
  }
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))]!
  return [
    { bench: 'latency: POST to bytes, p50', value: at(0.5), unit: 'ms', runs: RUNS, trust: 'fast' },
    { bench: 'latency: POST to bytes, p99', value: at(0.99), unit: 'ms', runs: RUNS, trust: 'fast' },
  ]
}

async function read(response: Response): Promise<number> {
  await response.arrayBuffer()
  return response.status
}
