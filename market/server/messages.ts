import type { MessagePort } from 'node:worker_threads'
import type { Imported } from './import.ts'
import type { SeriesRecord } from './series.ts'

// What the coordinator and its thread for series say to each other.

export type SeriesRequest =
  | {
      readonly type: 'import'
      readonly folder: string
      readonly name: string
      readonly zone: string | undefined
      /** The body comes over it, chunk by chunk, as it is asked for. */
      readonly body: MessagePort
    }
  /** A recording on the host, to be replayed. */
  | { readonly type: 'read'; readonly path: string }

export interface SeriesAnswers {
  readonly import:
    | { readonly type: 'kept'; readonly series: SeriesRecord; readonly created: boolean }
    | { readonly type: 'refused'; readonly sentence: string }
    /** The disk has no room for it. */
    | { readonly type: 'full' }
  readonly read: Imported
}
