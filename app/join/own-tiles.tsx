'use client'
import { useEffect, useRef } from 'react'
import type { OwnTile, VolunteerState } from '../../workers/state.ts'

/** As many as fit one row on a phone. */
const SHOWN = 6

/** The volunteer's latest pieces, painted on their own device the moment they are computed. */
export function OwnTiles({ state }: { readonly state: VolunteerState | null }) {
  const tiles = state?.tiles.slice(-SHOWN).reverse() ?? []
  return (
    <ol className="own-tiles" aria-label="Your latest pieces">
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
