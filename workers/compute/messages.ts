import type { JobId } from '../../protocol/ids.ts'

// What a session and its threads say to each other.

/** The kernel a thread will need. */
export interface Load {
  /** Where its script is. */
  readonly kernelUrl: string
  readonly kernelHash: string
}

/** Makes a job ready to run on a thread; repeated only after the thread said `unprepared`. */
export interface Prepare extends Load {
  readonly job: JobId
  readonly params: unknown
  readonly sharedInput?: Uint8Array<ArrayBuffer>
}

export type PrepareEnd =
  | { readonly type: 'ready' }
  /** The script could not be fetched or is none; says nothing about the task. */
  | { readonly type: 'unloadable'; readonly message: string }
  | { readonly type: 'threw'; readonly message: string }

/** Some consecutive tasks of one lease: as many of `from … to−1` as fit the budget, at least one. */
export interface Stretch {
  readonly job: JobId
  readonly lease: string
  readonly from: number
  readonly to: number
  readonly budgetMs: number
  /** The lease's whole input, with its first stretch on this thread; moved, not copied. */
  readonly input?: LeaseInput
  /** Tiles may be painted for the owner. */
  readonly paint: boolean
  /** Measure the thread's own speed afterwards. */
  readonly probe: boolean
}

export type LeaseInput = {
  /** First task whose slice is there. */
  readonly from: number
  readonly lengths: readonly number[]
} & (
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Read from the disk, slice by slice. */
  | { readonly type: 'file'; readonly path: string; readonly starts: readonly number[] }
)

/** Sent while a stretch runs. */
export type Report =
  | { readonly type: 'progress'; readonly task: number; readonly share: number }
  | {
      readonly type: 'outputs'
      readonly from: number
      /** Outputs one after the other. */
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly lengths: readonly number[]
      readonly computeMs: number
      readonly tiles: readonly PaintedTile[]
    }

/** Everything finished was reported before. */
export type StretchEnd =
  | {
      readonly type: 'ran'
      /** First task not computed. */
      readonly next: number
      readonly computeMs: number
      /** Rounds per millisecond of a fixed loop, if asked. */
      readonly speed?: number
    }
  | { readonly type: 'unprepared' }
  | { readonly type: 'threw'; readonly task: number; readonly computeMs: number; readonly message: string }

/** A small picture of one output. */
export interface PaintedTile {
  readonly index: number
  readonly step: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}
