'use client'
import { useMemo } from 'react'
import { useFollowed } from '../../../components/rest/use-ask.ts'
import { kinds } from '../../../jobs/index.ts'
import type { JobView } from '../../../protocol/api.ts'
import { hueStyle } from '../../people/people.tsx'
import type { Size } from '../../picture/live-picture.tsx'

/** Lies on a job's picture and shows who computed which tile: everyone's, or one person's. */
export function WhoLayer({ job, size, who }: { readonly job: JobView; readonly size: Size; readonly who: string }) {
  const decided = useFollowed<{ readonly items: readonly DecidedView[] }>(`jobs/${job.id}/decided`, job.tasksDone, null)
  const parts = useMemo(() => (decided ? overlayOf(job, decided.items) : []), [decided, job])
  const shown = parts.filter((part) => who === 'all' || part.volunteer === who)
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" className="absolute inset-0 size-full">
      <title>Who computed which tile</title>
      {shown.map((part) => (
        <path
          key={part.volunteer}
          d={part.path}
          className="person-stroke"
          style={hueStyle(part.volunteer)}
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        >
          <title>{part.name || 'Anonymous'}</title>
        </path>
      ))}
    </svg>
  )
}

/** Beyond this the overlay would be larger than the picture it lies on. */
const MOST_TASKS = 20_000

interface OverlayPart {
  readonly volunteer: string
  readonly name: string
  readonly path: string
}

/** Consecutive accepted tasks of one volunteer, as `GET jobs/:id/decided` lists them. */
interface DecidedView {
  readonly from: number
  readonly to: number
  readonly volunteer: string
  readonly volunteerName: string
}

/** One SVG path for each volunteer. */
function overlayOf(job: JobView, runs: readonly DecidedView[]): readonly OverlayPart[] {
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
