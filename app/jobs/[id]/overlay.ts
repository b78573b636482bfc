import { kinds } from '../../../jobs/index.ts'
import type { JobView } from '../../../protocol/api.ts'

// Who computed which part of a picture, as one SVG path per volunteer. Pages load this only when somebody asks.

/** Beyond this the overlay would be larger than the picture it lies on. */
const MOST_TASKS = 20_000

export interface OverlayPart {
  readonly volunteer: string
  readonly name: string
  readonly path: string
}

/** Consecutive accepted tasks of one volunteer, as `GET jobs/:id/decided` lists them. */
export interface DecidedView {
  readonly from: number
  readonly to: number
  readonly volunteer: string
  readonly volunteerName: string
}

export function overlayOf(job: JobView, runs: readonly DecidedView[]): readonly OverlayPart[] {
  const picture = kinds.find((kind) => kind.id === job.kind)?.picture
  if (!picture || job.taskCount > MOST_TASKS) return []
  const parts = new Map<string, { name: string; path: string }>()
  for (const { from, to, volunteer, volunteerName } of runs) {
    const part = parts.get(volunteer) ?? { name: volunteerName, path: '' }
    for (let index = from; index < to; index++) {
      const { x, y, width, height } = picture.region(job.params, index)
      part.path += `M${x} ${y}h${width}v${height}h${-width}z`
    }
    parts.set(volunteer, part)
  }
  return [...parts].map(([volunteer, part]) => ({ volunteer, ...part }))
}
