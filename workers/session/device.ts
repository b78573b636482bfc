import type { Power } from '../state.ts'
import type { Clock } from './ports.ts'

/** This device's own; tests bring another. */
export const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** Below this a device hardly computes and its leases only expire; whoever wants less pauses. */
const LEAST_DUTY = 0.05

/** Charge below which a device on battery pauses, and at which it goes on: far enough apart not to flap. */
const LOW_CHARGE = 0.3
const ENOUGH_CHARGE = 0.35
/** A phone that slows by this factor is hot and halves itself … */
const SLOWED = 0.7
/** … until it is nearly as fast as it was. */
const RECOVERED = 0.85
/** Neither changes again before this. */
const HYSTERESIS_MS = 5 * 60_000
/** Probes looked at together: the best of these says what the device can do now. */
const PROBES = 5

export interface Battery {
  /** 0…1 */
  readonly charge: number
  readonly charging: boolean
}

/** Pauses a device whose battery runs low. */
export function createBatteryGuard() {
  let low = false
  let changedAt = Number.NEGATIVE_INFINITY
  return {
    low: () => low,
    update({ charge, charging }: Battery, now: number) {
      const next = low ? !(charging || charge >= ENOUGH_CHARGE) : !charging && charge < LOW_CHARGE
      // Into the pause at once, out of it slowly; plugging in is a person's act and counts at once.
      if (next === low || (!next && !charging && now - changedAt < HYSTERESIS_MS)) return
      low = next
      changedAt = now
    },
  }
}

/** Halves a phone that gets hot. Its own falling speed is the thermometer every browser has. */
export function createHeatGuard() {
  let hot = false
  let changedAt = Number.NEGATIVE_INFINITY
  let best = 0
  let recent: number[] = []
  return {
    /** Share of the wished duty that is left. */
    factor: () => (hot ? 0.5 : 1),
    /** A measured speed of one thread; true when the factor changed. */
    update(speed: number, now: number): boolean {
      recent = [...recent.slice(1 - PROBES), speed]
      if (recent.length < PROBES) return false
      const able = Math.max(...recent)
      best = Math.max(best, able)
      const next = hot ? able < RECOVERED * best : able < SLOWED * best
      if (next === hot || now - changedAt < HYSTERESIS_MS) return false
      hot = next
      changedAt = now
      return true
    },
  }
}

/** What is possible of what was wished. */
export function possible(wish: Partial<Power>, had: Power, cores: number): Power {
  const threads = Math.round(wish.threads ?? had.threads)
  const duty = wish.duty ?? had.duty
  return {
    threads: Number.isFinite(threads) ? Math.min(cores, Math.max(1, threads)) : had.threads,
    duty: Number.isFinite(duty) ? Math.min(1, Math.max(LEAST_DUTY, duty)) : had.duty,
  }
}

/** Ten seconds: long enough for a duty cycle of seconds, short enough to answer a slider. */
const WINDOW_MS = 10_000

/** Measured share of the whole device: thread time spent computing, over all cores' time. */
export function createMeter(cores: number) {
  let samples: { readonly at: number; readonly busyMs: number }[] = []
  return {
    /** `busyMs`: thread time since the beginning, all threads together. */
    sample(at: number, busyMs: number) {
      samples.push({ at, busyMs })
      while (samples.length > 2 && at - samples[1]!.at >= WINDOW_MS) samples.shift()
    },
    measured(): number {
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last || last.at <= first.at) return 0
      return Math.min(1, Math.max(0, (last.busyMs - first.busyMs) / (last.at - first.at) / cores))
    },
    /** After a sleep the window says nothing. */
    reset() {
      samples = []
    },
  }
}

/** A clock that leapt this far between two ticks of a second: the device was asleep or its tab frozen. */
const ASLEEP_MS = 30_000

/** What to tell when it was, else nothing. */
export function asleepFor(leapMs: number, calledHere: string): string | undefined {
  if (leapMs < ASLEEP_MS) return undefined
  return `This ${calledHere} was asleep for ${duration(leapMs)}. Back at work; nothing you finished was lost.`
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} seconds`
  if (minutes < 120) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours`
}
