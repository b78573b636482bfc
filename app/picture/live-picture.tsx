'use client'
import { type CSSProperties, useCallback, useRef, useState } from 'react'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { hueStyle } from '../people/light.tsx'
import { type Size, usePicture } from './use-picture.ts'

/** More at once would be a flicker, not a sign. */
const MOST_LANDINGS = 16

interface Landing {
  readonly key: number
  readonly tile: TileMessage
  readonly place: CSSProperties
}

let landings = 0

/** The picture of a job growing: tiles light up in the colour of whoever computed them. */
export function LivePicture({
  job,
  title,
  fit = 'cover',
  signed = 0,
  only,
}: {
  readonly job: JobId
  readonly title: string
  readonly fit?: 'cover' | 'contain'
  /** How many of the latest tiles carry their volunteer's name. */
  readonly signed?: number
  /** Light up the tiles of this device alone, and keep its latest ones framed. */
  readonly only?: DeviceId | undefined
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [landed, setLanded] = useState<readonly Landing[]>([])
  const onLanding = useCallback(
    (tile: TileMessage, size: Size) => {
      if (only !== undefined && tile.device !== only) return
      const landing = { key: ++landings, tile, place: placeOf(tile, size) }
      setLanded((all) => [...all.slice(1 - MOST_LANDINGS), landing])
    },
    [only],
  )
  const state = usePicture(job, canvas, onLanding)
  const ratio = state.type === 'drawn' ? state.width / state.height : 1.6
  return (
    <div className="picture-fit" data-fit={fit}>
      <div className="picture-frame" style={{ '--ratio': ratio } as CSSProperties}>
        <canvas ref={canvas} role="img" aria-label={`${title}, as far as it is computed`} />
        {landed.map(({ key, place }) => (
          <i key={key} className={only === undefined ? 'landing landed' : 'landing landed framed'} style={place} />
        ))}
        {signed > 0
          ? landed.slice(-signed).map(({ key, place, tile }) => (
              <b key={key} className="signature arrived" style={place}>
                <span>{tile.volunteerName || 'Anonymous'}</span>
              </b>
            ))
          : null}
      </div>
    </div>
  )
}

function placeOf(tile: TileMessage, size: Size): CSSProperties {
  return {
    ...hueStyle(tile.volunteer),
    left: `${(tile.x / size.width) * 100}%`,
    top: `${(tile.y / size.height) * 100}%`,
    width: `${(tile.width / size.width) * 100}%`,
    height: `${(tile.height / size.height) * 100}%`,
  }
}
