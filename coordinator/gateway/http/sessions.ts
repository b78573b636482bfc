import { createHash, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../../secrets.ts'
import { same } from '../device/hello.ts'
import { newId } from '../ids.ts'
import { cookieValue, setCookie } from './cookies.ts'

const DAY_SECONDS = 86_400
const SESSION_SECONDS = 30 * DAY_SECONDS

export interface SessionParts {
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
  for (const line of (await readFile(endedFile, 'utf8').catch(() => '')).split('\n')) {
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
