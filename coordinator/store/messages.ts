import type { JobId } from '../../protocol/ids.ts'
import type { Core } from './core.ts'
import { OutputsMissing, StoreError } from './port.ts'

// What the coordinator's thread and the store's thread say to each other.

export type Method = Exclude<keyof Core, 'outputs'>

export type Question = { readonly id: number } & (
  | { readonly ask: 'call'; readonly method: Method; readonly args: readonly unknown[] }
  /** Begins a stream of outputs; the answer is its number. */
  | { readonly ask: 'open'; readonly args: Parameters<Core['outputs']> }
  /** One chunk, or null at the end: the reader sets the pace. */
  | { readonly ask: 'next'; readonly stream: number }
  | { readonly ask: 'end'; readonly stream: number }
)

/** The first answer, with id 0, says that the store is open. */
export const OPENED = 0
export type Answer =
  | { readonly id: number; readonly type: 'value'; readonly value: unknown }
  | { readonly id: number; readonly type: 'error'; readonly error: ToldError }

/** An error in a form that survives the way between threads. */
export type ToldError =
  | { readonly type: 'trouble'; readonly sentence: string; readonly cause: string }
  | { readonly type: 'missing'; readonly job: JobId; readonly task: number }
  | { readonly type: 'bug'; readonly message: string; readonly stack: string | undefined }

export function tell(error: unknown): ToldError {
  if (error instanceof StoreError) return { type: 'trouble', sentence: error.sentence, cause: String(error.cause) }
  if (error instanceof OutputsMissing) return { type: 'missing', job: error.job, task: error.task }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { type: 'bug', message, stack }
}

export function errorOf(told: ToldError): Error {
  switch (told.type) {
    case 'trouble':
      return new StoreError(told.sentence, told.cause)
    case 'missing':
      return new OutputsMissing(told.job, told.task)
    case 'bug': {
      const error = new Error(told.message)
      if (told.stack !== undefined) error.stack = told.stack
      return error
    }
  }
}
