import * as Comlink from 'comlink'
import type { JobId } from '../../protocol/ids.ts'

// The line between a session and one thread: Comlink for calls, plain messages `{ report }` for what a kernel says while
// it runs (Comlink ignores them).

/** What a thread answers to; computer.ts is all of it. */
export interface Computer {
  /** A kernel ahead of its jobs; what is wrong with it is for `prepare` to say. */
  load(order: Load): Promise<void>
  prepare(order: Prepare): Promise<PrepareEnd>
  run(stretch: Stretch): StretchEnd
}

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

export interface ThreadLine {
  readonly endpoint: Comlink.Endpoint
  terminate(): void
  /** Calls back once when the thread ended by itself, with words for why. */
  onDeath(listener: (why: string) => void): void
}

/** The session's end. Comlink leaves calls to a dead worker pending for ever, so its death rejects them here. */
export function openThread(line: ThreadLine) {
  const remote = Comlink.wrap<Computer>(line.endpoint)
  let listener: ((report: Report) => void) | undefined
  line.endpoint.addEventListener('message', (event) => {
    const report = (event as MessageEvent<{ report?: Report } | undefined>).data?.report
    if (report) listener?.(report)
  })
  let dead: Error | undefined
  const waiting = new Set<(error: Error) => void>()
  line.onDeath((why) => {
    dead = new Error(why)
    for (const reject of waiting) reject(dead)
  })
  const guarded = <End>(call: () => Promise<End>) =>
    new Promise<End>((resolve, reject) => {
      if (dead) return reject(dead)
      waiting.add(reject)
      call()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject))
    })
  return {
    /** A kernel ahead of its jobs; what goes wrong is told by `prepare`. */
    load: (order: Load) => void guarded<void>(async () => remote.load(order)).catch(() => {}),
    prepare: (order: Prepare) => guarded<PrepareEnd>(async () => remote.prepare(order)),
    run(stretch: Stretch, report: (report: Report) => void) {
      listener = report
      const move = stretch.input?.type === 'bytes' ? [stretch.input.bytes.buffer] : []
      return guarded<StretchEnd>(async () => remote.run(Comlink.transfer(stretch, move)))
    },
    terminate() {
      listener = undefined
      line.terminate()
    },
  }
}

/** One thread that runs kernels. Its calls reject when it dies; after `terminate` they may stay pending for ever. */
export type Thread = ReturnType<typeof openThread>

/** The thread's end. */
export function serveThread(endpoint: Comlink.Endpoint, create: (report: ReportSender) => Computer): void {
  Comlink.expose(
    create((report, move) => endpoint.postMessage({ report }, move)),
    endpoint,
  )
}

export type ReportSender = (report: Report, move: ArrayBuffer[]) => void
