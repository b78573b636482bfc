import type { IncomingMessage } from 'node:http'

const WINDOW_MS = 60_000
/** Remembered at once; beyond it the oldest are forgotten. */
const REMEMBERED = 10_000

/**
 * Counts failures per address, or whatever else names who guesses; what succeeds is never counted: a whole school may
 * share an address. Whoever asks looks at the limit before the guess, so that a right one is answered like a wrong one.
 */
export interface Abuse {
  failed(who: string): void
  /** Milliseconds until they may try again what they failed at; 0 while they may. */
  waitMs(who: string): number
}

export function createAbuse(limitAMinute: number, now: () => number = Date.now): Abuse {
  const windows = new Map<string, { count: number; until: number }>()
  return {
    failed(who) {
      const open = windows.get(who)
      if (open && open.until > now()) {
        open.count++
        return
      }
      windows.delete(who)
      windows.set(who, { count: 1, until: now() + WINDOW_MS })
      if (windows.size > REMEMBERED) windows.delete(windows.keys().next().value!)
    },
    waitMs(who) {
      const open = windows.get(who)
      return open && open.count >= limitAMinute ? Math.max(0, open.until - now()) : 0
    },
  }
}

export function isLoopback(address: string): boolean {
  return /^(127\.|::1$)/.test(address)
}

/** The address a request came from. A proxy on this machine is believed about it, where the pool was told of one. */
export function addressOf(request: Pick<IncomingMessage, 'socket' | 'headers'>, behindProxy: boolean): string {
  const direct = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!behindProxy || !isLoopback(direct)) return direct
  const told = request.headers['x-forwarded-for']
  const last = (Array.isArray(told) ? told.join(',') : (told ?? '')).split(',').at(-1)?.trim()
  return last || direct
}
