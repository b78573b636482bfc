'use client'
import { type RefObject, useEffect, useRef } from 'react'
import type uPlot from 'uplot'
import type { Zone } from '../words/dates.ts'
import { timeWords } from './axis.ts'

export type Options = Omit<uPlot.Options, 'width' | 'height'>

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
