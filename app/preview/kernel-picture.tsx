'use client'
import { useEffect, useRef, useState } from 'react'
import type { AnyKind } from '../../jobs/define.ts'
import { kernelUrl } from './kernels.ts'
import { createPainter, type Painter } from './painter.ts'

let shared: Painter | undefined
/** Thumbnails take turns on one worker; a hand moving a picture has one for itself. */
export const sharedPainter = (): Painter => {
  shared ??= createPainter()
  return shared
}

/** A picture computed in this browser by the kind's own kernel. `params` are valid and small. */
export function KernelPicture({
  kind,
  params,
  label,
  painter,
  className = '',
}: {
  readonly kind: AnyKind
  readonly params: unknown
  readonly label: string
  readonly painter: Painter
  readonly className?: string
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const text = JSON.stringify(params)

  useEffect(() => {
    let over = false
    let giveUp: (() => void) | undefined
    const wanted = JSON.parse(text) as unknown
    const size = kind.picture!.size(wanted)
    kernelUrl(kind.id)
      .then((url) => {
        if (over) return
        giveUp = painter.paint({
          order: {
            kernelUrl: new URL(url, location.href).href,
            params: wanted,
            taskCount: kind.split(wanted, undefined),
          },
          onPiece({ region, rgba }) {
            const surface = canvas.current
            if (over || !surface) return
            // The old picture stays until the first piece of the new one is there.
            if (surface.width !== size.width || surface.height !== size.height) {
              surface.width = size.width
              surface.height = size.height
            }
            surface.getContext('2d')?.putImageData(new ImageData(rgba, region.width, region.height), region.x, region.y)
          },
          onEnd: (words) => !over && setTrouble(words),
        })
      })
      .catch((error: unknown) => !over && setTrouble(error instanceof Error ? error.message : String(error)))
    return () => {
      over = true
      giveUp?.()
    }
  }, [kind, text, painter])

  return (
    <>
      <canvas ref={canvas} width={1} height={1} role="img" aria-label={label} className={className} />
      {trouble ? (
        <p className="absolute inset-x-0 bottom-0 bg-shallow p-2 text-small text-bad">No preview: {trouble}</p>
      ) : null}
    </>
  )
}
