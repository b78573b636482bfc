import type { Page, SeriesView } from '../../protocol/api.ts'
import { importSeries } from '../prices/import.ts'
import type { SeriesRecord, SeriesStore } from '../prices/series.ts'
import { ApiProblem } from './port.ts'
import { time } from './views.ts'

export interface SeriesApi {
  list(query: { limit: number; cursor?: string }): Promise<Page<SeriesView>>
  /** Reads a body to its end; see prices/import.ts for what it may hold. */
  import(
    body: AsyncIterable<Uint8Array>,
    about: { name?: string; zone?: string },
  ): Promise<{ readonly series: SeriesView; readonly created: boolean }>
  delete(id: string): Promise<void>
}

const DEFAULT_NAME = 'Imported series'

export function createSeries(parts: {
  store: SeriesStore
  /** Titles of jobs under way that read this series. */
  usedBy(id: string): Promise<readonly string[]>
}): SeriesApi {
  const { store, usedBy } = parts
  // Sorting and checking a large one fills a core and 200 MB: one at a time.
  let importing: Promise<unknown> = Promise.resolve()

  return {
    async list({ limit, cursor }) {
      const all = await store.list()
      const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1
      const items = all.slice(start, start + limit)
      const more = start + limit < all.length
      return { items: items.map(seriesView), next: more ? (items[items.length - 1]?.id ?? null) : null }
    },
    async import(body, { name, zone }) {
      const before = importing
      const mine = before
        .catch(() => {})
        .then(async () => {
          const read = await importSeries(body, zone)
          if (read.type === 'refused') throw new ApiProblem(422, read.sentence)
          return store.put(read, name?.trim() || DEFAULT_NAME)
        })
      importing = mine
      const { series, created } = await mine.catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error
        throw new ApiProblem(
          503,
          'The disk of this pool is too full for this series. Free some space and send it again.',
        )
      })
      return { series: seriesView(series), created }
    },
    async delete(id) {
      const found = await store.get(id)
      if (!found) throw new ApiProblem(404, 'There is no such series.')
      if (found.synthetic) throw new ApiProblem(409, 'The sample belongs to every pool; it cannot be deleted.')
      const users = await usedBy(id)
      if (users.length > 0)
        throw new ApiProblem(409, `“${users[0]}” is still computed from this series. Cancel it first, or wait for it.`)
      await store.delete(id)
    },
  }
}

function seriesView(record: SeriesRecord): SeriesView {
  const { id, name, points, from, to, skipped: reasons, gaps, outOfOrder, synthetic, createdAt } = record
  const skipped = reasons.unreadable + reasons.price + reasons.duplicate + reasons.spike
  const times = { from: time(from), to: time(to), createdAt: time(createdAt) }
  return { id, name, points, ...times, skipped, reasons, gaps, outOfOrder, synthetic }
}
