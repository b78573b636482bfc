import { join } from 'node:path'
import { readIfThere, writeDurably } from './disk.ts'
import type { Log } from './log.ts'
import type { Store } from './store/port.ts'

/** What a kill may take away: what is kept for some time is then kept that much longer. */
const SAVE_EVERY_MS = 600_000

/**
 * How long this pool has run, over all its starts. Ages are measured with it, as the host's clock may be wrong by years: a
 * Raspberry Pi has none of its own and begins in the past.
 * @param monotonicMs never runs backwards and does not follow the host's clock
 */
export async function openRunningTime(
  { dataDir, log }: { dataDir: string; log: Pick<Log, 'warn'> },
  monotonicMs: () => number = () => performance.now(),
) {
  const file = join(dataDir, 'running-time')
  const before = await savedMs(file)
  const startedAt = monotonicMs()
  const ms = () => before + Math.floor(monotonicMs() - startedAt)
  const save = () =>
    writeDurably(file, `${ms()}\n`).catch((error) => log.warn({ err: error }, 'the running time could not be saved'))
  let saving = save()
  const timer = setInterval(() => {
    saving = saving.then(save)
  }, SAVE_EVERY_MS).unref()
  return {
    ms,
    async close() {
      clearInterval(timer)
      await saving
      await save()
    },
  }
}

export type RunningTime = Awaited<ReturnType<typeof openRunningTime>>

/** Whatever is no number counts as nothing: everything is then kept longer. */
async function savedMs(file: string): Promise<number> {
  const text = await readIfThere(file)
  return /^\d{1,15}\n$/.test(text) ? Number(text) : 0
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Frees outputs of jobs that the pool has seen finished for more than `days` of its running time. Looks at the start and
 * every hour; null keeps them for ever.
 */
export function startRetention(parts: {
  store: Store
  days: number | null
  running: Pick<RunningTime, 'ms'>
  log: Log
}) {
  const { store, days, running, log } = parts
  if (days === null) return { close: () => {} }
  const forget = () =>
    store.forgetOutputs({ ranMs: running.ms(), keptMs: days * DAY_MS }).then(
      (bytes) => bytes > 0 && log.info({ bytes, days }, 'outputs of old jobs removed'),
      (error: Error) => log.warn({ err: error }, 'outputs of old jobs could not be removed'),
    )
  void forget()
  const timer = setInterval(forget, HOUR_MS)
  return { close: () => clearInterval(timer) }
}
