'use client'
import { useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { JobView } from '../../../protocol/api.ts'
import { useNews } from '../../live/use-news.ts'
import { hueStyle } from '../../people/person.tsx'
import type { Size } from '../../picture/use-picture.ts'
import type { DecidedView, OverlayPart } from './overlay.ts'

/** Lies on a job's picture and shows who computed which tile: everyone's, or one person's. */
export function WhoLayer({ job, size, who }: { readonly job: JobView; readonly size: Size; readonly who: string }) {
  const [parts, setParts] = useState<readonly OverlayPart[]>([])
  useNews(job.tasksDone, null, async () => {
    const answer = await ask<{ readonly items: readonly DecidedView[] }>('GET', `jobs/${job.id}/decided`)
    if (answer.type !== 'ok') return
    const { overlayOf } = await import('./overlay.ts')
    setParts(overlayOf(job, answer.value.items))
  })
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
