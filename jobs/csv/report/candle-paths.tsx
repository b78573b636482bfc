import type uPlot from 'uplot'
import type { Candle } from './candles.ts'

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
