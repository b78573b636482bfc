import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Effect } from '../../coordinator/pool/effects.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { LeaseClaims } from '../../coordinator/pool/job.ts'
import { createPool, type Pool } from '../../coordinator/pool/pool.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { type BenchLine, median } from './line.ts'

// The pool alone, without sockets, store or bytes: what its decisions cost.

const RUNS = 3
/** Worked towards; see the issue in SPEC.md's history. */
const WANTED_EVENTS = 300_000
const WANTED_BYTES = 16

export async function poolBench(): Promise<BenchLine[]> {
  const rates = repeat(() => eventsPerSecond(500, 2_000_000))
  const bytes = repeat(() => bytesPerTask(10_000_000))
  const costs = [10, 1000, 10_000].map((devices) => ({ devices, us: repeat(() => leaseCost(devices)) }))
  const base = median(costs[0]?.us ?? [1])
  return [
    line('pool: events', median(rates), 'events/s', `the ${WANTED_EVENTS} asked for`, median(rates) / WANTED_EVENTS),
    line(
      'pool: bytes at 10,000,000 tasks',
      median(bytes),
      'bytes/task',
      `the ${WANTED_BYTES} asked for`,
      WANTED_BYTES / median(bytes),
    ),
    ...costs.map(({ devices, us }) =>
      line(`pool: lease, ${devices} devices`, median(us), 'µs/lease', 'its cost at 10 devices', base / median(us)),
    ),
  ]
}

function line(bench: string, value: number, unit: string, reference: string, ratio: number): BenchLine {
  return { bench, value, unit, reference, ratio, runs: RUNS, trust: 'fast' }
}

function repeat(measure: () => number): number[] {
  return Array.from({ length: RUNS }, measure)
}

interface Rig {
  readonly pool: Pool
  /** The lease lent longest ago. */
  next(): LeaseClaims
  feed(event: Unstamped): void
  pass(ms: number): void
}

type Unstamped = PoolEvent extends infer E ? (E extends PoolEvent ? Omit<E, 'at'> : never) : never

const JOB = 'bench' as JobId
const PRICES = new Uint32Array(1000).fill(1)
const DIGESTS = new Uint32Array(2000).fill(7)

function rig(devices: number, taskCount: number): Rig {
  let at = 1_790_000_000_000
  const options = { seed: 1, auditKey: new Uint8Array(16), run: 'bench', colluding: 0.1 }
  const pool = createPool(options, { jobs: [] }, at)
  let leases: LeaseClaims[] = []
  let head = 0
  const take = (effect: Effect) => {
    if (effect.type === 'lend') leases.push(effect.claims)
  }
  const self: Rig = {
    pool,
    next: () => {
      if (head > 50_000) {
        leases = leases.slice(head)
        head = 0
      }
      const claims = leases[head++]
      if (!claims) throw new Error('Nobody holds a lease.')
      return claims
    },
    feed: (event) => {
      // Stamped in place: copying events is not the pool's work.
      for (const effect of pool.handle(Object.assign(event, { at }) as PoolEvent)) take(effect)
    },
    pass: (ms) => {
      at += ms
    },
  }
  for (let i = 0; i < devices; i++) {
    const name = String(i)
    self.feed({
      type: 'deviceJoined',
      device: name as DeviceId,
      volunteer: name as VolunteerId,
      network: name,
      threads: 1,
      host: false,
      reputation: {
        checkedLeases: 9,
        agreements: 9,
        disagreements: 0,
        failuresInRow: 0,
        pausedBecause: null,
        msPerCredit: { bench: 100 },
      },
      held: [],
    })
  }
  self.feed({
    type: 'jobSubmitted',
    job: {
      id: JOB,
      kind: 'bench',
      kernelHash: 'k',
      taskCount,
      priority: 0,
      trust: 'fast',
      devices: 'all',
      submitter: 's',
      createdAt: at,
    },
  })
  for (let i = 0; i < devices; i++) self.feed({ type: 'workAsked', device: String(i) as DeviceId, leases: 2 })
  return self
}

function giveBack(self: Rig, claims: LeaseClaims, from: number, to: number, computeMs: number): void {
  const count = to - from
  self.feed({
    type: 'resultReturned',
    device: claims.device,
    claims,
    from,
    prices: PRICES.subarray(0, count),
    digests: DIGESTS.subarray(0, 2 * count),
    bytes: count,
    computeMs,
    ref: 0,
  })
}

/** As a busy pool sees them: tasks of 100 ms, so leases of about 30; a result and a sign of life every 300 ms. */
function eventsPerSecond(devices: number, taskCount: number): number {
  const self = rig(devices, taskCount)
  let events = 0
  const started = performance.now()
  for (let at = 0; ; at++) {
    const claims = self.next()
    for (let from = claims.from; from < claims.to; from += 3) {
      const to = Math.min(claims.to, from + 3)
      self.pass(300 / devices)
      self.feed({ type: 'progressed', device: claims.device, claims, task: from, share: 0.5 })
      giveBack(self, claims, from, to, 100 * (to - from))
      events += 2
    }
    self.feed({ type: 'workAsked', device: claims.device, leases: 1 })
    events++
    if (at % devices === 0) self.feed({ type: 'ticked' })
    if (events > 1_000_000) break
  }
  return events / ((performance.now() - started) / 1000)
}

/** Memory of a job all but a few of whose tasks are decided, above that of the pool without it. */
function bytesPerTask(taskCount: number): number {
  const collect = collector()
  collect()
  const before = used()
  const self = rig(10, taskCount)
  for (;;) {
    const claims = self.next()
    self.pass(10)
    giveBack(self, claims, claims.from, claims.to, 1)
    self.feed({ type: 'workAsked', device: claims.device, leases: 1 })
    if ((self.pool.job(JOB)?.tasksDone ?? taskCount) > taskCount - 5000) break
  }
  collect()
  const bytes = (used() - before) / taskCount
  if (!self.pool.job(JOB)) throw new Error('The job ended while it was measured.')
  return bytes
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** One lease from ask to acknowledgement, microseconds, with everybody busy. */
function leaseCost(devices: number): number {
  const leases = 200_000
  const self = rig(devices, 50_000_000)
  let started = 0
  const warm = 4 * devices + 20_000
  for (let at = 0; at < warm + leases; at++) {
    if (at === warm) started = performance.now()
    const claims = self.next()
    self.pass(3000 / devices)
    giveBack(self, claims, claims.from, claims.to, 100 * (claims.to - claims.from))
    self.feed({ type: 'workAsked', device: claims.device, leases: 1 })
  }
  return ((performance.now() - started) * 1000) / leases
}
