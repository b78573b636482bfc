import * as apart from '../ask-thread.ts'
import type { Answers, Request } from './messages.ts'

/** A thread that knows the kinds and handles what they output. */
export type Thread = apart.Thread<Request, Answers>

/** @param kinds path of the script that exports the kinds */
export function openThread(kinds: string, name: string): Thread {
  return apart.openThread('gateway-worker.mjs', name, { kinds })
}
