import { type Kernel, MAX_OUTPUT_BYTES, rgbaOf } from '../../jobs/define.ts'
import { MAX_ERROR_LENGTH, MAX_RESULT_BYTES, MAX_RESULT_TASKS, RESULT_INTERVAL_MS } from '../../protocol/limits.ts'
import type {
  Computer,
  LeaseInput,
  Load,
  PaintedTile,
  Prepare,
  PrepareEnd,
  Report,
  Stretch,
  StretchEnd,
} from './thread.ts'

/** Jobs kept prepared per thread: enough for those that take turns, few enough for a phone. */
const PREPARED_JOBS = 4
/** Finished outputs wait at most this long in the thread; the rest of the interval is the session's. */
const REPORT_AFTER_MS = RESULT_INTERVAL_MS - 50
/** Tiles painted per report: painting must stay a sliver of computing. */
const TILES_PER_REPORT = 2

export interface ComputerPorts {
  /** The `kernel` a script exports. */
  load(url: string, hash: string): Promise<Kernel>
  /** Where inputs can stand on this device's disk. */
  open?(path: string): InputFile
  now(): number
  /** Leaves the thread at once, even while a kernel runs. `move`: buffers that need not be copied. */
  report(report: Report, move: ArrayBuffer[]): void
}

export interface InputFile {
  /** Fills it with what stands from `start`. */
  read(into: Uint8Array, start: number): void
  close(): void
}

interface Prepared {
  readonly kernel: Kernel
  readonly prepared: unknown
  readonly painter: Painter | undefined
}

/** What runs inside a thread: knows kernels and tasks, not leases' fates, sockets or the owner's wishes. */
export function createComputer(ports: ComputerPorts): Computer {
  const jobs = new Map<string, Prepared>()
  /** By hash; a script once loaded stays in a worker anyway. */
  const kernels = new Map<string, Promise<Kernel>>()
  let input: (LeaseInput & { readonly lease: string }) | undefined

  function kernelOf({ kernelUrl, kernelHash }: Load): Promise<Kernel> {
    const kernel = kernels.get(kernelHash) ?? ports.load(kernelUrl, kernelHash)
    kernels.set(kernelHash, kernel)
    kernel.catch(() => kernels.delete(kernelHash))
    return kernel
  }

  async function prepare(order: Prepare): Promise<PrepareEnd> {
    const { job, params, sharedInput } = order
    let kernel: Kernel
    try {
      kernel = await kernelOf(order)
    } catch (error) {
      return { type: 'unloadable', message: words(error) }
    }
    try {
      const prepared = await kernel.prepare(params, sharedInput)
      const painter = kernel.paint && createPainter(kernel.paint, params)
      jobs.delete(job)
      jobs.set(job, { kernel, prepared, painter })
      for (const oldest of jobs.keys()) {
        if (jobs.size <= PREPARED_JOBS) break
        jobs.delete(oldest)
      }
      return { type: 'ready' }
    } catch (error) {
      return { type: 'threw', message: words(error) }
    }
  }

  function run(stretch: Stretch): StretchEnd {
    const job = jobs.get(stretch.job)
    if (stretch.input) input = { ...stretch.input, lease: stretch.lease }
    if (!job) return { type: 'unprepared' }
    const batch = createBatch(stretch, job.painter, ports)
    const startedAt = ports.now()
    let taskStartedAt = startedAt
    let task = stretch.from
    let saidAt = startedAt
    const mine = input?.lease === stretch.lease ? input : undefined
    let file: InputFile | undefined
    const progress = (share: number) => {
      const now = ports.now()
      if (now - saidAt < REPORT_AFTER_MS) return
      saidAt = now
      ports.report({ type: 'progress', task, share: Math.min(1, Math.max(0, share)) }, [])
      batch.flush(now, false)
    }
    try {
      do {
        // Opened for a stretch at a time: a file that was deleted must not keep its place on the disk for long.
        if (mine?.type === 'file') file ??= ports.open!(mine.path)
        const slice = mine && sliceOf(mine, task, job, file)
        const output = job.kernel.run(job.prepared, task, progress, slice)
        if (output.length > MAX_OUTPUT_BYTES)
          throw new Error(`The output has ${output.length} bytes; at most ${MAX_OUTPUT_BYTES} are allowed.`)
        const finishedAt = ports.now()
        batch.add(task, output, finishedAt - taskStartedAt, finishedAt)
        taskStartedAt = finishedAt
        task++
      } while (task < stretch.to && taskStartedAt - startedAt < stretch.budgetMs)
    } catch (error) {
      batch.flush(ports.now(), true)
      return { type: 'threw', task, computeMs: ports.now() - startedAt, message: words(error) }
    } finally {
      file?.close()
    }
    batch.flush(ports.now(), true)
    const end = { type: 'ran', next: task, computeMs: taskStartedAt - startedAt } as const
    return stretch.probe ? { ...end, speed: probeSpeed(ports.now) } : end
  }

  return {
    load: (order) =>
      kernelOf(order).then(
        () => {},
        () => {},
      ),
    prepare,
    run,
  }
}

