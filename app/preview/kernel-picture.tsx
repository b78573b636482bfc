'use client'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { AnyKindView } from '../../components/kind-view.ts'
import type { AnyKind } from '../../jobs/define.ts'
import type { Size } from '../picture/live-picture.tsx'
import { views } from '../views.ts'
import type { PaintNews, PaintOrder } from './preview.worker.ts'

/** Few enough to be there at once, enough to see where one is. */
const COARSE_PIXELS = 5_000

interface Source {
  readonly kind: AnyKind
  readonly small: AnyKindView['small'] | undefined
  readonly painter: Painter
}
const Preview = createContext<Source | null>(null)

/** Gives the pictures inside one kind, and a worker of their own so that they follow the hand. */
export function PreviewOf({ kind, children }: { readonly kind: AnyKind; readonly children: ReactNode }) {
  const preview = useMemo(() => ({ kind, small: views[kind.id]?.small, painter: createPainter() }), [kind])
  return <Preview value={preview}>{children}</Preview>
}

interface PictureProps {
  readonly params: unknown
  readonly label: string
  readonly className?: string
}

/** What a kind's editor draws its params with. */
export function KindPicture({ params, label, className = '' }: PictureProps) {
  const preview = useContext(Preview)
  if (!preview?.kind.picture) return null
  const { kind, small, painter } = preview
  const coarse = small?.(params, COARSE_PIXELS)
  return (
    <KernelPicture
      kind={kind}
      params={params}
      {...(coarse === undefined ? {} : { coarse })}
      label={label}
      painter={painter}
      className={className}
    />
  )
}

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
}: PictureProps & {
  readonly kind: AnyKind
  /** The same with fewer pixels still, shown until the rest is there. */
  readonly coarse?: unknown
  readonly painter: Painter
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

// One worker that paints one picture after the other, the newest wish of each asker first come.

interface Wish {
  readonly order: PaintOrder
  readonly onPiece: (piece: Extract<PaintNews, { type: 'piece' }>) => unknown
  readonly onEnd: (trouble: string | null) => unknown
}

interface Painter {
  /** Paints when its turn comes; returns the way to give that up, even in the middle. */
  paint(wish: Wish): () => void
}

function createPainter(): Painter {
  let worker: Worker | undefined
  let current: Wish | undefined
  const waiting: Wish[] = []

  function next() {
    if (current) return
    current = waiting.shift()
    if (!current) return
    worker ??= start()
    worker.postMessage(current.order)
  }
  function start(): Worker {
    const fresh = new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' })
    fresh.onmessage = ({ data }: MessageEvent<PaintNews>) => {
      if (fresh !== worker) return
      if (data.type === 'piece') current?.onPiece(data)
      else end(data.type === 'failed' ? data.message : null)
    }
    fresh.onerror = (event) => {
      event.preventDefault()
      if (fresh === worker) end('This browser could not start the preview.')
    }
    return fresh
  }
  function end(trouble: string | null) {
    const ended = current
    current = undefined
    ended?.onEnd(trouble)
    next()
  }

  return {
    paint(wish) {
      waiting.push(wish)
      next()
      return () => {
        const place = waiting.indexOf(wish)
        if (place >= 0) waiting.splice(place, 1)
        if (wish !== current) return
        // A kernel cannot be interrupted, its worker can.
        worker?.terminate()
        worker = undefined
        current = undefined
        next()
      }
    },
  }
}
