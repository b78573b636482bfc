import { isNewcomer } from './checks.ts'
import { type Counted, type Device, type Job, pairOf, type Rate, rateOf } from './job-state.ts'
import { canWork, type PoolState } from './state.ts'

// How fast devices are and how long tasks take: measured from results, told in words of a typical device.

/** Measurements fade once this much time is behind them, so that a phone getting hot is noticed. */
const MEMORY_MS = 20_000
/** A measured speed is saved no more often than this. */
const SAVE_EVERY_MS = 60_000
/** A smaller change of speed is not worth doing the sums again. */
const NOTABLE = 0.02
const SLOWEST = 1 / 64
const FASTEST = 64

export function measure(rate: Rate, amount: number, weight: number, memory: number): void {
  rate.amount += amount
  rate.weight += weight
  if (rate.amount > memory) {
    rate.amount /= 2
    rate.weight /= 2
  }
}

/** A device's result: `count` tasks worth `credit` took it `ms` of compute time. */
export function measured(state: PoolState, job: Job, device: Device, count: number, credit: number, ms: number): void {
  const kind = job.spec.kind
  const own = device.rates.get(kind) ?? { amount: 0, weight: 0 }
  device.rates.set(kind, own)
  measure(own, ms, credit, MEMORY_MS)
  const typical = state.kinds.get(kind) ?? { amount: 0, weight: 0 }
  state.kinds.set(kind, typical)
  measure(typical, ms, credit, MEMORY_MS * 10)
  const pace = paceIn(state, device, kind)
  measure(job.cost, ms * pace, count, MEMORY_MS)
  if (Math.abs(pace - device.pace) > NOTABLE * device.pace) {
    device.pace = pace
    recount(state, device)
  }
  if (state.clock.now - device.savedAt > SAVE_EVERY_MS) state.changedStandings.add(device)
}

/** Speed of one thread relative to a typical one; 1 while unknown. */
export function paceIn(state: PoolState, device: Device, kind: string): number {
  const own = rateOf(device.rates.get(kind) ?? { amount: 0, weight: 0 })
  const typical = rateOf(state.kinds.get(kind) ?? { amount: 0, weight: 0 })
  if (!own || !typical) return 1
  return Math.min(Math.max(typical / own, SLOWEST), FASTEST)
}

/** Milliseconds this device's thread needs for a task of the job; null while nothing is known. */
export function msPerTask(state: PoolState, job: Job, device: Device): number | null {
  const typical = rateOf(job.cost)
  return typical === null ? null : typical / paceIn(state, device, job.spec.kind)
}

export function expectedMs(state: PoolState, job: Job, device: Device, count: number): number {
  return count * (msPerTask(state, job, device) ?? 0)
}

/** Keeps the pool's sums over working devices right; called after anything about a device changed. */
export function recount(state: PoolState, device: Device): void {
  const before = device.counted
  if (before) count(state, before, -1)
  device.counted = canWork(device)
    ? {
        strength: device.threads * device.pace,
        host: device.host,
        known: !isNewcomer(device),
        volunteer: device.volunteer,
        network: device.network,
      }
    : null
  if (device.counted) count(state, device.counted, 1)
  // What is left of rounding when everybody has gone must not look like somebody.
  if (state.workers === 0) state.strength = 0
  if (state.hostWorkers === 0) state.hostStrength = 0
}

function count(state: PoolState, counted: Counted, sign: 1 | -1): void {
  state.workers += sign
  state.strength += sign * counted.strength
  if (counted.host) {
    state.hostWorkers += sign
    state.hostStrength += sign * counted.strength
  }
  if (counted.known) state.known += sign
  tally(state.volunteers, counted.volunteer, sign)
  tally(state.networks, counted.network, sign)
  tally(state.pairs, pairOf(counted.volunteer, counted.network), sign)
}

function tally(into: Map<string, number>, key: string, sign: 1 | -1): void {
  const now = (into.get(key) ?? 0) + sign
  if (now > 0) into.set(key, now)
  else into.delete(key)
}
