'use client'
import type uPlot from 'uplot'
import { axes, useChart, useLatest } from '../../components/chart/chart.ts'
import { change, count, usd } from '../../components/words/count.ts'
import type { MarketState } from '../desk/average.ts'
import { AHEAD_MS } from '../desk/foresight.ts'
import type { DeskBand, DeskLevels } from '../desk/prices.ts'
import { band, type Line, lines, models, steps, strip } from './layers.ts'
import type { Settings } from './settings.tsx'
import type { Rows } from './use-desk.ts'

interface Props {
  readonly rows: Rows
  /** The model read 120 s ahead. */
  readonly prediction: number | null
  readonly levels: DeskLevels['steps']
  readonly band: DeskBand | null
  readonly settings: Settings
  /** How much of the past is shown, in seconds; null: everything. */
  readonly spanS: number | null
  readonly revision: number
  readonly onSetpoint: (price: number) => void
}

/** Room on the right for the two minutes ahead, as a share of what is shown. */
const AHEAD_SHARE = 0.06

/** Price and average over levels and band, the market's state along the foot, setpoint, alarms, the model's word. */
export function PriceChart(props: Props) {
  const { rows, settings, spanS, revision, prediction, levels } = props
  const shaded = props.band && extent(props.band, rows.times)
  const latest = useLatest({ ...props, shaded })
  const make = (colour: (name: string) => string) => ({
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    padding: [12, 0, 0, 24] as uPlot.Padding,
    scales: {
      x: { time: true, auto: false },
      y: {
        auto: true,
        range: (chart: uPlot, min: number, max: number) => roomy(chart, min, max, latest.current.shaded),
      },
    },
    axes: axes(colour, usd),
    series: [
      {},
      { stroke: colour('ink'), width: 1.5, points: { show: false } },
      { stroke: colour('note'), width: 1.5, dash: [6, 4], points: { show: false } },
      { stroke: colour('ink'), width: 1.5, dash: [2, 4], points: { show: true, size: 8, fill: colour('sun') } },
    ],
    hooks: {
      drawClear: [
        (chart: uPlot) => {
          const { shaded, levels } = latest.current
          if (shaded) band(chart, shaded, colour('light'))
          const all = levels.map(({ from, to, level }) => ({ from: seconds(from), to: seconds(to), level }))
          steps(chart, all, `color-mix(in oklab, ${colour('ink')} 28%, transparent)`)
        },
      ],
      draw: [
        (chart: uPlot) => {
          strip(chart, latest.current.rows.times, latest.current.rows.states, (state: MarketState) =>
            colour(STATE_COLOURS[state]),
          )
          models(chart, latest.current.rows.models, colour('quiet'))
          lines(chart, linesOf(latest.current.settings, colour))
        },
      ],
      ready: [
        (chart: uPlot) =>
          chart.over.addEventListener('click', (event) => {
            const price = chart.posToVal(event.offsetY, 'y')
            if (Number.isFinite(price) && price > 0) latest.current.onSetpoint(Math.round(price * 100) / 100)
          }),
      ],
    },
  })

  const draw = (chart: uPlot) => {
    const { times, prices, averages } = rows
    const last = times[times.length - 1]
    const first = times[0]
    if (last === undefined || first === undefined) return
    const from = spanS === null ? first : last - spanS
    const start = Math.max(0, firstFrom(times, from) - 1)
    const blank = new Array<null>(times.length - start).fill(null)
    const ahead = last + AHEAD_MS / 1000
    const foretold = prediction === null ? blank : [...blank.slice(1), prices[prices.length - 1]!]
    chart.batch(() => {
      chart.setData(
        [
          [...times.slice(start), ahead],
          [...prices.slice(start), null],
          [...averages.slice(start), null],
          [...foretold, prediction],
        ],
        false,
      )
      const begin = Math.max(first, from)
      chart.setScale('x', { min: begin, max: Math.max(ahead, last + (last - begin) * AHEAD_SHARE) })
    })
  }
  const { box } = useChart(
    make,
    draw,
    `${revision} ${spanS} ${JSON.stringify([settings, prediction, props.band, levels[0], levels.length])}`,
  )
  const last = rows.prices[rows.prices.length - 1]
  const words = last === undefined ? 'No price yet.' : `Latest price ${usd(last)}; click to place the setpoint.`
  return <div ref={box} className="desk-chart" role="img" aria-label={`Price and moving average over time. ${words}`} />
}

const STATE_COLOURS: Readonly<Record<MarketState, string>> = { green: 'good', red: 'bad', blue: 'note' }

function linesOf({ setpoint, upper, lower }: Settings, colour: (name: string) => string): Line[] {
  const line = (name: string, price: number | null, stroke: string, dash: number[]): Line[] =>
    price === null ? [] : [{ name, price, stroke, dash }]
  return [
    ...line('setpoint', setpoint, colour('sun-deep'), []),
    ...line('upper alarm', upper, colour('good'), [2, 3]),
    ...line('lower alarm', lower, colour('bad'), [2, 3]),
  ]
}

interface Extent {
  readonly from: number
  readonly to: number | null
  readonly low: number
  readonly high: number
}

/** A band is drawn over the prices it foretells, as far as they came. */
function extent({ at, ahead, low, high }: DeskBand, times: readonly number[]): Extent {
  const from = seconds(at)
  return { from, to: times[firstFrom(times, from) + ahead] ?? null, low, high }
}

const seconds = (time: string) => Date.parse(time) / 1000

/** A twelfth of air above and below, and a dollar at least: a quiet market is a line, not noise. */
function roomy(chart: uPlot, min: number, max: number, shaded: Extent | null): [number, number] {
  const seen = shaded && (shaded.to ?? Number.POSITIVE_INFINITY) > (chart.scales['x']?.min ?? 0) ? shaded : null
  const low = Math.min(min, seen?.low ?? min)
  const high = Math.max(max, seen?.high ?? max)
  const air = Math.max((high - low) / 12, 0.5)
  return [low - air, high + air]
}

function firstFrom(times: readonly number[], from: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! >= from) high = middle
    else low = middle + 1
  }
  return low
}

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
