import type { ZodMiniType } from 'zod/mini'

// The contract of a kind: all that a kind must know of the project, and all that the rest may know of a kind. A kind is
// one folder and one line in jobs/index.ts.

/**
 * What can be computed. `index.ts` of a kind's folder exports one of these. It runs in the coordinator's worker threads
 * and in pages: pure, no `node:*`, no DOM. A task is a pure function of (params, input, index), 0 ≤ index < taskCount. Aim
 * at 50–200 ms of a laptop core per task, less in small jobs so that a room can share them evenly.
 */
export interface Kind<Params = unknown, Input = unknown> {
  /** Lower-case word, stable for ever: stands in the database and on the wire. */
  readonly id: string
  /** One sentence for people. */
  readonly summary: string
  /** Parses and normalises params. Its issues are shown at the field they name, so write them for people. */
  readonly schema: ZodMiniType<Params>
  /** Absent: its tasks read nothing. */
  readonly input?: InputUse<Params, Input>
  /** A title for people, at most 80 characters. */
  title(params: Params): string
  /** Number of tasks, from 1. It stays for ever: stored jobs keep the tasks they were cut into, so another cutting is another param. */
  split(params: Params, input: Input): number
  /**
   * Credit of one output, a whole number from 1, read from the output itself. Throws {@link MalformedOutput} when no honest
   * kernel can have returned these bytes for this task.
   */
  credit(params: Params, index: number, output: Uint8Array, input: Input): number
  /**
   * What people and scripts may download, by the word behind `?format=`: `result` without it, `raw` by custom the bare
   * outputs. In the order in which a page shows them.
   */
  readonly formats: { readonly result: Format<Params, Input> } & Readonly<Record<string, Format<Params, Input>>>
  /** Shown growing, tile by tile. */
  readonly picture?: Picture<Params>
  /** Ready-made params for people who want to press one button. The first is the default. */
  readonly gallery: readonly { readonly name: string; readonly params: Params }[]
}

// biome-ignore lint/suspicious/noExplicitAny: a list of kinds is heterogeneous; params are parsed by the kind's own schema
export type AnyKind = Kind<any, any>

/** At most this many bytes of output per task: a result message must stay small enough to resend. */
export const MAX_OUTPUT_BYTES = 256 * 1024

/** For `shared`, `Input` is the stored bytes themselves; for `sliced`, what the store keeps beside them (an index). */
export interface InputUse<Params, Input> {
  /** `shared`: every task reads the same bytes, given to `prepare`. `sliced`: each reads its own range, given to `run`. */
  readonly use: 'shared' | 'sliced'
  /** "file" */
  readonly noun: string
  /** Id of the stored input (a file or a series) that these params name. */
  source(params: Params): string
  /** Words on a link from an input to a new job: "Compute statistics". */
  readonly offer?: string
  /** What `schema` parses into params that name this input and leave all else to defaults and guesses. */
  naming?(source: string): Readonly<Record<string, unknown>>
  /** Byte range `[start, end)` of a `shared` input that tasks read and `prepare` is given; all of it where absent. */
  part?(params: Params, input: Input): readonly [start: number, end: number]
  /** Byte range `[start, end)` of the stored input that task `index` reads; absent for `shared`. */
  slice?(params: Params, index: number, input: Input): readonly [start: number, end: number]
  /** For inputs that must be read once as a whole before they can be cut. */
  readonly index?: InputIndex<Params, Input>
  /** Fills in what the input decides, once, when a job is submitted; the answer is stored and sent to devices. */
  complete?(params: Params, input: Input): Completed<Params>
  /**
   * One row of the input as it stands there, for whoever may look at what is wrong in it; null where there is no such row.
   * @param read bytes `[start, end)` of the stored input
   */
  row?(
    params: Params,
    place: RowPlace,
    input: Input,
    read: (start: number, end: number) => Promise<Uint8Array>,
  ): Promise<RowText | null>
}

export interface RowPlace {
  /** From 0. */
  readonly row: number
  /** A byte of the input within the row that is to be seen, should the row be too long to be shown whole. */
  readonly byte?: number
}

/** Positions are bytes of the stored input. */
export interface RowText {
  readonly row: number
  readonly start: number
  /** Where `text` begins: `start`, unless the row is long. */
  readonly from: number
  /** Without the line end. */
  readonly text: string
  /** It goes on behind `text`. */
  readonly more: boolean
}

