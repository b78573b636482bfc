import type { TaskState } from '../../../jobs/csv/output.ts'

// Lies a device might tell: an honest state with something changed in it, by chance or by hand.

/** Anything that may stand in a state, writable. */
type Node = Record<string, unknown> | unknown[]

export interface Change {
  /** Which kind of field, as a share of all kinds, and which of that kind. */
  readonly kind: number
  readonly one: number
  readonly how: number
}

/** But for the first and last time, which stand beside the lowest. */
const NULLABLE = ['time', 'spread', 'figures', 'histogram', 'min', 'max', 'first', 'last']
const DOUBLES = ['value', 'high', 'low']
const WHOLES = [0, 1, 2, 7, 63, 100, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 40, 2 ** 52]
const BIGS = [0n, 1n, -1n, 10n ** 18n, -(10n ** 18n), 2n ** 63n, -(2n ** 63n), 10n ** 30n, -(10n ** 40n), 10n ** 700n]
const VALUES = [0, -0, 1, -1, 5e-324, 1e-200, 1e15, 1e200, -1e200, Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN]

export function forge(honest: TaskState, changes: readonly Change[]): TaskState {
  const state = structuredClone(honest)
  for (const { kind, one, how } of changes) {
    const kinds = [...placesOf(state as unknown as Node, '').values()]
    const places = kinds[Math.floor(kind * kinds.length)]!
    change(...places[Math.floor(one * places.length)]!, how)
  }
  return state
}

type Places = Map<string, [node: Node, key: string][]>

/** Every field and item, those within others too, by the names on the way to it: a list of hundreds is one kind. */
function placesOf(node: Node, path: string, found: Places = new Map()): Places {
  for (const [key, child] of Object.entries(node)) {
    const here = `${path}.${Array.isArray(node) && typeof child === 'object' ? 'item' : key}`
    const places = found.get(here) ?? []
    found.set(here, places)
    places.push([node, key])
    // One register stands for all.
    if (child instanceof Uint8Array) found.set(`${here}.rank`, [[child as unknown as Node, String(child.length >> 1)]])
    else if (typeof child === 'object' && child !== null) placesOf(child as Node, here, found)
  }
  return found
}

function change(node: Node, key: string, how: number): void {
  const place = node as Record<string, unknown>
  const old = place[key]
  const one = <T>(of: readonly T[]) => of[how % of.length]!
  if (Array.isArray(node) && how % 3 > 0 && typeof old === 'object') {
    // A list may have an item less, or one twice.
    if (how % 3 === 1) node.splice(Number(key), 1)
    else node.splice(Number(key), 0, structuredClone(old))
  } else if (typeof old === 'bigint') place[key] = one([old + 1n, old - 1n, -old, old * 2n, ...BIGS])
  else if (typeof old === 'number') {
    if (DOUBLES.includes(key)) place[key] = one([old * 1.5, -old, old + 1e-9, ...VALUES])
    else place[key] = one([old + 1, old - 1, -old, ...WHOLES])
  } else if (Array.isArray(old)) old.splice(how % (old.length + 1))
  else if (NULLABLE.includes(key) && !('lowest' in node)) place[key] = null
}
