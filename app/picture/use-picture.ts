'use client'
import { type RefObject, useEffect, useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { watch } from '../live/socket.ts'

// A job's picture on a canvas: what has landed so far comes as one tile when watching begins, then every tile as it lands.

/** Index of a tile that is the whole picture: sent first, and after more than could be sent one by one. */
const WHOLE = -1

export interface Size {
  readonly width: number
  readonly height: number
}

/** Draws the job's picture; answers its size in canvas pixels once it is known. */
export function usePicture(
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
