import type { Region } from '../../jobs/define.ts'

// What a page and its preview worker say to each other.

export interface PaintOrder {
  readonly kernelUrl: string
  readonly params: unknown
  readonly taskCount: number
}

export type PaintNews =
  | { readonly type: 'piece'; readonly region: Region; readonly rgba: Uint8ClampedArray<ArrayBuffer> }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string }
