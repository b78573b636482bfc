import type { MessagePort } from 'node:worker_threads'
import type { FileProblemReason } from './port.ts'

// What the coordinator and its thread for files say to each other.

export interface FilesPlace {
  readonly folder: string
  readonly maxBytes: number
  readonly hostFolder: string | null
  /** Script that exports `kinds`. */
  readonly kindsScript: string
}

export type FilesRequest =
  | {
      readonly type: 'put'
      readonly name: string
      readonly bytes: number | undefined
      /** The body comes over it, chunk by chunk, as it is asked for. */
      readonly body: MessagePort
    }
  | { readonly type: 'take'; readonly path: string; readonly name: string }
  | { readonly type: 'adopt'; readonly path: string }
  | { readonly type: 'index'; readonly id: string; readonly params: unknown; readonly kind: string | undefined }
  | { readonly type: 'glance' | 'preview'; readonly id: string; readonly params: unknown; readonly kind: string }

/** Ends a request under way; not answered itself. */
export interface FilesStop {
  readonly type: 'stop'
}

export type FilesAnswer =
  | { readonly type: 'progress'; readonly bytes: number; readonly of: number }
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'problem'; readonly reason: FileProblemReason; readonly message: string }
  | { readonly type: 'error'; readonly message: string }

/** From the reader: room for one more chunk. From the sender: chunks, then how it ended. */
export type BodyMessage =
  | { readonly type: 'more' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end' }
  | { readonly type: 'lost' }
