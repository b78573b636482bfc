'use client'
import { useGesture } from '@use-gesture/react'
import dynamic from 'next/dynamic'
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react'
import type { JobView } from '../../../protocol/api.ts'
import { previewStep } from '../../../protocol/live.ts'
import { LivePicture, type Size } from '../../picture/live-picture.tsx'
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

// Looking closer at a picture: pinch, drag, Ctrl and the wheel, + − 0 and the arrow keys. A plain wheel scrolls the page.

const CLOSEST = 64
const STEP = 1.5
/** By key: how far it moves, in parts of the box, and how much closer it goes. */
const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.12, 0],
  ArrowRight: [0.12, 0],
  ArrowUp: [0, -0.12],
  ArrowDown: [0, 0.12],
}
const ZOOMS: Readonly<Record<string, number>> = { '+': STEP, '=': STEP, '-': 1 / STEP, '0': 1 / CLOSEST }

interface Look {
  readonly scale: number
  /** Point of the picture in the middle of the box, 0…1. */
  readonly x: number
  readonly y: number
}

/** Where a pinch was when it was heard of last. */
interface Pinch {
  readonly scale: number
  /** Between the fingers, in CSS pixels of the window. */
  readonly origin: readonly [number, number]
}

const WHOLE: Look = { scale: 1, x: 0.5, y: 0.5 }

function within(look: Look): Look {
  const scale = Math.min(CLOSEST, Math.max(1, look.scale))
  const margin = 0.5 / scale
  const hold = (value: number) => Math.min(1 - margin, Math.max(margin, value))
  return { scale, x: hold(look.x), y: hold(look.y) }
}

function useZoom() {
  const box = useRef<HTMLDivElement>(null)
  const [look, setLook] = useState<Look>(WHOLE)

  /** Zooms so that the point of the box under (x, y), 0…1, stays where it is. */
  const zoom = (factor: number, x = 0.5, y = 0.5) =>
    setLook((from) => {
      const scale = Math.min(CLOSEST, Math.max(1, from.scale * factor))
      const shift = 1 / from.scale - 1 / scale
      return within({ scale, x: from.x + (x - 0.5) * shift, y: from.y + (y - 0.5) * shift })
    })
  const pan = (dx: number, dy: number) =>
    setLook((from) => within({ ...from, x: from.x + dx / from.scale, y: from.y + dy / from.scale }))

  useGesture(
    {
      onDrag: ({ delta: [dx, dy], pinching }) => {
        const size = box.current?.getBoundingClientRect()
        if (size && !pinching) pan(-dx / size.width, -dy / size.height)
      },
      onPinch: ({ offset: [scale], origin, memo }) => {
        const from = (memo as Pinch | undefined) ?? { scale: look.scale, origin }
        const size = box.current?.getBoundingClientRect()
        if (!size) return from
        zoom(scale / from.scale, (origin[0] - size.left) / size.width, (origin[1] - size.top) / size.height)
        pan((from.origin[0] - origin[0]) / size.width, (from.origin[1] - origin[1]) / size.height)
        return { scale, origin } satisfies Pinch
      },
      onWheel: ({ event, delta: [, dy], ctrlKey, metaKey }) => {
        const size = box.current?.getBoundingClientRect()
        if (!size || (!ctrlKey && !metaKey)) return
        event.preventDefault()
        zoom(Math.exp(-dy / 200), (event.clientX - size.left) / size.width, (event.clientY - size.top) / size.height)
      },
    },
    {
      target: box,
      // The page must not zoom as well.
      eventOptions: { passive: false },
      drag: { enabled: look.scale > 1, pointer: { keys: false } },
      pinch: { from: () => [look.scale, 0], scaleBounds: { min: 1, max: CLOSEST }, pinchOnWheel: false },
    },
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const [dx, dy] = PANS[event.key] ?? [0, 0]
    const factor = ZOOMS[event.key]
    if (event.ctrlKey || event.metaKey || (factor === undefined && (look.scale === 1 || (dx === 0 && dy === 0)))) return
    event.preventDefault()
    if (factor === undefined) pan(dx, dy)
    else zoom(factor)
  }

  return {
    box,
    look,
    closer: () => zoom(STEP),
    farther: () => zoom(1 / STEP),
    whole: () => setLook(WHOLE),
    handlers: {
      onKeyDown,
      onDoubleClick: () => (look.scale === 1 ? zoom(4) : setLook(WHOLE)),
    },
  }
}
