import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import type { JobProgress, JobSpec } from '../pool/job.ts'
import { type Packed, type PackedBatch, packBatch, unpack } from './pack.ts'
import type { Store } from './port.ts'

/** A store in messages: what its thread answers, everything in as few objects as can be. */
export interface Core extends Omit<Store, 'load' | 'commit' | 'outputs'> {
  load(): Promise<readonly PackedJob[]>
  commit(batch: PackedBatch): Promise<void>
  outputs(job: JobId, from: number, to: number | undefined): AsyncIterable<Chunk>
}

export interface PackedJob {
  readonly spec: JobSpec
  readonly progress: JobProgress
  readonly history: Packed
}

/** Outputs of consecutive tasks, one after the other. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: Uint32Array<ArrayBuffer>
}

/** The port over a core, be it in this thread or in another. */
export function storeOver(core: Core): Store {
  return {
    ...core,
    commit: (batch) => core.commit(packBatch(batch)),
    async load() {
      const jobs = await core.load()
      return {
        jobs: jobs.map(({ spec, progress, history }) => {
          const owners = new Map<string, VolunteerId>()
          for (const change of history.changes)
            if (change.type === 'resultKept') owners.set(change.device, change.volunteer)
          return {
            spec,
            progress,
            history: { [Symbol.iterator]: () => unpack(history)[Symbol.iterator]() },
            volunteerOf: (device) => owners.get(device)!,
          }
        }),
      }
    },
    async *outputs(job, from = 0, to) {
      for await (const { bytes, lengths } of core.outputs(job, from, to)) {
        let at = 0
        for (const length of lengths) {
          yield bytes.subarray(at, at + length)
          at += length
        }
      }
    },
  }
}
