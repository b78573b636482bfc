import type { MessagePort } from 'node:worker_threads'
import type { Form, RowPlace, RowText } from '../../../jobs/define.ts'

// What the gateway's main thread and its worker threads say to each other. Bytes travel packed: one buffer for many
// outputs, moved rather than copied.

/** Consecutive outputs in one buffer, one after the other. */
export interface Packed {
  readonly bytes: ArrayBuffer
  readonly lengths: Uint32Array
}

/** Enough of a job for any thread to price, paint and encode its outputs. */
export interface JobFacts {
  readonly job: string
  readonly kind: string
  readonly params: unknown
  /** Script of the kind's kernel on this disk. */
  readonly kernelFile: string
  /** Null for kinds that read nothing. */
  readonly input: InputPlace | null
}

/** Where what a job reads stands on this disk. */
export interface InputPlace {
  readonly text: string
  /** What was known of it when the job was submitted; outlives the text. */
  readonly known: string
}

export interface MeasureItem {
  readonly facts: JobFacts
  readonly from: number
  readonly packed: Packed
}
export type Measured =
  | {
      readonly type: 'measured'
      readonly bytes: ArrayBuffer
      readonly prices: Uint32Array<ArrayBuffer>
      readonly digests: Uint32Array<ArrayBuffer>
    }
  | { readonly type: 'malformed'; readonly bytes: ArrayBuffer; readonly task: number; readonly message: string }
  /** A fault of ours or the kind's, not of the device. */
  | { readonly type: 'broken'; readonly message: string }

/** A piece of a preview, in its pixels. */
export interface Tile {
  readonly index: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly png: Uint8Array<ArrayBuffer>
}

export type Request =
  | { readonly type: 'measure'; readonly items: readonly MeasureItem[] }
  /** Paints consecutive tasks into the job's canvas; answers their tiles where they are wanted. */
  | {
      readonly type: 'paint'
      readonly facts: JobFacts
      readonly from: number
      readonly packed: Packed
      readonly tiles: boolean
    }
  | { readonly type: 'clear'; readonly facts: JobFacts; readonly from: number; readonly to: number }
  | { readonly type: 'snapshot'; readonly facts: JobFacts }
  | { readonly type: 'forget'; readonly job: string }
  | {
      readonly type: 'estimate'
      readonly kind: string
      readonly script: string
      readonly params: unknown
      /** Text on this disk and what the kind knows of it; null for kinds that read nothing. */
      readonly input: { readonly text: string; readonly index: unknown } | null
      readonly taskCount: number
    }
  | { readonly type: 'encode'; readonly facts: JobFacts; readonly format: Form; readonly port: MessagePort }
  | { readonly type: 'rows'; readonly facts: JobFacts; readonly places: readonly RowPlace[] }

export interface Answers {
  measure: readonly Measured[]
  paint: readonly Tile[]
  clear: null
  snapshot: Uint8Array<ArrayBuffer>
  forget: null
  /** Milliseconds a task takes, or null. */
  estimate: number | null
  /** The stream runs over its port; answered when it has ended, however it did. */
  encode: null
  rows: readonly RowText[]
}

/** Over the port of an encode: both sides ask before they are given, so neither runs ahead. */
export type ToEncoder =
  | { readonly type: 'outputs'; readonly packed: Packed }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'next' }
export type FromEncoder =
  | { readonly type: 'more' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string }
