import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

// What a pool is measured against: the same work in two threads of this process, nothing around it.

export type BareWork =
  /** A job through the kernel as it is shipped: prepared in each thread, tasks taken one by one from a shared counter. */
  | { readonly type: 'kernel'; readonly script: string; readonly params: unknown; readonly taskCount: number }
  /** The picture's definition as a plain loop, row by row. */
  | { readonly type: 'plain'; readonly view: PlainView }

/** A Mandelbrot picture in doubles. */
export interface PlainView {
  readonly center: readonly [number, number]
  readonly span: number
  readonly width: number
  readonly height: number
  readonly maxIterations: number
}

/** Two warm threads; `run` answers the milliseconds from the first task to the last. */
export async function openBare(threads = 2) {
  const workers = Array.from({ length: threads }, () => new Worker(join(import.meta.dirname, 'bare-thread.mjs')))
  const answer = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      worker.once('message', (message: { error?: string }) =>
        message.error ? reject(new Error(message.error)) : resolve(),
      )
    })
  const all = async (message: unknown) => {
    const answers = workers.map(answer)
    for (const worker of workers) worker.postMessage(message)
    await Promise.all(answers)
  }
  return {
    async run(work: BareWork): Promise<{ ms: number; picture?: Uint32Array }> {
      await all({ type: 'prepare', work })
      const next = new Int32Array(new SharedArrayBuffer(4))
      const picture =
        work.type === 'plain'
          ? new Uint32Array(new SharedArrayBuffer(work.view.width * work.view.height * 4))
          : undefined
      const startedAt = performance.now()
      await all({ type: 'run', next, picture })
      return { ms: performance.now() - startedAt, ...(picture ? { picture } : {}) }
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
