'use client'
import { useEffect, useRef, useState } from 'react'
import type { AnyKind } from '../../jobs/define.ts'
import { createPainter, type Painter } from './painter.ts'
import type { PaintNews } from './preview.worker.ts'

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

type Piece = Extract<PaintNews, { type: 'piece' }>

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Puts a piece of a picture of `from` pixels onto a canvas of `to` pixels. The canvas changes its size with the first piece
 * of a new picture, so that the old one stays until then.
 */
function put(canvas: HTMLCanvasElement, { region, rgba }: Piece, from: Size, to: Size): void {
  const context = canvas.getContext('2d')
  if (!context || region.width === 0 || region.height === 0) return
  if (canvas.width !== to.width) canvas.width = to.width
  if (canvas.height !== to.height) canvas.height = to.height
  const image = new ImageData(rgba, region.width, region.height)
  if (from.width === to.width && from.height === to.height) {
    context.putImageData(image, region.x, region.y)
    return
  }
  const [across, down] = [to.width / from.width, to.height / from.height]
  const small = new OffscreenCanvas(region.width, region.height)
  small.getContext('2d')?.putImageData(image, 0, 0)
  context.drawImage(small, region.x * across, region.y * down, region.width * across, region.height * down)
}

type Manifest = Readonly<Record<string, { readonly file: string }>>

let manifest: Promise<Manifest> | undefined

/** Address of a kind's kernel, as the build published it. */
async function kernelUrl(kind: string): Promise<string> {
  manifest ??= fetch('/kernels/manifest.json').then((answer) => {
    if (!answer.ok) throw new Error(`The list of kernels could not be fetched (${answer.status}).`)
    return answer.json() as Promise<Manifest>
  })
  manifest.catch(() => {
    manifest = undefined
  })
  const file = (await manifest)[kind]?.file
  if (!file) throw new Error(`There is no kernel for ${kind}.`)
  return `/kernels/${file}`
}
