'use client'
import { useEffect, useRef, useState } from 'react'
import type { OwnTile, VolunteerState } from '../../workers/state.ts'

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