/** What `split`, `slice` and encoders know of a stored input: plain JSON, made by one pass over its bytes. */
export interface InputIndex<Params, Input> {
  /** Names the index among those of one input; params with the same key share it. */
  key(params: Params): string
  /** How much of the beginning of an input `start` wants to see. */
  readonly headBytes: number
  /** Starts a pass over the whole input; `head` is its first `headBytes`, or all of a shorter one. */
  start(params: Params, head: Uint8Array): { push(bytes: Uint8Array): void; end(): Input }
  /**
   * Its beginning for people, before anything is computed: plain JSON. `head` as in `start`. Where `whole` is false,
   * `input` is what a pass over `head` alone gave.
   */
  preview?(params: Params, head: Uint8Array, input: Input, whole: boolean): unknown
}

export type Completed<Params> =
  | { readonly type: 'completed'; readonly params: Params }
  | { readonly type: 'refused'; readonly issues: readonly { readonly path: string; readonly message: string }[] }

/** One downloadable form of a result. */
export interface Format<Params, Input> {
  readonly contentType: string
  /** Without the dot. */
  readonly extension: string
  /** Words on its button; "Download PNG" where absent. */
  readonly label?: string
  /** False for params whose results have no such form; absent: all have it. */
  given?(params: Params): boolean
  /** Exact size in bytes when it is known before encoding. */
  sizeBytes?(params: Params): number
  /** From the outputs, which come in task order; memory stays bounded whatever the size of the job. */
  encode(
    params: Params,
    outputs: AsyncIterable<Uint8Array>,
    tools: EncodeTools,
    input: Input,
  ): AsyncIterable<Uint8Array>
}

/** What an encoder may borrow from the place it runs in. */
export interface EncodeTools {
  /** zlib (RFC 1950) compression of a stream of bytes, as PNG wants it. */
  deflate(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /** The kernel's `whole` of one task, computed here from the stored input; only for kinds whose kernel has it. */
  recompute?(index: number): Promise<Uint8Array>
}

/** Region of a picture, pixels, row 0 on top. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Picture<Params> {
  /** Full size in pixels. */
  size(params: Params): { readonly width: number; readonly height: number }
  /** Where task `index` stands in the full picture. */
  region(params: Params, index: number): Region
  /**
   * Colours one output, sampled every `step` pixels (1 = full size, starting at the region's first pixel whose full
   * coordinate is a multiple of `step`): RGB bytes, row-major. `region` is in units of `step` pixels; width or height may be 0.
   */
  paint(
    params: Params,
    index: number,
    output: Uint8Array,
    step: number,
  ): { readonly region: Region; readonly rgb: Uint8Array }
}

/** Bytes that no honest kernel can have returned. */
export class MalformedOutput extends Error {
  override name = 'MalformedOutput'
}

/**
 * What runs on a device. `kernel.ts` of a kind's folder exports `kernel: Kernel<…>`; the build makes one self-contained
 * script of it and names it by its hash. Bit-deterministic: only + − × ÷ √ and integers touch an output.
 */
export interface Kernel<Params = unknown, Prepared = unknown> {
  /** Once per worker and job. `input` is given to kinds with `shared` input: all of it, or its `part`. */
  prepare(params: Params, input?: Uint8Array): Prepared | Promise<Prepared>
  /**
   * One task. `slice` is given to kinds with `sliced` input. Calls `progress` with the finished share of the task, 0…1, at
   * least every second. Synchronous: the worker owns its thread.
   */
  run(prepared: Prepared, index: number, progress: (share: number) => void, slice?: Uint8Array): Uint8Array
  /** `run` without the bound on the output, for `EncodeTools.recompute`; where an honest output may say that its own did not fit. */
  whole?(prepared: Prepared, index: number, progress: (share: number) => void, slice?: Uint8Array): Uint8Array
  /** Where a slice that is read from a disk may be written, so that `run` need not copy it; good until the next call of either. */
  room?(prepared: Prepared, length: number): Uint8Array
  /** `Picture.paint`, so that volunteers see their own tiles without a round trip. */
  readonly paint?: Picture<Params>['paint']
}

/** A painted piece as `ImageData` takes it: opaque. */
export function rgbaOf({ region, rgb }: ReturnType<NonNullable<Kernel['paint']>>): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(region.width * region.height * 4)
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = rgb[from] ?? 0
    rgba[to + 1] = rgb[from + 1] ?? 0
    rgba[to + 2] = rgb[from + 2] ?? 0
    rgba[to + 3] = 255
  }
  return rgba
}
