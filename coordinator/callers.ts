import type { IncomingMessage } from 'node:http'

const WINDOW_MS = 60_000
/** Remembered at once; beyond it the oldest are forgotten. */
const REMEMBERED = 10_000

/**
 * Counts failures per address, or whatever else names who guesses; what succeeds is never counted: a whole school may
 * share an address. Whoever asks looks at the limit before the guess, so that a right one is answered like a wrong one.
 */
export function createAbuse(limitAMinute: number, now: () => number = Date.now) {
  const windows = new Map<string, { count: number; until: number }>()
  return {
    failed(who: string) {
      const open = windows.get(who)
      if (open && open.until > now()) {
        open.count++
        return
      }
      windows.delete(who)
      windows.set(who, { count: 1, until: now() + WINDOW_MS })
      if (windows.size > REMEMBERED) windows.delete(windows.keys().next().value!)
    },
    /** Milliseconds until they may try again what they failed at; 0 while they may. */
    waitMs(who: string): number {
      const open = windows.get(who)
      return open && open.count >= limitAMinute ? Math.max(0, open.until - now()) : 0
    },
  }
}
export type Abuse = ReturnType<typeof createAbuse>

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

/** True when the Origin header names the place the request was sent to. WebSockets and cookies know no CORS. */
export function sameOrigin(request: Pick<IncomingMessage, 'headers'>, publicUrl: string | null): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  if (publicUrl !== null && origin === publicUrl) return true
  return /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host
}

/** Messages a device may send at once and a second. A workstation with 256 busy threads stays below it. */
const BURST = 2000
const PER_SECOND = 1000

/** A token bucket; its clock comes in with each call. */
export function createBucket(now: number, burst = BURST, perSecond = PER_SECOND) {
  let level = burst
  let at = now
  return {
    take(now: number): boolean {
      level = Math.min(burst, level + (Math.max(0, now - at) / 1000) * perSecond)
      at = now
      if (level < 1) return false
      level--
      return true
    },
  }
}

/** Pages open at one address: a school may share one. */
const PAGES_PER_ADDRESS = 500

/** Counts pages per address, so that nobody opens them without end. */
export function createCrowd() {
  const pages = new Map<string, number>()
  return {
    /** False when there are too many; otherwise `leave` must follow. */
    enter(address: string): boolean {
      const count = pages.get(address) ?? 0
      if (count >= PAGES_PER_ADDRESS) return false
      pages.set(address, count + 1)
      return true
    },
    leave(address: string): void {
      const count = pages.get(address) ?? 0
      if (count > 1) pages.set(address, count - 1)
      else pages.delete(address)
    },
  }
}
