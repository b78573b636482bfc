import type { Reputation } from '../../coordinator/pool/job.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { Agenda } from './agenda.ts'
import type { Chance } from './chance.ts'
import type { Unstamped } from './coordinator.ts'
import type { Faults } from './options.ts'
import type { SimJob } from './workload.ts'

/** What the parts of the simulated world may ask of it. */
export interface World {
  readonly chance: Chance
  readonly agenda: Agenda
  readonly faults: Faults
  readonly sendEveryMs: number
  /** Tells the coordinator; nobody hears while it is down. */
  hear(event: Unstamped): void
  nextRef(): number
  job(id: JobId): SimJob | undefined
  reputation(device: DeviceId): Reputation | null
  leftForGood(device: { readonly id: DeviceId }): boolean
  isDown(): boolean
  /** No more misfortune, no more jobs. */
  isEnding(): boolean
}
