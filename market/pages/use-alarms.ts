'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { usd } from '../../components/words/count.ts'
import { usd as inUsd } from '../../jobs/btc/series.ts'
import type { Point } from '../desk/prices.ts'
import type { Settings } from './settings.tsx'

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
    if (levels.current.loud) ring(rung[rung.length - 1]!.which)
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

let audio: AudioContext | undefined

/** Browsers play sound only after a touch or a key: called from the switch. */
export function armBell(): void {
  audio ??= new AudioContext()
  void audio.resume()
}

/** Two soft tones, rising or falling. */
export function ring(which: 'upper' | 'lower'): void {
  if (!audio) return
  const tones = which === 'upper' ? [523, 784] : [523, 349]
  for (const [i, frequency] of tones.entries()) {
    const start = audio.currentTime + i * 0.22
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(0.2, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.4)
    tone.connect(volume).connect(audio.destination)
    tone.start(start)
    tone.stop(start + 0.42)
  }
}

export interface Alarms {
  readonly upper: number | null
  readonly lower: number | null
}

export interface AlarmState {
  /** On which side of each alarm the last price was: an alarm rings when it is crossed, once. */
  readonly above: boolean
  readonly below: boolean
}

export interface Ring {
  readonly which: 'upper' | 'lower'
  readonly level: number
  readonly price: number
  readonly at: number
}

export const silent: AlarmState = { above: false, below: false }

/** One price against the alarms. It rings when a price reaches a level, and again only after it came back from there. */
export function listen(
  state: AlarmState,
  { upper, lower }: Alarms,
  at: number,
  price: number,
): { readonly state: AlarmState; readonly rings: readonly Ring[] } {
  const above = upper !== null && price >= upper
  const below = lower !== null && price <= lower
  const rings: Ring[] = []
  if (above && !state.above) rings.push({ which: 'upper', level: upper, price, at })
  if (below && !state.below) rings.push({ which: 'lower', level: lower, price, at })
  return { state: { above, below }, rings }
}