/** Finished outputs on their way to the session, packed so that a thousand tiny ones are one moved buffer. */
function createBatch(stretch: Stretch, painter: Painter | undefined, ports: ComputerPorts) {
  let outputs: Uint8Array[] = []
  let bytes = 0
  let from = stretch.from
  let computeMs = 0
  let firstAt = 0
  let tiles: PaintedTile[] = []

  function flush(now: number, all: boolean) {
    if (outputs.length === 0 || (!all && now - firstAt < REPORT_AFTER_MS)) return
    const packed = new Uint8Array(bytes)
    let offset = 0
    for (const output of outputs) {
      packed.set(output, offset)
      offset += output.length
    }
    const lengths = outputs.map((output) => output.length)
    const move = [packed.buffer, ...tiles.map((tile) => tile.rgba.buffer)]
    ports.report({ type: 'outputs', from, bytes: packed, lengths, computeMs, tiles }, move)
    from += outputs.length
    outputs = []
    bytes = 0
    computeMs = 0
    tiles = []
  }

  return {
    flush,
    add(task: number, output: Uint8Array, tookMs: number, now: number) {
      if (bytes + output.length > MAX_RESULT_BYTES || outputs.length === MAX_RESULT_TASKS) flush(now, true)
      if (outputs.length === 0) firstAt = now
      // A kernel may reuse its memory for the next task.
      outputs.push(output.slice())
      bytes += output.length
      computeMs += tookMs
      if (stretch.paint && painter && tiles.length < TILES_PER_REPORT) tiles.push(...painter(task, output))
      flush(now, false)
    },
  }
}

function sliceOf(input: LeaseInput, task: number, job: Prepared, file: InputFile | undefined): Uint8Array {
  const nth = task - input.from
  const length = input.lengths[nth] ?? 0
  if (input.type === 'file') {
    const slice = job.kernel.room?.(job.prepared, length) ?? new Uint8Array(length)
    file?.read(slice, input.starts[nth] ?? 0)
    return slice
  }
  let start = 0
  for (let i = 0; i < nth; i++) start += input.lengths[i] ?? 0
  return input.bytes.subarray(start, start + length)
}

function words(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR_LENGTH) || 'unknown error'
}

/** Long enough for a clock of 0.1 ms, short enough to vanish beside a task. */
const PROBE_MS = 4
const ROUNDS = 20_000

/**
 * This thread's speed right now, in rounds of a fixed integer loop per millisecond. A device that gets hot lowers its
 * clock, and this falls with it, whatever the tasks are.
 */
export function probeSpeed(now: () => number): number {
  const startedAt = now()
  let done = 0
  let x = 1
  let elapsed = 0
  do {
    for (let i = 0; i < ROUNDS; i++) x = (Math.imul(x, 0x5851f42d) + 0x14057b7f) | 0
    done += ROUNDS
    elapsed = now() - startedAt
  } while (elapsed < PROBE_MS)
  // `x` must be used, or the loop is optimised away.
  return (done + (x & 1)) / elapsed
}

/** Longest side of an owner's tile, pixels: a thumbnail, whatever the job's tiles measure. */
const TILE_PIXELS = 96

/** Zero or one small picture of a task's output. */
type Painter = (index: number, output: Uint8Array) => readonly PaintedTile[]

/** All tiles of a job are sampled alike, so that they fit together. */
function createPainter(paint: NonNullable<Kernel['paint']>, params: unknown): Painter {
  let step: number | undefined
  return (index, output) => {
    try {
      step ??= stepFor(paint(params, index, output, 1).region)
      const painted = paint(params, index, output, step)
      const { x, y, width, height } = painted.region
      if (width < 1 || height < 1) return []
      return [{ index, step, x, y, width, height, rgba: rgbaOf(painted) }]
    } catch {
      // A tile that cannot be drawn is no reason to lose the output.
      return []
    }
  }
}

function stepFor({ width, height }: { readonly width: number; readonly height: number }): number {
  let step = 1
  while (Math.max(width, height) / step > TILE_PIXELS) step *= 2
  return step
}
