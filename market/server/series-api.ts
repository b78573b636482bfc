import { time } from '../../coordinator/api/views.ts'
import { ApiProblem } from '../../coordinator/problem.ts'
import type { Page, SeriesView } from '../../protocol/api.ts'
import type { SeriesRecord } from './series.ts'
import type { OpenSeries } from './series-thread.ts'

export interface SeriesApi {
  list(query: { limit: number; cursor?: string }): Promise<Page<SeriesView>>
  /** Reads a body to its end; see import.ts for what it may hold. */
  import(
    body: AsyncIterable<Uint8Array>,
    about: { name?: string; zone?: string },
  ): Promise<{ readonly series: SeriesView; readonly created: boolean }>
  delete(id: string): Promise<void>
}

const DEFAULT_NAME = 'Imported series'
const FULL = 'The disk of this pool is too full for this series. Free some space and send it again.'

export function createSeries(parts: {
  store: OpenSeries
  /** Titles of jobs under way that read this series. */
  usedBy(id: string): Promise<readonly string[]>
}): SeriesApi {
  const { store, usedBy } = parts
  return {
    async list({ limit, cursor }) {
      const all = await store.list()
      const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1
      const items = all.slice(start, start + limit)
      const more = start + limit < all.length
      return { items: items.map(seriesView), next: more ? (items[items.length - 1]?.id ?? null) : null }
    },
    async import(body, { name, zone }) {
      const answer = await store.import(body, { name: name?.trim() || DEFAULT_NAME, zone })
      switch (answer.type) {
        case 'kept':
          return { series: seriesView(answer.series), created: answer.created }
        case 'refused':
          throw new ApiProblem(422, answer.sentence)
        case 'full':
          throw new ApiProblem(503, FULL)
        default:
          return answer satisfies never
      }
    },
    async delete(id) {
      const found = await store.get(id)
      if (!found || found.errand) throw new ApiProblem(404, 'There is no such series.')
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
