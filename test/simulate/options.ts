import type { JobSizes } from './workload.ts'

export interface WorldOptions {
  readonly seed: number
  readonly devices: number
  /** Shares 0…1 of the devices that lie, each on its own or all alike. */
  readonly liars: number
  readonly colluding: number
  /** Share of the devices that leaves per hour; may be more than 1. */
  readonly churn: number
  readonly hours: number
  /** The host computes too, and some jobs are for it alone. */
  readonly host: boolean
  readonly sizes: JobSizes
  /** Jobs kept going at once. */
  readonly jobsAtOnce: number
  /** Devices send finished work this often; seldomer than real ones, to simulate more of them. */
  readonly sendEveryMs: number
  readonly faults: Faults
  /** Check all invariants after every so many events; 0: never, and no laws about effects either. */
  readonly invariantsEvery: number
}

/** Chances per message, and mean times between misfortunes of one device or the coordinator; 0: never. */
export interface Faults {
  readonly lostAcks: number
  readonly duplicates: number
  readonly malformed: number
  readonly outdated: number
  readonly freezeEveryMs: number
  readonly halfOpenEveryMs: number
  readonly killEveryMs: number
  readonly clockJumpEveryMs: number
}

export const CALM: Faults = {
  lostAcks: 0,
  duplicates: 0,
  malformed: 0,
  outdated: 0,
  freezeEveryMs: 0,
  halfOpenEveryMs: 0,
  killEveryMs: 0,
  clockJumpEveryMs: 0,
}

/** An afternoon with a school's worth of phones. */
export const ROUGH: Faults = {
  lostAcks: 0.002,
  duplicates: 0.002,
  malformed: 0.002,
  outdated: 0.0005,
  freezeEveryMs: 1_800_000,
  halfOpenEveryMs: 3_600_000,
  killEveryMs: 900_000,
  clockJumpEveryMs: 900_000,
}

/** Everything goes wrong all the time: for looking for bugs. */
export const HOSTILE: Faults = {
  lostAcks: 0.02,
  duplicates: 0.02,
  malformed: 0.02,
  outdated: 0.005,
  freezeEveryMs: 300_000,
  halfOpenEveryMs: 300_000,
  killEveryMs: 60_000,
  clockJumpEveryMs: 100_000,
}
