import type { IncomingMessage } from 'node:http'
import { ApiProblem } from '../../api/port.ts'
import type { Abuse } from '../abuse.ts'
import { sameOrigin } from '../origin.ts'
import { HttpProblem } from './problem.ts'
import { type Access, type Method, reads } from './route.ts'
import type { Sessions } from './sessions.ts'

export interface AccessParts {
  readonly sessions: Sessions
  readonly publicUrl: string | null
  /** Counts bearers that are not the admin key. */
  readonly bearers: Abuse
  /** Counts wrong logins. */
  readonly logins: Abuse
  /** Counts wrong pool keys, whichever way they come; apart, so that guests who mistype it lock no admin out. */
  readonly poolKeys: Abuse
}

/** Decides whether a request may call a route of this kind; throws the refusal. */
export function createAccess({ sessions, publicUrl, bearers, logins, poolKeys }: AccessParts) {
  const adminDoor = { to: 'admin', wrong: bearers, right: sessions.isAdminKey } as const
  const poolDoor = { to: 'pool', wrong: poolKeys, right: sessions.isPoolKey } as const
  /** What a bearer may be the key of. */
  const doors = sessions.poolKeyNeeded ? [adminDoor, poolDoor] : [adminDoor]

  function bearer(request: IncomingMessage, address: string): 'admin' | 'pool' | 'wrong' | null {
    const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
    if (!match?.[1]) return request.headers.authorization === undefined ? null : 'wrong'
    const key = match[1]
    const tried = doors.filter(({ wrong }) => wrong.waitMs(address) === 0)
    const opened = tried.find(({ right }) => right(key))
    if (opened) return opened.to
    for (const { wrong } of tried) wrong.failed(address)
    for (const door of doors) if (!tried.includes(door)) tooMany(door.wrong, address)
    return 'wrong'
  }

  /** Guessing keys is slow from any one address. */
  function tooMany(abuse: Abuse, address: string): void {
    const waitMs = abuse.waitMs(address)
    if (waitMs === 0) return
    const seconds = Math.ceil(waitMs / 1000)
    throw new HttpProblem(429, `Too many wrong keys came from here. Try again in ${seconds} s.`, {
      'retry-after': String(seconds),
    })
  }

  function typed(wrong: Abuse, address: string, right: (key: string) => boolean, key: string): void {
    tooMany(wrong, address)
    if (right(key)) return
    wrong.failed(address)
    throw unauthorised('This key is not right.')
  }

  return {
    /** Checks an admin key typed by a person. */
    login: (address: string, key: string): void => typed(logins, address, sessions.isAdminKey, key),
    /** Checks a pool key that a page was opened with. */
    enter: (address: string, key: string): void => typed(poolKeys, address, sessions.isPoolKey, key),
    /** True for an admin. */
    check(request: IncomingMessage, access: Access, method: Method, address: string): boolean {
      const key = bearer(request, address)
      const cookie = request.headers.cookie ?? null
      const byCookie = key === null && sessions.isAdmin(cookie)
      const isAdmin = key === 'admin' || byCookie
      if (access === 'open') return isAdmin
      if (access === 'public') {
        if (isAdmin || key === 'pool' || sessions.mayEnter(cookie)) return isAdmin
        throw unauthorised('This pool asks for its key: send it as “Authorization: Bearer …”.')
      }
      if (!isAdmin)
        throw unauthorised('Only the admin of this pool may do this: send the admin key as “Authorization: Bearer …”.')
      if (byCookie && !reads(method) && !sameOrigin(request, publicUrl))
        throw new ApiProblem(401, 'A change with the admin cookie must come from a page of this pool.')
      return true
    },
  }
}
export type AccessCheck = ReturnType<typeof createAccess>

function unauthorised(detail: string): HttpProblem {
  return new HttpProblem(401, detail, { 'www-authenticate': 'Bearer realm="PoolParty"' })
}
