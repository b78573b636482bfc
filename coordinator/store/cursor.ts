/** Lists are newest first; the cursor is the last item shown, so that new items never shift a page. */
export interface Listed {
  readonly id: string
  readonly createdAt: number
}

export function cursorAfter(item: Listed): string {
  return `${item.createdAt}.${item.id}`
}

/** Undefined for a cursor that this store did not make: the list then starts at its beginning. */
export function parseCursor(cursor: string | undefined): Listed | undefined {
  const match = /^(\d{1,16})\.([\w.~-]{1,200})$/.exec(cursor ?? '')
  return match === null ? undefined : { createdAt: Number(match[1]), id: match[2]! }
}

/** Prisma's condition for the rows after the cursor. */
export function olderThan(cursor: string | undefined) {
  const after = parseCursor(cursor)
  if (after === undefined) return {}
  const { createdAt, id } = after
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }
}

/** Places in a ranking shift while people work, so its cursor is simply how many were shown. */
export function parseOffset(cursor: string | undefined): number {
  return /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0
}

/** One page of at most `limit` from `limit + 1` fetched items. */
export function pageOf<Item>(fetched: readonly Item[], limit: number, cursor: (last: Item) => string) {
  const items = fetched.slice(0, limit)
  const last = items.at(-1)
  return { items, next: fetched.length > limit && last !== undefined ? cursor(last) : null }
}
