'use client'
import { useEffect, useRef, useState } from 'react'
import type { JobView } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import { type PoolNow, previewStep } from '../../protocol/live.ts'
import type { OwnTile, VolunteerState } from '../../workers/state.ts'
import { watch } from '../live/live.tsx'
import type { Size } from '../picture/live-picture.tsx'
import { LivePicture } from '../picture/live-picture.tsx'

/** As many as fit one row on a phone. */
const SHOWN = 6
/** A fast device finishes many pieces a second; a person sees one or two. */
const EVERY_MS = 600

/** The volunteer's latest pieces, painted on their own device the moment they are computed. */
export function OwnTiles({ state }: { readonly state: VolunteerState | null }) {
  const tiles = useAtLeisure(state?.tiles ?? NONE)
  return (
    <ol className="own-tiles" aria-label="Your latest tasks">
      {tiles.map((tile) => (
        <Tile key={tile.key} tile={tile} />
      ))}
      {Array.from({ length: SHOWN - tiles.length }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty places are told apart by nothing else
        <li key={`empty-${place}`} aria-hidden="true" />
      ))}
    </ol>
  )
}

const NONE: readonly OwnTile[] = []

/** The newest tile joins the row, one at a time; the first at once. */
function useAtLeisure(all: readonly OwnTile[]): readonly OwnTile[] {
  const [shown, setShown] = useState(NONE)
  const latest = useRef(all)
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    latest.current = all
    const newest = all.at(-1)
    if (!newest || waiting.current) return
    const take = () => {
      const next = latest.current.at(-1)
      setShown((row) => (!next || row[0]?.key === next.key ? row : [next, ...row].slice(0, SHOWN)))
    }
    take()
    waiting.current = setTimeout(() => {
      waiting.current = undefined
      take()
    }, EVERY_MS)
  }, [all])
  useEffect(() => () => clearTimeout(waiting.current), [])
  return shown
}

function Tile({ tile }: { readonly tile: OwnTile }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const image = new ImageData(tile.rgba, tile.width, tile.height)
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [tile])
  return (
    <li className="arrived">
      <canvas
        ref={canvas}
        width={tile.width}
        height={tile.height}
        role="img"
        aria-label={`Piece ${tile.index + 1} of ${tile.title}`}
      />
    </li>
  )
}

/** The picture this device works on: its own tiles appear the moment they are computed, everyone's when they are accepted. */
export function OwnPicture({ now, state }: { readonly now: PoolNow; readonly state: VolunteerState | null }) {
  const on = state && 'computing' in state ? state.computing[0] : undefined
  const showing = on ? { id: on.job, title: on.title } : now.showing
  // The last picture stays while the device rests.
  const [kept, setKept] = useState<{ readonly id: JobId; readonly title: string } | null>(null)
  const job = showing ?? kept
  if (showing && showing.id !== kept?.id) setKept(showing)
  const drawing = state !== null && state.status !== 'ready'
  return (
    <figure className="lend-picture">
      {job && drawing ? <Picture key={job.id} job={job.id} title={job.title} state={state} /> : null}
      <figcaption className="sr-only">{job ? `Live: ${job.title}` : 'Nothing is computed right now.'}</figcaption>
    </figure>
  )
}

function Picture({
  job,
  title,
  state,
}: {
  readonly job: JobId
  readonly title: string
  readonly state: VolunteerState
}) {
  const size = usePictureSize(job)
  return (
    <LivePicture job={job} title={title} fit="contain" size={size} only={state.identity?.device}>
      {size ? <OwnLayer size={size} tiles={state.tiles.filter((tile) => tile.job === job)} /> : null}
    </LivePicture>
  )
}

/** What a kind says of its picture's size. The list of kinds is fetched only now: Start does not wait for it. */
function usePictureSize(id: JobId): Size | undefined {
  const [size, setSize] = useState<Size>()
  useEffect(() => {
    let over = false
    const learn = async ({ kind, params }: JobView) => {
      const { kinds } = await import('../../jobs/index.ts')
      const picture = kinds.find((one) => one.id === kind)?.picture
      if (picture && !over) setSize((known) => known ?? picture.size(params))
    }
    const unwatch = watch([`job:${id}`], { job: (job) => void (job.id === id && learn(job)) })
    return () => {
      over = true
      unwatch()
    }
  }, [id])
  return size
}

/** The volunteer's own tiles, drawn where they belong before the pool has accepted them. */
function OwnLayer({ size, tiles }: { readonly size: Size; readonly tiles: readonly OwnTile[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = useRef(-1)
  const step = previewStep(size)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    for (const tile of tiles) {
      if (!context || tile.key <= drawn.current) continue
      drawn.current = tile.key
      const piece = new OffscreenCanvas(tile.width, tile.height)
      piece.getContext('2d')?.putImageData(new ImageData(tile.rgba, tile.width, tile.height), 0, 0)
      const scale = tile.step / step
      context.drawImage(piece, tile.x * scale, tile.y * scale, tile.width * scale, tile.height * scale)
    }
  }, [tiles, step])
  return <canvas ref={canvas} width={Math.ceil(size.width / step)} height={Math.ceil(size.height / step)} />
}
