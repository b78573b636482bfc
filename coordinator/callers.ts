import type { IncomingMessage } from 'node:http'

/** Failures one address may cause a minute: enough for a class that mistypes a key, too few to guess one. */
const FAILURES_A_MINUTE = 30
const WINDOW_MS = 60_000
/** Addresses remembered; beyond it the oldest are forgotten. */
const ADDRESSES = 10_000

/** Counts failed and abusive requests per address; good ones are never counted: a whole school may share an address. */
export interface Abuse {
  failed(address: string): void
  /** Milliseconds until this address may try again what it failed at; 0 while it may. */
  waitMs(address: string): number
}

export function createAbuse(limit = FAILURES_A_MINUTE, now: () => number = Date.now): Abuse {
  const windows = new Map<string, { count: number; until: number }>()
  return {
    failed(address) {
      const open = windows.get(address)
      if (open && open.until > now()) {
        open.count++
        return
      }
      windows.delete(address)
      windows.set(address, { count: 1, until: now() + WINDOW_MS })
      if (windows.size > ADDRESSES) windows.delete(windows.keys().next().value!)
    },
    waitMs(address) {
      const open = windows.get(address)
      return open && open.count >= limit ? Math.max(0, open.until - now()) : 0
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

/** True when the Origin header names the place the request was sent to. WebSockets and cookies know no CORS. */
export function sameOrigin(request: Pick<IncomingMessage, 'headers'>, publicUrl: string | null): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  if (publicUrl !== null && origin === publicUrl) return true
  return /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host
}
