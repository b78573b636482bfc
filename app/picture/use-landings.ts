'use client'
import { type CSSProperties, useCallback, useEffect, useRef, useState } from 'react'
import type { TileMessage } from '../../protocol/live.ts'
import { hueStyle } from '../people/person.tsx'
import type { Size } from './use-picture.ts'

// Which tiles to light up and whose names to show: few enough to be seen, however many land.

/** More at once would be a flicker, not a sign. */
const MOST_LANDINGS = 16
/** Long enough to read a name. */
const SIGN_EVERY_MS = 1_500

export interface Landing {
  readonly key: number
  readonly tile: TileMessage
  readonly place: CSSProperties
  /** Where there is room for a name. */
  readonly side: 'left' | 'right'
}

let keys = 0

/** @param signatures how many people's names to show, each at their latest tile */
export function useLandings(signatures: number, wanted: (tile: TileMessage) => boolean) {
  const [landed, setLanded] = useState<readonly Landing[]>([])
  const [signed, setSigned] = useState<readonly Landing[]>([])
  const fresh = useRef<Landing[]>([])
  const byPerson = useRef(new Map<string, Landing>())
  const frame = useRef(0)

  const onLanding = useCallback(
    (tile: TileMessage, size: Size) => {
      if (!wanted(tile)) return
      const side = tile.x + tile.width / 2 > 0.7 * size.width ? ('right' as const) : ('left' as const)
      const landing = { key: ++keys, tile, side, place: placeOf(tile, size) }
      fresh.current.push(landing)
      byPerson.current.delete(tile.volunteer)
      byPerson.current.set(tile.volunteer, landing)
      // One drawing for all that landed since the last frame.
      frame.current ||= requestAnimationFrame(() => {
        frame.current = 0
        const news = fresh.current.splice(0)
        setLanded((all) => [...all, ...news].slice(-MOST_LANDINGS))
      })
    },
    [wanted],
  )

  useEffect(() => {
    if (signatures === 0) return setSigned([])
    const timer = setInterval(() => {
      const latest = [...byPerson.current.values()].slice(-signatures)
      setSigned((was) => (sameKeys(was, latest) ? was : latest))
    }, SIGN_EVERY_MS)
    return () => clearInterval(timer)
  }, [signatures])

  return { landed, signed, onLanding }
}

const sameKeys = (a: readonly Landing[], b: readonly Landing[]): boolean =>
  a.length === b.length && a.every(({ key }, place) => key === b[place]?.key)

function placeOf(tile: TileMessage, size: Size): CSSProperties {
  return {
    ...hueStyle(tile.volunteer),
    left: `${(tile.x / size.width) * 100}%`,
    top: `${(tile.y / size.height) * 100}%`,
    width: `${(tile.width / size.width) * 100}%`,
    height: `${(tile.height / size.height) * 100}%`,
  }
}
