import type uPlot from 'uplot'
import { axes } from '../../../components/chart/chart.ts'
import type { Candle, Window } from './candles.ts'
import { rounded } from './words.tsx'

/** Digits of prices along the axis. */
const AXIS_DIGITS = 6

/** A point somebody asked for. */
export interface Mark {
  /** Seconds since 1970. */
  readonly at: number
  readonly value: number
}

export interface Latest {
  readonly current: {
    readonly shown: readonly Candle[]
    readonly mark: Mark | null
    readonly setChosen: (window: Window) => void
    readonly setAt: (place: number) => void
  }
}

/** How the chart looks and what it answers to; what it draws is asked of `latest` each time. */
export function chartOptions(colour: (name: string) => string, latest: Latest, volumes: boolean) {
  const candles = () => latest.current.shown
  const colours = {
    rising: colour('good'),
    falling: colour('bad'),
    volume: `color-mix(in oklab, ${colour('light')} 45%, transparent)`,
  }
  const nothing = () => null
  /** The foot is for volume: prices are told beside prices. */
  const besidePrices = (_: uPlot, splits: number[]) => {
    const lowest = candles().reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY)
    const apart = splits.length > 1 ? splits[1]! - splits[0]! : 0
    return splits.map((price) => (price > lowest - apart ? price : null))
  }
  const points = { show: false }
  const [times, prices] = axes(colour, String, 'UTC')
  return {
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false, dist: 8 }, points, y: false },
    padding: [10, 0, 0, 24] as uPlot.Padding,
    tzDate: (seconds: number) => inUtc(seconds),
    scales: {
      x: { time: true, auto: false },
      y: { range: (_: uPlot, min: number, max: number) => roomy(min, max, volumes) },
      volume: { range: (_: uPlot, _min: number, max: number): [number, number] => [0, (max || 1) * 5] },
    },
    axes: [
      times,
      {
        ...prices,
        grid: { ...prices.grid, filter: besidePrices },
        filter: besidePrices,
        values: (_: uPlot, splits: (number | null)[]) =>
          splits.map((price) => (price === null ? '' : rounded(price, AXIS_DIGITS))),
      },
    ],
    series: [
      {},
      { stroke: colours.rising, width: 1, points, paths: candlePaths(candles, colours) },
      { stroke: colours.falling, points, paths: nothing },
      { scale: 'volume', fill: colours.volume, points, paths: volumePaths(candles, colours) },
    ],
    hooks: {
      draw: [
        (chart: uPlot) =>
          latest.current.mark && drawMark(chart, latest.current.mark, colour('sun-deep'), colour('ink')),
      ],
      setCursor: [(chart: uPlot) => chart.cursor.idx != null && latest.current.setAt(chart.cursor.idx)],
      setSelect: [
        (chart: uPlot) => {
          const { left, width } = chart.select
          if (width <= 0) return
          latest.current.setChosen([chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')])
          chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
        },
      ],
    },
  }
}

/** A date whose local clock shows UTC: the chart asks for local clocks to find whole hours and days. */
function inUtc(seconds: number): Date {
  const date = new Date(seconds * 1000)
  return new Date(date.getTime() + date.getTimezoneOffset() * 60_000)
}

/** Air above and below, and a foot for volume. */
function roomy(min: number, max: number, volumes: boolean): [number, number] {
  const all = max - min || Math.abs(max) / 100 || 1
  return [min - all * (volumes ? 0.3 : 0.06), max + all * 0.06]
}

/** A ring around the price somebody asked for. */
function drawMark(chart: uPlot, { at, value }: Mark, fill: string, stroke: string): void {
  const { ctx, bbox } = chart
  const x = chart.valToPos(at, 'x', true)
  const y = chart.valToPos(value, 'y', true)
  if (x < bbox.left || x > bbox.left + bbox.width) return
  ctx.save()
  ctx.fillStyle = fill
  ctx.strokeStyle = stroke
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.beginPath()
  ctx.arc(x, y, 5 * devicePixelRatio, 0, 2 * Math.PI)
  ctx.fill()
  ctx.stroke()
  ctx.restore()
}

// How candles and their volume are drawn on a uPlot chart. Rising ones are hollow, falling ones filled: they differ by more
// than colour.

/** Of the room a candle has. */
const BODY = 0.7
/** In CSS pixels; a narrower candle is a line. */
const LEAST_BODY = 3

interface Colours {
  readonly rising: string
  readonly falling: string
  readonly volume: string
}

/** The series' own data says nothing: candles are what `candles` answers when the chart is drawn. */
export function candlePaths(candles: () => readonly Candle[], { rising, falling }: Colours): uPlot.Series.PathBuilder {
  return (chart) => {
    const up = new Path2D()
    const down = new Path2D()
    const filled = new Path2D()
    const y = (value: number) => Math.round(chart.valToPos(value, 'y', true))
    for (const candle of candles()) {
      const { left, right, middle } = placeOf(chart, candle)
      const { open, high, low, close } = candle
      const rises = close >= open
      const path = rises ? up : down
      const [top, foot] = [y(Math.max(open, close)), y(Math.min(open, close))]
      path.moveTo(middle, y(high))
      path.lineTo(middle, top)
      path.moveTo(middle, foot)
      path.lineTo(middle, y(low))
      if (right - left < LEAST_BODY * devicePixelRatio) {
        path.moveTo(middle, top)
        path.lineTo(middle, foot)
        continue
      }
      path.rect(left, top, right - left, foot - top)
      if (!rises) filled.rect(left, top, right - left, foot - top)
    }
    return {
      stroke: new Map([
        [rising, up],
        [falling, down],
      ]),
      fill: new Map([[falling, filled]]),
    }
  }
}

/** Volume as quiet columns along the foot. */
export function volumePaths(candles: () => readonly Candle[], { volume }: Colours): uPlot.Series.PathBuilder {
  return (chart) => {
    const columns = new Path2D()
    const foot = chart.valToPos(0, 'volume', true)
    for (const candle of candles()) {
      if (candle.volume === null || candle.volume <= 0) continue
      const { left, right } = placeOf(chart, candle)
      const top = chart.valToPos(candle.volume, 'volume', true)
      columns.rect(left, top, Math.max(1, right - left), foot - top)
    }
    return { stroke: null, fill: new Map([[volume, columns]]) }
  }
}

function placeOf(chart: uPlot, { from, to }: Candle) {
  const start = chart.valToPos(from, 'x', true)
  const end = chart.valToPos(to, 'x', true)
  const half = ((end - start) * BODY) / 2
  const middle = Math.round((start + end) / 2)
  return { left: Math.round(middle - half), right: Math.round(middle + half), middle }
}
