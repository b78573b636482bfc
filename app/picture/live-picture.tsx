'use client'
import { type CSSProperties, type ReactNode, useCallback, useRef } from 'react'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { useLandings } from './use-landings.ts'
import { type Size, usePicture } from './use-picture.ts'

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
