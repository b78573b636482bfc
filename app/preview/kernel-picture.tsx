'use client'
import { useEffect, useRef, useState } from 'react'
import type { AnyKind } from '../../jobs/define.ts'
import { kernelUrl } from './kernels.ts'
import { createPainter, type Painter } from './painter.ts'
import { put } from './surface.ts'

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
  coarse,
  label,
  painter,
  className = '',
}: {
  readonly kind: AnyKind
  readonly params: unknown
  /** The same with fewer pixels still, shown until the rest is there. */
  readonly coarse?: unknown
  readonly label: string
  readonly painter: Painter
  readonly className?: string
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const wishes = JSON.stringify(coarse === undefined ? [params] : [coarse, params])

  useEffect(() => {
    let over = false
    const giveUp: (() => void)[] = []
    const steps = JSON.parse(wishes) as unknown[]
    const size = kind.picture!.size(steps.at(-1))
    kernelUrl(kind.id)
      .then((url) => {
        if (over) return
        for (const step of steps) {
          const from = kind.picture!.size(step)
          const cancel = painter.paint({
            order: {
              kernelUrl: new URL(url, location.href).href,
              params: step,
              taskCount: kind.split(step, undefined),
            },
            onPiece: (piece) => !over && canvas.current && put(canvas.current, piece, from, size),
            onEnd: (words) => !over && setTrouble(words),
          })
          giveUp.push(cancel)
        }
      })
      .catch((error: unknown) => !over && setTrouble(error instanceof Error ? error.message : String(error)))
    return () => {
      over = true
      for (const cancel of giveUp) cancel()
    }
  }, [kind, wishes, painter])

  return (
    <>
      <canvas ref={canvas} width={1} height={1} role="img" aria-label={label} className={className} />
      {trouble ? (
        <p className="absolute inset-x-0 bottom-0 bg-shallow p-2 text-small text-bad">No preview: {trouble}</p>
      ) : null}
    </>
  )
}
