import type { Log } from './log.ts'
import type { RunningTime } from './running-time.ts'
import type { Store } from './store/port.ts'

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
