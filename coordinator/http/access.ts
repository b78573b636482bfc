import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { type Abuse, sameOrigin } from '../callers.ts'
import { readIfThere, writeDurably } from '../disk.ts'
import { ApiProblem } from '../problem.ts'
import { newId, same } from '../secrets.ts'
import { type Access, type Method, reads } from './route.ts'
import { HttpProblem } from './send.ts'

interface AccessParts {
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

/** The value of one cookie of a Cookie header. */
function cookieValue(header: string | null, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=')
    if (key === name) return rest.join('=')
  }
  return null
}

/** A cookie that scripts cannot read, that other sites' forms do not send, and that works on plain http of a LAN. */
function setCookie(name: string, value: string, maxAgeSeconds: number, secure: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`
}

const DAY_SECONDS = 86_400
const SESSION_SECONDS = 30 * DAY_SECONDS

interface SessionParts {
  readonly dataDir: string
  readonly tokenKey: Uint8Array
  readonly adminKey: string
  readonly poolKey: string | null
  /** Behind https: the cookie stays there. */
  readonly secure: boolean
}

/** Admin sessions and the pool key in cookies. A session is signed, and over for ever once it was logged out. */
export async function openSessions({ dataDir, tokenKey, adminKey, poolKey, secure }: SessionParts) {
  const endedFile = join(dataDir, 'ended-sessions')
  // Cookies know no ports: two pools on one machine must not overwrite each other's.
  const tag = createHash('sha256').update('cookie.').update(tokenKey).digest('hex').slice(0, 8)
  const adminCookie = `admin_${tag}`
  const poolCookie = `pool_${tag}`
  // A changed key ends every session made with the old one.
  const mac = (text: string) =>
    createHmac('sha256', tokenKey).update(`${adminKey.length}.${adminKey}.${text}`).digest('base64url')
  const poolPass =
    poolKey === null ? null : createHmac('sha256', tokenKey).update(`pool.${poolKey}`).digest('base64url')
  const ended = new Map<string, number>()
  for (const line of (await readIfThere(endedFile)).split('\n')) {
    const [id = '', expires = ''] = line.split(' ')
    if (Number(expires) > Date.now()) ended.set(id, Number(expires))
  }

  function session(cookieHeader: string | null): { id: string; expires: number } | null {
    const [id = '', expires = '', signature = ''] = (cookieValue(cookieHeader, adminCookie) ?? '').split('.')
    if (!same(signature, mac(`${id}.${expires}`)) || Number(expires) < Date.now() || ended.has(id)) return null
    return { id, expires: Number(expires) }
  }

  const isAdmin = (cookieHeader: string | null) => session(cookieHeader) !== null

  return {
    isAdmin,
    poolKeyNeeded: poolKey !== null,
    /** What a cookie carries is signed, and can be guessed no more than a signature: no limit is asked for. */
    mayEnter(cookieHeader: string | null): boolean {
      if (poolPass === null) return true
      return same(cookieValue(cookieHeader, poolCookie) ?? '', poolPass) || isAdmin(cookieHeader)
    },
    isAdminKey: (key: string) => same(key, adminKey),
    isPoolKey: (key: string) => poolKey !== null && same(key, poolKey),
    /** The cookie of a new session. */
    login(): string {
      const text = `${newId()}.${Date.now() + SESSION_SECONDS * 1000}`
      return setCookie(adminCookie, `${text}.${mac(text)}`, SESSION_SECONDS, secure)
    },
    /** Ends the session of this cookie for good; the answer is the cookie that removes it. */
    async logout(cookieHeader: string | null): Promise<string> {
      const over = session(cookieHeader)
      if (over) {
        ended.set(over.id, over.expires)
        await writeDurably(endedFile, [...ended].map(([id, expires]) => `${id} ${expires}\n`).join(''))
      }
      return setCookie(adminCookie, '', 0, secure)
    },
    /** The cookie of a browser that knows the pool key. */
    enter: () => setCookie(poolCookie, poolPass ?? '', SESSION_SECONDS, secure),
  }
}
export type Sessions = Awaited<ReturnType<typeof openSessions>>
