import { type Logger, pino } from 'pino'

export type Log = Logger

/** One line per notable event, on standard error; a terminal shows only what needs attention. Secrets are never passed in. */
export function createLog(level = process.stderr.isTTY ? 'warn' : 'info'): Log {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }))
}
