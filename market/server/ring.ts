/** The newest `size` of what was added. */
export interface Ring<Item> {
  add(item: Item): void
  /** The newest `limit`, oldest first. */
  last(limit: number): Item[]
}

export function newRing<Item>(size: number): Ring<Item> {
  let items: Item[] = []
  return {
    add(item) {
      items.push(item)
      // Cut now and then, so that adding costs nothing.
      if (items.length >= 2 * size) items = items.slice(-size)
    },
    last: (limit) => items.slice(-Math.min(limit, size)),
  }
}
