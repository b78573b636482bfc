import * as Comlink from 'comlink'
import type { Thread } from '../session/ports.ts'
import type { Computer } from './computer.ts'
import type { PrepareEnd, Report, StretchEnd } from './messages.ts'

// Both ends of the line between a session and one thread: Comlink for calls, plain messages `{ report }` for what a
// kernel says while it runs (Comlink ignores them).

export interface ThreadLine {
  readonly endpoint: Comlink.Endpoint
  terminate(): void
  /** Calls back once when the thread ended by itself, with words for why. */
  onDeath(listener: (why: string) => void): void
}

/** The session's end. Comlink leaves calls to a dead worker pending for ever, so its death rejects them here. */
export function openThread(line: ThreadLine): Thread {
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
    load: (order) => void guarded<void>(async () => remote.load(order)).catch(() => {}),
    prepare: (order) => guarded<PrepareEnd>(async () => remote.prepare(order)),
    run(stretch, report) {
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

/** The thread's end. */
export function serveThread(endpoint: Comlink.Endpoint, create: (report: ReportSender) => Computer): void {
  Comlink.expose(
    create((report, move) => endpoint.postMessage({ report }, move)),
    endpoint,
  )
}

export type ReportSender = (report: Report, move: ArrayBuffer[]) => void
