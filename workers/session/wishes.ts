import type { Power } from '../state.ts'

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
