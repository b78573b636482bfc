import type { PaintNews, PaintOrder } from './preview.worker.ts'

// One worker that paints one picture after the other, the newest wish of each asker first come.

interface Wish {
  readonly order: PaintOrder
  readonly onPiece: (piece: Extract<PaintNews, { type: 'piece' }>) => unknown
  readonly onEnd: (trouble: string | null) => unknown
}

export interface Painter {
  /** Paints when its turn comes; returns the way to give that up, even in the middle. */
  paint(wish: Wish): () => void
}

export function createPainter(): Painter {
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
