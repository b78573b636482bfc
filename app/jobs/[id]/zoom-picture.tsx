'use client'
import dynamic from 'next/dynamic'
import { type CSSProperties, useState } from 'react'
import type { JobView } from '../../../protocol/api.ts'
import { previewStep } from '../../../protocol/live.ts'
import { LivePicture } from '../../picture/live-picture.tsx'
import type { Size } from '../../picture/use-picture.ts'
import { useZoom } from '../../picture/use-zoom.ts'
import { Water } from '../../water/water.tsx'

/** Fetched when it is asked for: it knows the list of kinds. */
const WhoLayer = dynamic(() => import('./who-layer.tsx').then((module) => module.WhoLayer))

/** How bright the water is where nothing has landed yet. */
const LIT = 30
/** Larger pictures would fill a phone's memory; the download has every pixel. */
const MOST_PIXELS = 40_000_000

/** The picture growing live; finished, one may look at every pixel, and see who computed which tile. */
export function ZoomPicture({
  job,
  size,
  whoDid,
  onWhoDid,
}: {
  readonly job: JobView
  /** Of the full picture. */
  readonly size: Size
  /** Volunteer whose tiles are shown; `all`: everyone's; null: none. */
  readonly whoDid: string | null
  readonly onWhoDid: (who: string | null) => void
}) {
  const zoom = useZoom()
  const [sharp, setSharp] = useState(false)
  const { width, height } = size
  const { scale, x, y } = zoom.look
  const shrunk = previewStep(size) > 1
  const everyPixel = job.status === 'done' && shrunk && width * height <= MOST_PIXELS && (sharp || scale > 1)
  if (everyPixel && !sharp) setSharp(true)
  const transform = `translate(${(0.5 - x) * 100 * scale}%, ${(0.5 - y) * 100 * scale}%) scale(${scale})`
  return (
    <figure className="zoom lg:sticky lg:top-6 lg:self-start" style={{ '--ratio': width / height } as CSSProperties}>
      <div
        ref={zoom.box}
        className="zoom-box"
        data-zoomed={scale > 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is moved with keys must be reachable with them
        tabIndex={0}
        role="application"
        aria-label="The picture. Plus and minus zoom, arrows move, zero shows all."
        {...zoom.handlers}
      >
        <div className="zoom-look" style={{ transform }} data-close={scale > 6}>
          <Water devices={job.status === 'running' ? LIT : 0} />
          <LivePicture job={job.id} title={job.title} fit="contain" size={size} />
          {everyPixel ? (
            // biome-ignore lint/performance/noImgElement: a result is made on the fly, there is nothing to optimise
            <img src={`/api/v1/jobs/${job.id}/result`} alt="" className="absolute inset-0 size-full" />
          ) : null}
          {whoDid ? <WhoLayer job={job} size={size} who={whoDid} /> : null}
        </div>
      </div>
      <figcaption className="no-print mt-3 flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="do small-do"
          onClick={zoom.farther}
          disabled={scale === 1}
          aria-label="Zoom out"
        >
          −
        </button>
        <button type="button" className="do small-do" onClick={zoom.closer} aria-label="Zoom in">
          +
        </button>
        <button type="button" className="do small-do" onClick={zoom.whole} disabled={scale === 1}>
          Whole
        </button>
        <button
          type="button"
          className="do small-do"
          aria-pressed={whoDid !== null}
          onClick={() => onWhoDid(whoDid ? null : 'all')}
        >
          {whoDid ? 'Hide who did it' : 'Show who did it'}
        </button>
        <span className="figures ml-auto text-small text-quiet">
          {width} × {height}
        </span>
      </figcaption>
    </figure>
  )
}
