import { join } from 'node:path'
import { readIfThere, writeDurably } from './durable.ts'
import type { Log } from './log.ts'

/** What a kill may take away: what is kept for some time is then kept that much longer. */
const SAVE_EVERY_MS = 600_000

/**
 * How long this pool has run, over all its starts. Ages are measured with it, as the host's clock may be wrong by years: a
 * Raspberry Pi has none of its own and begins in the past.
 */
export interface RunningTime {
  ms(): number
  close(): Promise<void>
}

/** @param monotonicMs never runs backwards and does not follow the host's clock */
export async function openRunningTime(
  { dataDir, log }: { dataDir: string; log: Pick<Log, 'warn'> },
  monotonicMs: () => number = () => performance.now(),
): Promise<RunningTime> {
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

/** Whatever is no number counts as nothing: everything is then kept longer. */
async function savedMs(file: string): Promise<number> {
  const text = await readIfThere(file)
  return /^\d{1,15}\n$/.test(text) ? Number(text) : 0
}
