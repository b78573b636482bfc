'use client'
import { type RefObject, useEffect, useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { TileMessage } from '../../protocol/live.ts'
import { getConnection, onConnection, watch } from '../live/socket.ts'

// A job's picture on a canvas: what has landed so far, then every tile as it lands.

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

    const paint = async (tile: TileMessage) => {
      const bitmap = await createImageBitmap(new Blob([tile.png as Uint8Array<ArrayBuffer>], { type: 'image/png' }))
      const surface = canvas.current
      if (over || !surface) return bitmap.close()
      const context = surface.getContext('2d')
      context?.clearRect(tile.x, tile.y, tile.width, tile.height)
      context?.drawImage(bitmap, tile.x, tile.y)
      bitmap.close()
      onLanding?.(tile, surface)
    }
    const load = async () => {
      early ??= []
      const bitmap = await fetchPreview(job).catch(() => undefined)
      if (over || bitmap === undefined) return bitmap?.close()
      const surface = canvas.current
      if (bitmap === null || !surface) return setState({ type: 'none' })
      if (surface.width !== bitmap.width || surface.height !== bitmap.height) {
        surface.width = bitmap.width
        surface.height = bitmap.height
      }
      surface.getContext('2d')?.drawImage(bitmap, 0, 0)
      setState({ type: 'drawn', width: bitmap.width, height: bitmap.height })
      bitmap.close()
      const waiting = early
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
    // What landed while the connection was lost is in the preview.
    let was = getConnection().connected
    const unlook = onConnection(() => {
      const is = getConnection().connected
      if (is && !was) load()
      was = is
    })
    load()
    return () => {
      over = true
      unwatch()
      unlook()
    }
  }, [job, canvas, onLanding])

  return state
}
