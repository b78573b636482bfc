'use client'
import { type RefObject, useEffect, useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { watch } from '../live/socket.ts'

// A job's picture on a canvas: what has landed so far, then every tile as it lands.

/** Index of a tile that is the whole picture: sent when watching begins and after more than could be sent one by one. */
const WHOLE = -1

export interface Size {
  readonly width: number
  readonly height: number
}

export type PictureState =
  | { readonly type: 'waiting' }
  | { readonly type: 'none' }
  | ({ readonly type: 'drawn' } & Size)

const previewUrl = (job: JobId): string => `/api/v1/jobs/${job}/preview`

async function fetchPreview(job: JobId): Promise<ImageBitmap | null> {
  const answer = await fetch(previewUrl(job), { cache: 'no-store' })
  if (answer.status !== 200) return null
  return createImageBitmap(await answer.blob())
}

export function usePicture(
  job: JobId,
  canvas: RefObject<HTMLCanvasElement | null>,
  onLanding?: (tile: TileMessage, size: Size) => void,
): PictureState {
  const [state, setState] = useState<PictureState>({ type: 'waiting' })

  useEffect(() => {
    let over = false
    // Tiles that land while the preview is on its way are drawn after it.
    let early: TileMessage[] | null = []

    const resized = (width: number, height: number) => {
      const surface = canvas.current
      if (over || !surface) return null
      // Setting a size wipes the canvas, so only a new one is set.
      if (surface.width !== width) surface.width = width
      if (surface.height !== height) surface.height = height
      setState((was) =>
        was.type === 'drawn' && was.width === width && was.height === height ? was : { type: 'drawn', width, height },
      )
      return surface.getContext('2d')
    }
    const paint = async (tile: TileMessage) => {
      const bitmap = await createImageBitmap(new Blob([tile.png as Uint8Array<ArrayBuffer>], { type: 'image/png' }))
      const whole = tile.index === WHOLE
      const context = whole ? resized(bitmap.width, bitmap.height) : over ? null : canvas.current?.getContext('2d')
      context?.clearRect(tile.x, tile.y, tile.width, tile.height)
      context?.drawImage(bitmap, tile.x, tile.y)
      bitmap.close()
      if (context && !whole) onLanding?.(tile, context.canvas)
    }
    const load = async () => {
      const bitmap = await fetchPreview(job).catch(() => null)
      if (bitmap) resized(bitmap.width, bitmap.height)?.drawImage(bitmap, 0, 0)
      else if (!over) setState((was) => (was.type === 'drawn' ? was : { type: 'none' }))
      bitmap?.close()
      const waiting = early ?? []
      early = null
      for (const tile of waiting) await paint(tile)
    }

    const unwatch = watch([`job:${job}`], {
      tile: (tile) => {
        if (tile.job !== job) return
        if (early) early.push(tile)
        else paint(tile).catch(() => undefined)
      },
    })
    load().catch(() => undefined)
    return () => {
      over = true
      unwatch()
    }
  }, [job, canvas, onLanding])

  return state
}
