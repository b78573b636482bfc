import type { Analysis } from '../analysis.ts'
import type { SweepParams } from '../params.ts'
import type { Series } from '../series.ts'
import { type Best, bestOf, type Cell, cellsOf, checkCells, sweepPlan } from './task.ts'

/** Steps that earn one credit. */
const STEPS_PER_CREDIT = 10_000_000

/** Every combination of window, tolerance and hold walked through the series; formulas in the kind's README. */
export const sweep: Analysis<SweepParams> = {
  title: ({ windows, tolerances, holds }) =>
    `Backtests of ${windows.length * tolerances.length * holds.length} strategies`,
  split: (params, series) => sweepPlan(params, series.prices.length).tasks,
  price(params, index, output, { prices }) {
    const [from, to] = sweepPlan(params, prices.length).cells(index)
    checkCells(output, to - from)
    return Math.max(1, Math.ceil(((to - from) * prices.length) / STEPS_PER_CREDIT))
  },
  async *json(params, outputs, series) {
    yield '"grid":['
    let best: Best | undefined
    let place = 0
    for await (const output of outputs) {
      const rows: string[] = []
      for (const cell of cellsOf(output)) rows.push(JSON.stringify(row(params, place++, cell, series)))
      yield place === rows.length ? rows.join(',') : `,${rows.join(',')}`
      const candidate = bestOf(output)
      if (!best || candidate.train > best.train) best = candidate
    }
    const walkForward = best && { best: combination(params, best.cell), train: best.train, test: best.test }
    yield `],"buyAndHold":${buyAndHold(series)},"walkForward":${JSON.stringify(walkForward)}`
  },
  async *csv(params, outputs, series) {
    yield 'window,tolerance,hold,return,maxDrawdown,changes,exposure\n'
    let place = 0
    for await (const output of outputs) {
      let rows = ''
      for (const cell of cellsOf(output)) rows += `${Object.values(row(params, place++, cell, series)).join(',')}\n`
      yield rows
    }
  },
}

function combination({ windows, tolerances, holds }: SweepParams, place: number) {
  const perWindow = tolerances.length * holds.length
  return {
    window: windows[Math.floor(place / perWindow)]!,
    tolerance: tolerances[Math.floor((place % perWindow) / holds.length)]!,
    hold: holds[place % holds.length]!,
  }
}

function row(params: SweepParams, place: number, cell: Cell, { prices }: Series) {
  const which = combination(params, place)
  const states = Math.max(prices.length - which.window, 0)
  return {
    ...which,
    return: cell.return,
    maxDrawdown: cell.maxDrawdown,
    changes: cell.changes,
    exposure: states === 0 ? null : cell.held / states,
  }
}

function buyAndHold({ prices }: Series): number | null {
  return prices.length === 0 ? null : prices[prices.length - 1]! / prices[0]! - 1
}
