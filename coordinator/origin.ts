import type { IncomingMessage } from 'node:http'

/** True when the Origin header names the place the request was sent to. WebSockets and cookies know no CORS. */
export function sameOrigin(request: Pick<IncomingMessage, 'headers'>, publicUrl: string | null): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  if (publicUrl !== null && origin === publicUrl) return true
  return /^https?:$/.test(new URL(origin).protocol) && new URL(origin).host === host
}
