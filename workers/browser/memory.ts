import type { Identity } from '../session/ports.ts'

// What this browser remembers. Every store may be closed to us (private windows, blocked cookies): then it forgets.

const LASTING = 'poolparty'
const KEY = 'poolparty:key'
const RELOADED = 'poolparty:reloaded'
/** A page that is still old after its own reload comes from a stale cache; reloading again would only spin. */
const RELOAD_AGAIN_MS = 10 * 60_000

export interface Remembered extends Identity {
  readonly name?: string
  /** No pool has heard the name yet. */
  readonly nameTyped?: boolean
  readonly threads?: number
  readonly duty?: number
}

function read(store: () => Storage, key: string): string | null {
  try {
    return store().getItem(key)
  } catch {
    return null
  }
}

function write(store: () => Storage, key: string, value: string | null) {
  try {
    if (value === null) store().removeItem(key)
    else store().setItem(key, value)
  } catch {
    // Full or closed.
  }
}

const lasting = () => window.localStorage
const ofTab = () => window.sessionStorage

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function remembered(): Remembered {
  const value = parsed(read(lasting, LASTING))
  const text = (key: string) => (typeof value[key] === 'string' && value[key] !== '' ? { [key]: value[key] } : {})
  const number = (key: string) => (typeof value[key] === 'number' ? { [key]: value[key] } : {})
  return {
    ...text('deviceToken'),
    ...text('volunteerToken'),
    ...text('name'),
    ...(value['nameTyped'] === true && { nameTyped: true }),
    ...number('threads'),
    ...number('duty'),
  }
}

export function remember(more: Remembered) {
  write(lasting, LASTING, JSON.stringify({ ...remembered(), ...more }))
}

/** The pool's key came in the link's fragment; it stays in this tab and leaves the address bar. */
export function takePoolKey(): string | undefined {
  const key = new URLSearchParams(window.location.hash.slice(1)).get('key')
  if (key) {
    write(ofTab, KEY, key)
    const { pathname, search } = window.location
    window.history.replaceState(window.history.state, '', pathname + search)
  }
  return key ?? read(ofTab, KEY) ?? undefined
}

/** What a person wants of a tab that has started. */
export type Wish = 'work' | 'pause'

/** Whether this tab may reload itself away from the runtime `hash`; a yes is noted. */
export function mayReload(hash: string): boolean {
  const last = parsed(read(ofTab, RELOADED))
  if (last['hash'] === hash && typeof last['at'] === 'number' && Date.now() - last['at'] < RELOAD_AGAIN_MS) return false
  write(ofTab, RELOADED, JSON.stringify({ hash, at: Date.now() }))
  return read(ofTab, RELOADED) !== null
}

/** What to go on with after the reload that follows. */
export function noteWish(wish: Wish | null) {
  write(ofTab, RELOADED, JSON.stringify({ ...parsed(read(ofTab, RELOADED)), wish }))
}

/** Once, after this tab reloaded itself: what a person's Start was to go on with. */
export function takeWish(): Wish | null {
  // Earlier versions noted no more than that a Start was in force.
  const { wish, resume, ...rest } = parsed(read(ofTab, RELOADED))
  if (wish === undefined && resume === undefined) return null
  write(ofTab, RELOADED, JSON.stringify(rest))
  if (wish === 'work' || wish === 'pause') return wish
  return resume === true ? 'work' : null
}
