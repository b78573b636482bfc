'use client'
import type uPlot from 'uplot'
import { axes, useChart, useLatest } from '../../components/chart/use-chart.ts'
import { change, count } from '../../components/words/count.ts'
import { models } from './layers.ts'
import type { Rows } from './track.ts'

/** Price minus what the model said for that moment before it knew the price; a dotted line where a model begins. */
export function ErrorChart({
  rows,
  spanS,
  revision,
}: {
  readonly rows: Rows
  readonly spanS: number | null
  readonly revision: number
}) {
  const latest = useLatest(rows)
  const make = (colour: (name: string) => string) => {
    const [times, errors] = axes(colour, change)
    return {
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      padding: [8, 0, 0, 24] as uPlot.Padding,
      scales: { x: { time: true, auto: false }, y: { auto: true } },
      axes: [times, { ...errors, space: 34 }],
      series: [
        {},
        {
          stroke: colour('note'),
          width: 1,
          fill: `color-mix(in oklab, ${colour('note')} 18%, transparent)`,
          points: { show: false },
        },
      ],
      hooks: { draw: [(chart: uPlot) => models(chart, latest.current.models, colour('ink'))] },
    }
  }
  const draw = (chart: uPlot) => {
    const last = rows.times[rows.times.length - 1]
    const first = rows.times[0]
    if (last === undefined || first === undefined) return
    chart.batch(() => {
      chart.setData([rows.times, rows.errors], false)
      chart.setScale('x', { min: spanS === null ? first : Math.max(first, last - spanS), max: last })
    })
  }
  const { box } = useChart(make, draw, `${revision} ${spanS}`)
  const last = rows.errors[rows.errors.length - 1]
  const words = `Error of the linear model over time: ${count(rows.models.length, 'model')}${last == null ? '' : `, ${change(last)} now`}.`
  return <div ref={box} className="desk-chart desk-errors" role="img" aria-label={words} />
}
