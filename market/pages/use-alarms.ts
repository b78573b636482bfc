'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { usd } from '../../components/words/count.ts'
import { usd as inUsd } from '../../jobs/btc/units.ts'
import { type AlarmState, listen, type Ring, silent } from '../desk/alarms.ts'
import type { Point } from '../desk/prices.ts'
import { ring as sound } from './bell.ts'
import type { Settings } from './settings.ts'

const KEY = 'poolparty.desk.alarms'
const KEPT = 50

/** Alarms over the prices that come while the page is open, and what rang before. */
export function useAlarms({ upper, lower, sound: loud }: Settings) {
  const [history, setHistory] = useState<readonly Ring[]>([])
  const state = useRef<AlarmState | null>(null)
  const levels = useRef({ upper, lower, loud })
  levels.current = { upper, lower, loud }

  useEffect(() => setHistory(readHistory()), [])
  // A level that was moved is one that no price was compared with yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: moved levels are what begins anew
  useEffect(() => {
    state.current = null
  }, [upper, lower])

  const heard = useCallback((points: readonly Point[]) => {
    const rung: Ring[] = []
    for (const [at, units] of points) {
      const { state: next, rings } = listen(state.current ?? silent, levels.current, at, inUsd(units))
      // Beyond a level when it was set: it rings when the price comes back there.
      if (state.current !== null) rung.push(...rings)
      state.current = next
    }
    if (rung.length === 0) return
    if (levels.current.loud) sound(rung[rung.length - 1]!.which)
    for (const one of rung.slice(-1)) notify(one)
    setHistory((before) => {
      const all = [...rung.toReversed(), ...before].slice(0, KEPT)
      localStorage.setItem(KEY, JSON.stringify(all))
      return all
    })
  }, [])

  const forget = useCallback(() => {
    localStorage.removeItem(KEY)
    setHistory([])
  }, [])
  return { history, heard, forget }
}

export function ringWords({ which, level, price }: Ring): string {
  return `${which === 'upper' ? 'Upper' : 'Lower'} alarm: ${usd(price)} ${which === 'upper' ? 'reached' : 'fell to'} ${usd(level)}`
}

function readHistory(): readonly Ring[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as Ring[]) : []
  } catch {
    return []
  }
}

/** Only where the browser offers it and the viewer said yes. */
function notify(ring: Ring): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  try {
    new Notification(ringWords(ring), { tag: `poolparty-${ring.which}` })
  } catch {
    // Phones offer notifications to service workers alone; the page still rings and keeps its history.
  }
}
