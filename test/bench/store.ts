import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../coordinator/store/core.ts'
import type { Batch, Store } from '../../coordinator/store/port.ts'
import { bundle } from '../store/bundle.ts'
import { batch, credit, device, newJob, progressOf, result, volunteer } from '../store/sample.ts'
import { type BenchLine, median } from './line.ts'

// The store alone, in its thread, as the coordinator uses it: SQLite and segment files in the temporary folder.

const TASKS = 1_000_000
const TASKS_PER_RUN = 1_000
const RUNS_PER_COMMIT = 20
const SINGLE_COMMITS = 200
const SMALL_RESULTS = 50_000
const RUNS = 3

export async function storeBench(): Promise<BenchLine[]> {
  const script = await bundle('coordinator/store/worker.ts')
  const measured = { bulk: [] as number[], read: [] as number[], small: [] as number[], single: [] as number[] }
  const bare: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const dataDir = mkdtempSync(join(tmpdir(), 'poolparty-bench-'))
    const store = await openStore({ databaseUrl: null, dataDir }, script)
    await store.saveVolunteer(volunteer('v-d'))
    await store.saveDevice(device('d', 'v-d'))
    for (const name of ['bulk', 'small', 'single']) await store.addJob(newJob(name, { taskCount: TASKS }))
    measured.bulk.push(TASKS / (await seconds(() => commitAll(store, bulkBatches()))))
    measured.read.push(TASKS / (await seconds(() => readAll(store))))
    measured.small.push(
      SMALL_RESULTS / (await seconds(() => commitAll(store, smallBatches('small', SMALL_RESULTS, 1_000)))),
    )
    const singles = [...smallBatches('single', SINGLE_COMMITS, 1)]
    const times: number[] = []
    for (const one of singles) times.push(1_000 * (await seconds(() => store.commit(one))))
    measured.single.push(median(times))
    bare.push(bareSyncsMs(dataDir))
    await store.close()
    rmSync(dataDir, { recursive: true })
  }
  const line = (bench: string, values: readonly number[], unit: string): BenchLine => ({
    ...{ bench, value: median(values), unit, runs: RUNS },
  })
  return [
    line('store: tasks in runs of 1,000', measured.bulk, 'tasks/s'),
    line('store: outputs read in order', measured.read, 'tasks/s'),
    line('store: results of one task', measured.small, 'results/s'),
    {
      ...line('store: one result, durable, p50', measured.single, 'ms'),
      ...{ reference: 'two bare writes with fdatasync', ratio: median(bare) / median(measured.single) },
    },
  ]
}

function* bulkBatches(): Iterable<Batch> {
  const outputs = new Uint8Array(8 * TASKS_PER_RUN)
  for (let from = 0; from < TASKS; ) {
    const parts = []
    for (let run = 0; run < RUNS_PER_COMMIT; run++, from += TASKS_PER_RUN) {
      const { change } = result(from, { job: 'bulk', outputs: Array(TASKS_PER_RUN).fill('') })
      const own = Array.from({ length: TASKS_PER_RUN }, (_, task) => outputs.subarray(8 * task, 8 * task + 8))
      parts.push({ change, bytes: { from, outputs: own } }, credit(TASKS_PER_RUN, { tasks: TASKS_PER_RUN }))
    }
    yield batch([...parts, progressOf(newJob('bulk', { taskCount: TASKS }), { tasksDone: from })])
  }
}

function* smallBatches(job: string, count: number, size: number): Iterable<Batch> {
  for (let from = 0; from < count; from += size) {
    const parts = Array.from({ length: size }, (_, i) => [result(from + i, { job, outputs: ['12345678'] }), credit(1)])
    yield batch([...parts.flat(), progressOf(newJob(job, { taskCount: TASKS }), { tasksDone: from + size })])
  }
}

async function commitAll(store: Store, batches: Iterable<Batch>): Promise<void> {
  for (const one of batches) await store.commit(one)
}

async function readAll(store: Store): Promise<void> {
  let bytes = 0
  for await (const output of store.outputs(newJob('bulk').id)) bytes += output.byteLength
  if (bytes !== 8 * TASKS) throw new Error(`Read ${bytes} bytes instead of ${8 * TASKS}`)
}

/** What the disk takes for the two syncs that every commit needs. */
function bareSyncsMs(folder: string): number {
  const files = ['x', 'y'].map((name) => openSync(join(folder, name), 'w'))
  const times: number[] = []
  for (let i = 0; i < SINGLE_COMMITS; i++) {
    const start = performance.now()
    for (const file of files) {
      writeSync(file, 'x'.repeat(4_096))
      fdatasyncSync(file)
    }
    times.push(performance.now() - start)
  }
  for (const file of files) closeSync(file)
  return median(times)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}
