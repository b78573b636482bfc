'use client'
import { useDrag } from '@use-gesture/react'
import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'

/** Where the person went: the middle of the new view as a part of the old one, 0…1, and how much wider it is. */
interface Move {
  readonly x: number
  readonly y: number
  /** Below 1: closer. */
  readonly wider: number
}

interface Spot {
  readonly x: number
  readonly y: number
}

/** A drag shorter than this, of the picture's width, is a click. */
const CLICK = 0.02
const CLOSER = 0.4
const AWAY = 2.5

const KEYS: Readonly<Record<string, Move>> = {
  '+': { x: 0.5, y: 0.5, wider: CLOSER },
  '=': { x: 0.5, y: 0.5, wider: CLOSER },
  '-': { x: 0.5, y: 0.5, wider: AWAY },
  ArrowLeft: { x: 0.35, y: 0.5, wider: 1 },
  ArrowRight: { x: 0.65, y: 0.5, wider: 1 },
  ArrowUp: { x: 0.5, y: 0.35, wider: 1 },
  ArrowDown: { x: 0.5, y: 0.65, wider: 1 },
}

/** Click to go closer, drag a frame to choose a region; buttons and keys do the same. */
export function Explore({
  ratio,
  onMove,
  children,
}: {
  readonly ratio: number
  readonly onMove: (move: Move) => void
  readonly children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ readonly from: Spot; readonly to: Spot } | null>(null)
  const spot = ([x, y]: readonly [number, number]): Spot => {
    const { left, top, width, height } = box.current!.getBoundingClientRect()
    return { x: (x - left) / width, y: (y - top) / height }
  }
  const frame = drag ? frameOf(drag.from, drag.to) : null
  const bind = useDrag(
    ({ initial, xy, last, event }) => {
      const [from, to] = [spot(initial), spot(xy)]
      setDrag(last ? null : { from, to })
      // The browser took the finger over, to scroll.
      if (!last || event.type === 'pointercancel') return
      const { x, y, size } = frameOf(from, to)
      if (size < CLICK) onMove({ ...from, wider: CLOSER })
      else onMove({ x: x + size / 2, y: y + size / 2, wider: size })
    },
    { pointer: { keys: false } },
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const move = KEYS[event.key]
    if (!move) return
    event.preventDefault()
    onMove(move)
  }
  return (
    <div>
      <div
        ref={box}
        role="application"
        aria-label="Preview. Arrows move, plus and minus zoom."
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is moved with keys must be reachable with them
        tabIndex={0}
        className="explore"
        style={{ '--ratio': ratio } as CSSProperties}
        {...bind()}
        onKeyDown={onKeyDown}
      >
        {children}
        {frame && frame.size >= CLICK ? (
          <i
            className="explore-frame"
            style={{
              left: `${frame.x * 100}%`,
              top: `${frame.y * 100}%`,
              width: `${frame.size * 100}%`,
              height: `${frame.size * 100}%`,
            }}
          />
        ) : null}
      </div>
      <p className="mt-3 flex flex-wrap items-center gap-2">
        <button type="button" className="do small-do" onClick={() => onMove({ x: 0.5, y: 0.5, wider: CLOSER })}>
          Closer
        </button>
        <button type="button" className="do small-do" onClick={() => onMove({ x: 0.5, y: 0.5, wider: AWAY })}>
          Farther
        </button>
        <span className="text-small text-quiet">Click to go closer, or drag a frame.</span>
      </p>
    </div>
  )
}

/** A frame of the picture's own shape between two spots. */
function frameOf(from: Spot, to: Spot): { readonly x: number; readonly y: number; readonly size: number } {
  const size = Math.min(1, Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)))
  return { x: to.x < from.x ? from.x - size : from.x, y: to.y < from.y ? from.y - size : from.y, size }
}
