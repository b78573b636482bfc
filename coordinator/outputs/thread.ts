import type { JobFacts } from '../job-facts.ts'
import { openThread, type Thread } from '../thread.ts'
import { packs } from './pack.ts'
import type { OutputMethods } from './worker.ts'

/** A thread that knows the kinds and handles what their tasks output. */
export type OutputThread = Thread<OutputMethods>

/** @param kinds path of the script that exports the kinds */
export function openOutputThread(kinds: string, name: string): OutputThread {
  return openThread('gateway-worker.mjs', { name, workerData: { kinds } })
}

/** A result encoded in such a thread, at its reader's pace. Nothing begins before the first read. */
export async function* encoded(
  thread: OutputThread,
  facts: JobFacts,
  form: string,
  outputs: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* await thread.call.encode(facts, form, packs(outputs))
}
