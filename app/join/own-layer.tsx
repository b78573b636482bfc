'use client'
import { useEffect, useRef } from 'react'
import { previewStep } from '../../protocol/live.ts'
import type { OwnTile } from '../../workers/state.ts'
import type { Size } from '../picture/use-picture.ts'

/** The volunteer's own tiles, drawn where they belong before the pool has accepted them. */
export function OwnLayer({ size, tiles }: { readonly size: Size; readonly tiles: readonly OwnTile[] }) {
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
