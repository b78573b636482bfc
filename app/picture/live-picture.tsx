'use client'
import { type CSSProperties, type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { watch } from '../live/live.tsx'
import { hueStyle } from '../people/people.tsx'

/** Until a picture's size is known. */
const USUAL: Size = { width: 16, height: 10 }

/** The picture of a job growing: tiles light up in the colour of whoever computed them. */
export function LivePicture({
  job,
  title,
  fit = 'cover',
  size = USUAL,
  signed: signatures = 0,
  only,
  children,
}: {
  readonly job: JobId
  readonly title: string
  readonly fit?: 'cover' | 'contain'
  /** Full or preview size, where it is known beforehand: then nothing moves when the picture comes. */
  readonly size?: Size | undefined
  /** How many people's latest tiles carry their name. */
  readonly signed?: number
  /** Light up the tiles of this device alone, and keep its latest ones framed. */
  readonly only?: DeviceId | undefined
  /** Lies on the picture. */
  readonly children?: ReactNode
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const wanted = useCallback((tile: TileMessage) => only === undefined || tile.device === only, [only])
  const { landed, signed, onLanding } = useLandings(signatures, wanted)
  const { width, height } = usePicture(job, canvas, onLanding) ?? size
  return (
    <div className="picture-fit" data-fit={fit}>
      <div className="picture-frame" style={{ '--ratio': width / height } as CSSProperties}>
        <canvas ref={canvas} role="img" aria-label={`${title}, as far as it is computed`} />
        {children}
        {landed.map(({ key, place }) => (
          <i key={key} className={only === undefined ? 'landing landed' : 'landing landed framed'} style={place} />
        ))}
        {signed.map(({ key, place, side, tile }) => (
          <b key={key} className="signature arrived" data-side={side} style={place}>
            <span dir="auto">{tile.volunteerName || 'Anonymous'}</span>
          </b>
        ))}
      </div>
    </div>
  )
}

// A job's picture on a canvas: what has landed so far comes as one tile when watching begins, then every tile as it lands.

/** Index of a tile that is the whole picture: sent first, and after more than could be sent one by one. */
const WHOLE = -1

export interface Size {
  readonly width: number
  readonly height: number
}

/** Draws the job's picture; answers its size in canvas pixels once it is known. */
function usePicture(
  job: JobId,
  canvas: RefObject<HTMLCanvasElement | null>,
  onLanding: (tile: TileMessage, size: Size) => void,
): Size | null {
  const [size, setSize] = useState<Size | null>(null)

  useEffect(() => {
    let over = false

    const paint = async (tile: TileMessage) => {
      const bitmap = await createImageBitmap(new Blob([tile.png as Uint8Array<ArrayBuffer>], { type: 'image/png' }))
      const surface = over ? null : canvas.current
      if (surface && tile.index === WHOLE) resize(surface, bitmap)
      const context = surface?.getContext('2d')
      context?.clearRect(tile.x, tile.y, tile.width, tile.height)
      context?.drawImage(bitmap, tile.x, tile.y)
      bitmap.close()
      if (surface && tile.index !== WHOLE) onLanding(tile, surface)
    }
    /** Setting a size wipes the canvas, so only a new one is set. */
    const resize = (surface: HTMLCanvasElement, { width, height }: Size) => {
      if (surface.width !== width) surface.width = width
      if (surface.height !== height) surface.height = height
      setSize((was) => (was?.width === width && was.height === height ? was : { width, height }))
    }
    // In order: a whole picture must not be drawn over newer tiles because it took longer to decode.
    let painted: Promise<unknown> = Promise.resolve()
    const unwatch = watch([`job:${job}`], {
      tile: (tile) => {
        if (tile.job === job) painted = painted.then(() => paint(tile)).catch(() => undefined)
      },
    })
    return () => {
      over = true
      unwatch()
    }
  }, [job, canvas, onLanding])

  return size
}

// Which tiles to light up and whose names to show: few enough to be seen, however many land.

/** More at once would be a flicker, not a sign. */
const MOST_LANDINGS = 16
/** Long enough to read a name. */
const SIGN_EVERY_MS = 1_500

interface Landing {
  readonly key: number
  readonly tile: TileMessage
  readonly place: CSSProperties
  /** Where there is room for a name. */
  readonly side: 'left' | 'right'
}

let keys = 0

/** @param signatures how many people's names to show, each at their latest tile */
function useLandings(signatures: number, wanted: (tile: TileMessage) => boolean) {
  const [landed, setLanded] = useState<readonly Landing[]>([])
  const [signed, setSigned] = useState<readonly Landing[]>([])
  const fresh = useRef<Landing[]>([])
  const byPerson = useRef(new Map<string, Landing>())
  const frame = useRef(0)

  const onLanding = useCallback(
    (tile: TileMessage, size: Size) => {
      if (!wanted(tile)) return
      const side = tile.x + tile.width / 2 > 0.7 * size.width ? ('right' as const) : ('left' as const)
      const landing = { key: ++keys, tile, side, place: placeOf(tile, size) }
      fresh.current.push(landing)
      byPerson.current.delete(tile.volunteer)
      byPerson.current.set(tile.volunteer, landing)
      // One drawing for all that landed since the last frame.
      frame.current ||= requestAnimationFrame(() => {
        frame.current = 0
        const news = fresh.current.splice(0)
        setLanded((all) => [...all, ...news].slice(-MOST_LANDINGS))
      })
    },
    [wanted],
  )

  useEffect(() => {
    if (signatures === 0) return setSigned([])
    const timer = setInterval(() => {
      const latest = [...byPerson.current.values()].slice(-signatures)
      setSigned((was) => (sameKeys(was, latest) ? was : latest))
    }, SIGN_EVERY_MS)
    return () => clearInterval(timer)
  }, [signatures])

  return { landed, signed, onLanding }
}

const sameKeys = (a: readonly Landing[], b: readonly Landing[]): boolean =>
  a.length === b.length && a.every(({ key }, place) => key === b[place]?.key)

function placeOf(tile: TileMessage, size: Size): CSSProperties {
  return {
    ...hueStyle(tile.volunteer),
    left: `${(tile.x / size.width) * 100}%`,
    top: `${(tile.y / size.height) * 100}%`,
    width: `${(tile.width / size.width) * 100}%`,
    height: `${(tile.height / size.height) * 100}%`,
  }
}
