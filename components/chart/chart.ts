'use client'
import { type RefObject, useEffect, useRef } from 'react'
import type uPlot from 'uplot'
import { clock, day, type Zone } from '../words/dates.ts'

type Options = Omit<uPlot.Options, 'width' | 'height'>

/**
 * A uPlot chart that fills its box and follows its size and the theme. `options` are read when it is made; `draw` says
 * what is shown, again whenever `revision` changes.
 */
export function useChart(
  make: (colour: (name: string) => string) => Options,
  draw: (chart: uPlot) => void,
  revision: unknown,
): { readonly box: RefObject<HTMLDivElement | null>; readonly chart: RefObject<uPlot | null> } {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const latest = useRef({ make, draw })
  latest.current = { make, draw }

  useEffect(() => {
    const place = box.current
    if (!place) return
    let gone = false
    let renew = () => {}
    const size = () => ({ width: place.clientWidth, height: place.clientHeight })
    const watcher = new ResizeObserver(() => chart.current?.setSize(size()))
    const theme = matchMedia('(prefers-color-scheme: dark)')
    const changed = () => renew()
    // The library comes when a chart is there to be drawn.
    import('uplot').then(({ default: Plot }) => {
      renew = () => {
        if (gone) return
        const style = getComputedStyle(place)
        place.dataset['theme'] = theme.matches ? 'dark' : 'light'
        const options = latest.current.make((name) => style.getPropertyValue(`--${name}`).trim())
        chart.current?.destroy()
        chart.current = new Plot({ ...options, ...size() }, [[]], place)
        latest.current.draw(chart.current)
      }
      renew()
      watcher.observe(place)
      theme.addEventListener('change', changed)
    })
    return () => {
      gone = true
      watcher.disconnect()
      theme.removeEventListener('change', changed)
      chart.current?.destroy()
      chart.current = null
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again whenever there is something new to draw
  useEffect(() => {
    if (chart.current) latest.current.draw(chart.current)
  }, [revision])
  return { box, chart }
}

/** Times across, and what `value` says of values at the right; as quiet as the words around them. */
export function axes(
  colour: (name: string) => string,
  value: (value: number) => string,
  zone?: Zone,
): [uPlot.Axis, uPlot.Axis] {
  const common = {
    stroke: colour('quiet'),
    font: '12px Geist Mono, ui-monospace, monospace',
    grid: { stroke: colour('line'), width: 0.5 },
    ticks: { show: false },
  }
  return [
    { ...common, space: 70, size: 44, grid: { show: false }, values: (_, times) => timeWords(times, zone) },
    { ...common, side: 1, size: 74, values: (_, values) => values.map(value) },
  ]
}

/** What was drawn last, for callbacks that outlive a drawing. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value)
  latest.current = value
  return latest
}

// What stands along axes, of every chart: round values, times, names.

/** A mark along an axis, 0 … 1. `minor` ones go where there is little room. */
export interface Mark {
  readonly at: number
  readonly words: string
  readonly minor?: boolean
}

const STEPS = [1, 2, 2.5, 5, 10]
const ABOUT = 5

/** Round values from `low` to `high`, some five of them; none where there is no room between the two. */
export function roundValues(low: number, high: number): readonly number[] {
  const rough = (high - low) / ABOUT
  if (!Number.isFinite(rough) || rough <= 0) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 2 * ABOUT)) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

export function roundMarks(low: number, high: number, words: (value: number) => string): readonly Mark[] {
  return roundValues(low, high).map((value) => ({ at: (value - low) / (high - low), words: words(value) }))
}

/** One for each of these, in the middle of its share; every second one is minor where there are many. */
export function bandMarks(names: readonly string[]): readonly Mark[] {
  const every = Math.ceil(names.length / 12)
  return names.flatMap((words, i) =>
    i % every === 0 ? [{ at: (i + 0.5) / names.length, words, minor: (i / every) % 2 === 1 && names.length > 6 }] : [],
  )
}

const PARTS = 4

/** Times, evenly, from one to another in milliseconds, as the viewer's zone has them. */
export function timeMarks(from: number, to: number): readonly Mark[] {
  const shares = Array.from({ length: PARTS + 1 }, (_, part) => part / PARTS)
  const words = timeWords(shares.map((share) => (from + (to - from) * share) / 1000))
  return shares.map((at, part) => ({ at, words: words[part] ?? '', minor: part % 2 === 1 }))
}

const DAY_S = 82_800
const MONTH_S = 2_400_000
const YEAR_S = 31_000_000

/** Times (seconds) below an axis: the coarsest words that tell neighbours apart, the larger unit where it begins. */
export function timeWords(times: readonly number[], zone?: Zone): string[] {
  const apart = times.length > 1 ? times[1]! - times[0]! : DAY_S
  let before = ''
  return times.map((seconds) => {
    const at = seconds * 1000
    const [date = '', month = '', year = ''] = day(at, zone).split(' ')
    let [words, larger] = [clock(at, zone), `${date} ${month}`]
    if (apart >= YEAR_S) [words, larger] = [year, '']
    else if (apart >= MONTH_S) [words, larger] = [month, year]
    else if (apart >= DAY_S) [words, larger] = [`${date} ${month}`, year]
    const label = larger === before ? words : `${words}\n${larger}`
    before = larger
    return label
  })
}
