import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { JobSpec, LeaseClaims, Reputation } from './job.ts'

/** Names bytes that the gateway holds for the length of one event. */
export type ResultRef = number

/**
 * Past facts, in the order the pool learns them. `at` is milliseconds since 1970 and may jump (the host's clock is set);
 * the pool never lets its own time run backwards, and believes at most four seconds of any step.
 */
export type PoolEvent = { readonly at: number } & (
  | {
      readonly type: 'deviceJoined'
      readonly device: DeviceId
      readonly volunteer: VolunteerId
      /** Keyed hash of the network address: replicas prefer another one. */
      readonly network: string
      readonly threads: number
      /** The host's own agent: trusted, and the second opinion of last resort. */
      readonly host: boolean
      readonly reputation: Reputation | null
      /** Verified tokens the device still works on. */
      readonly held: readonly LeaseClaims[]
    }
  /** `goodbye`: the device said that it stops for good; otherwise the link broke. */
  | { readonly type: 'deviceLeft'; readonly device: DeviceId; readonly goodbye: boolean }
  | { readonly type: 'deviceChanged'; readonly device: DeviceId; readonly threads?: number; readonly working?: boolean }
  /** The admin's word; resuming also forgives the failures in a row. */
  | { readonly type: 'devicePaused'; readonly device: DeviceId; readonly paused: boolean; readonly because: string }
  | { readonly type: 'deviceRemoved'; readonly device: DeviceId }
  /** Room for this many more leases, now; replaces earlier asks. */
  | { readonly type: 'workAsked'; readonly device: DeviceId; readonly leases: number }
  | {
      readonly type: 'resultReturned'
      readonly device: DeviceId
      readonly claims: LeaseClaims
      readonly from: number
      /** Outputs of tasks from … from + prices.length − 1. */
      readonly prices: Uint32Array
      /** Two words per task: the first 64 bits of the coordinator's own SHA-256 of the output. */
      readonly digests: Uint32Array
      /** Total bytes of the outputs. */
      readonly bytes: number
      readonly computeMs: number
      readonly ref: ResultRef
    }
  /** Bytes that no honest kernel returns (wrong length, impossible values). */
  | {
      readonly type: 'resultMalformed'
      readonly device: DeviceId
      readonly claims: LeaseClaims
      readonly task: number
      readonly message: string
      readonly ref: ResultRef
    }
  | {
      readonly type: 'progressed'
      readonly device: DeviceId
      readonly claims: LeaseClaims
      readonly task: number
      readonly share: number
    }
  | {
      readonly type: 'taskErrored'
      readonly device: DeviceId
      readonly claims: LeaseClaims
      readonly task: number
      readonly message: string
    }
  | { readonly type: 'leaseHandedBack'; readonly device: DeviceId; readonly claims: LeaseClaims; readonly from: number }
  | { readonly type: 'jobSubmitted'; readonly job: JobSpec }
  | { readonly type: 'jobPaused'; readonly job: JobId }
  | { readonly type: 'jobResumed'; readonly job: JobId }
  | { readonly type: 'jobCancelled'; readonly job: JobId }
  /** Something outside the pool made the job impossible, for example its input file was deleted. */
  | { readonly type: 'jobFailed'; readonly job: JobId; readonly error: string }
  | { readonly type: 'jobDeleted'; readonly job: JobId }
  | { readonly type: 'jobReprioritised'; readonly job: JobId; readonly priority: number }
  /** The admin takes pending results as they are. */
  | { readonly type: 'jobAcceptedUnchecked'; readonly job: JobId }
  /** Time passed; at least once a second. */
  | { readonly type: 'ticked' }
)
