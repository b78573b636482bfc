import type { Log } from './log.ts'
import type { Store } from './store/port.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Frees outputs of jobs finished more than `days` ago, at the start and every hour; null keeps them for ever. */
export function startRetention({ store, days, log }: { store: Store; days: number | null; log: Log }) {
  if (days === null) return { close: () => {} }
  const forget = () =>
    store.forgetOutputs(Date.now() - days * DAY_MS).then(
      (bytes) => bytes > 0 && log.info({ bytes, days }, 'outputs of old jobs removed'),
      (error: Error) => log.warn({ err: error }, 'outputs of old jobs could not be removed'),
    )
  void forget()
  const timer = setInterval(forget, HOUR_MS)
  return { close: () => clearInterval(timer) }
}
