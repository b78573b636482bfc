'use client'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'

// Looking closer at a picture: pinch, drag, Ctrl and the wheel, + − 0 and the arrow keys. A plain wheel scrolls the page.

const CLOSEST = 64
const STEP = 1.5
/** By key: how far it moves, in parts of the box, and how much closer it goes. */
const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.12, 0],
  ArrowRight: [0.12, 0],
  ArrowUp: [0, -0.12],
  ArrowDown: [0, 0.12],
}
const ZOOMS: Readonly<Record<string, number>> = { '+': STEP, '=': STEP, '-': 1 / STEP, '0': 1 / CLOSEST }

export interface Look {
  readonly scale: number
  /** Point of the picture in the middle of the box, 0…1. */
  readonly x: number
  readonly y: number
}

const WHOLE: Look = { scale: 1, x: 0.5, y: 0.5 }

function within(look: Look): Look {
  const scale = Math.min(CLOSEST, Math.max(1, look.scale))
  const margin = 0.5 / scale
  const hold = (value: number) => Math.min(1 - margin, Math.max(margin, value))
  return { scale, x: hold(look.x), y: hold(look.y) }
}

export function useZoom() {
  const box = useRef<HTMLDivElement>(null)
  const [look, setLook] = useState<Look>(WHOLE)
  const fingers = useRef(new Map<number, { x: number; y: number }>())

  /** Zooms so that the point of the box under (x, y), 0…1, stays where it is. */
  const zoom = (factor: number, x = 0.5, y = 0.5) =>
    setLook((from) => {
      const scale = Math.min(CLOSEST, Math.max(1, from.scale * factor))
      const shift = 1 / from.scale - 1 / scale
      return within({ scale, x: from.x + (x - 0.5) * shift, y: from.y + (y - 0.5) * shift })
    })
  const pan = (dx: number, dy: number) =>
    setLook((from) => within({ ...from, x: from.x + dx / from.scale, y: from.y + dy / from.scale }))

  // React listens to wheels passively; this one must keep the page from zooming as well.
  useEffect(() => {
    const element = box.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const { left, top, width, height } = element.getBoundingClientRect()
      zoom(Math.exp(-event.deltaY / 200), (event.clientX - left) / width, (event.clientY - top) / height)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  })

  const onPointerDown = (event: PointerEvent) => {
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (look.scale > 1 || fingers.current.size > 1) event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent) => {
    const was = fingers.current.get(event.pointerId)
    const element = box.current
    if (!was || !element) return
    const { left, top, width, height } = element.getBoundingClientRect()
    const is = { x: event.clientX, y: event.clientY }
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    if (other) {
      const factor =
        Math.hypot(is.x - other.x, is.y - other.y) / Math.max(1, Math.hypot(was.x - other.x, was.y - other.y))
      zoom(factor, ((is.x + other.x) / 2 - left) / width, ((is.y + other.y) / 2 - top) / height)
    }
    const part = other ? 0.5 : 1
    pan((part * (was.x - is.x)) / width, (part * (was.y - is.y)) / height)
    fingers.current.set(event.pointerId, is)
  }
  const onPointerEnd = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const [dx, dy] = PANS[event.key] ?? [0, 0]
    const factor = ZOOMS[event.key]
    if (event.ctrlKey || event.metaKey || (factor === undefined && (look.scale === 1 || (dx === 0 && dy === 0)))) return
    event.preventDefault()
    if (factor === undefined) pan(dx, dy)
    else zoom(factor)
  }

  return {
    box,
    look,
    closer: () => zoom(STEP),
    farther: () => zoom(1 / STEP),
    whole: () => setLook(WHOLE),
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp: onPointerEnd,
      onPointerCancel: onPointerEnd,
      onKeyDown,
      onDoubleClick: () => (look.scale === 1 ? zoom(4) : setLook(WHOLE)),
    },
  }
}
