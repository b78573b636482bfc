import type uPlot from 'uplot'
import type { MarketState } from '../desk/average.ts'

// What is drawn on a chart besides its lines of data.

export interface Line {
  readonly name: string
  readonly price: number
  readonly stroke: string
  readonly dash: readonly number[]
}

/** Levels across the chart, each with its name. */
export function lines(chart: uPlot, all: readonly Line[]): void {
  const { ctx, bbox } = chart
  const dpr = devicePixelRatio
  for (const { name, price, stroke, dash } of all) {
    const y = chart.valToPos(price, 'y', true)
    if (y < bbox.top || y > bbox.top + bbox.height) continue
    ctx.save()
    ctx.strokeStyle = stroke
    ctx.fillStyle = stroke
    ctx.lineWidth = 2 * dpr
    ctx.setLineDash(dash.map((part) => part * dpr))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.font = `${12 * dpr}px Geist, sans-serif`
    ctx.textAlign = 'left'
    ctx.textBaseline = 'bottom'
    ctx.fillText(name, bbox.left + 6 * dpr, y - 3 * dpr)
    ctx.restore()
  }
}

/** Decision levels, each over the prices it is the mean of. */
export function steps(
  chart: uPlot,
  all: readonly { readonly from: number; readonly to: number; readonly level: number }[],
  stroke: string,
): void {
  const { ctx } = chart
  inside(chart, () => {
    ctx.strokeStyle = stroke
    ctx.lineWidth = 5 * devicePixelRatio
    ctx.beginPath()
    for (const { from, to, level } of all) {
      const y = chart.valToPos(level, 'y', true)
      ctx.moveTo(chart.valToPos(from, 'x', true), y)
      ctx.lineTo(chart.valToPos(to, 'x', true), y)
    }
    ctx.stroke()
  })
}

/** Where the next prices are expected, from one moment (seconds) to another; null: to the right edge. */
export function band(
  chart: uPlot,
  { from, to, low, high }: { readonly from: number; readonly to: number | null } & Record<'low' | 'high', number>,
  colour: string,
): void {
  const { ctx, bbox } = chart
  const left = chart.valToPos(from, 'x', true)
  const right = to === null ? bbox.left + bbox.width : chart.valToPos(to, 'x', true)
  const top = chart.valToPos(high, 'y', true)
  const height = chart.valToPos(low, 'y', true) - top
  inside(chart, () => {
    ctx.fillStyle = `color-mix(in oklab, ${colour} 30%, transparent)`
    ctx.fillRect(left, top, right - left, height)
    ctx.strokeStyle = colour
    ctx.lineWidth = devicePixelRatio
    ctx.strokeRect(left, top, right - left, height)
  })
}

/** Draws in the area of the data alone. */
function inside({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  draw()
  ctx.restore()
}

/** Where each linear model began. */
export function models(chart: uPlot, began: readonly number[], stroke: string): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio])
  for (const at of began) {
    const x = chart.valToPos(at, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}

/** Heights of the strip's runs, so that states differ by more than colour: green stands high, red low. */
const TOP: Readonly<Record<MarketState, number>> = { green: 0, blue: 0.4, red: 0.7 }
const TALL: Readonly<Record<MarketState, number>> = { green: 0.3, blue: 0.2, red: 0.3 }
const STRIP = 16

/** The market's state over time, along the foot of the chart. */
export function strip(
  chart: uPlot,
  times: readonly number[],
  states: readonly (MarketState | null)[],
  colour: (state: MarketState) => string,
): void {
  const { ctx, bbox } = chart
  const height = STRIP * devicePixelRatio
  const top = bbox.top + bbox.height - height
  const x = (at: number) =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, Math.round(chart.valToPos(at, 'x', true))))
  ctx.save()
  for (let i = 0; i < times.length; ) {
    const state = states[i]
    let end = i + 1
    while (end < times.length && states[end] === state) end++
    if (state) {
      const left = x(times[i]!)
      const right = x(times[Math.min(end, times.length - 1)]!)
      ctx.fillStyle = colour(state)
      if (right > left) ctx.fillRect(left, top + TOP[state] * height, right - left, TALL[state] * height)
    }
    i = end
  }
  ctx.restore()
}
