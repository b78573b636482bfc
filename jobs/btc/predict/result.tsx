'use client'
import { useState } from 'react'
import { bandMarks, roundMarks } from '../../../components/chart/chart.ts'
import { areaOf, Frame, lineOf, placing } from '../../../components/chart/frame.tsx'
import { Choices } from '../../../components/controls/fields.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { interval, ratio, usd } from '../../../components/words/count.ts'
import type { PredictResult } from '../analysis.ts'

type Model = PredictResult['models'][number]

/** How often straight lines came nearer than "no change": a line a horizon, the one that is looked at in ink. */
export function PredictView({ result: { models, twoMinutes } }: { readonly result: PredictResult }) {
  const horizons = [...new Set(models.map(({ horizon }) => horizon))]
  const nearest = horizons.toSorted((a, b) => off(a, twoMinutes.horizon) - off(b, twoMinutes.horizon))[0] ?? 1
  const [horizon, setHorizon] = useState(nearest)
  const shown = models.filter((model) => model.horizon === horizon)
  const best = shown.filter(({ mae }) => mae !== null).toSorted((a, b) => (a.mae ?? 0) - (b.mae ?? 0))[0]
  const name = (one: number) => `${one} ahead${one === twoMinutes.horizon ? ', two minutes' : ''}`
  return (
    <>
      <h2>How good straight lines were</h2>
      <p className="mt-1">
        {best
          ? `${horizon} prices ahead, the line over ${best.window} prices was best: off by ${usd(best.mae)} on average, and nearer than “no change” in ${interval(best.better)}.`
          : 'There are too few prices for any of these lines.'}
        {twoMinutes.horizon === null ? '' : ` Two minutes are ${twoMinutes.horizon} prices of this series.`}
      </p>
      <Choices
        label="How far ahead"
        className="mt-3"
        options={horizons.map((one) => [one, name(one)] as const)}
        chosen={horizon}
        onChoose={setHorizon}
      />
      <Chart models={models} horizons={horizons} chosen={horizon} />
      <Table
        className="mt-6 max-w-3xl"
        rows={shown}
        keyOf={({ window }) => window}
        isChosen={({ window }) => window === best?.window}
        columns={[
          { head: 'Line over', cell: ({ window }) => `${window} prices` },
          { head: 'Off by', label: 'off by', cell: ({ mae }) => usd(mae) },
          { head: 'Root mean square', label: 'root mean square', cell: ({ rmse }) => usd(rmse) },
          { head: 'Bias', label: 'bias', cell: ({ bias }) => usd(bias) },
          { head: 'Nearer than “no change”', label: 'nearer', cell: ({ better }) => interval(better) },
        ]}
      />
    </>
  )
}

function off(horizon: number, wanted: number | null): number {
  return wanted === null ? horizon : Math.abs(horizon - wanted)
}

function Chart({
  models,
  horizons,
  chosen,
}: {
  readonly models: readonly Model[]
  readonly horizons: readonly number[]
  readonly chosen: number
}) {
  const known = models.filter(({ better }) => better.share !== null)
  if (known.length === 0) return null
  const windows = [...new Set(models.map(({ window }) => window))]
  const place = placing([0, windows.length], [0, Math.max(0.5, ...known.map(({ better }) => better.high ?? 0))])
  const x = ({ window }: Model) => windows.indexOf(window) + 0.5
  const at = (horizon: number) => known.filter((model) => model.horizon === horizon)
  const line = (horizon: number) => lineOf(at(horizon).map((model) => place(x(model), model.better.share ?? 0)))
  const coin = [place(0, 0.5), place(windows.length, 0.5)]
  return (
    <figure>
      <Frame
        label={`How often a line was nearer than no change, by the prices it is fitted to, ${chosen} ahead`}
        x={bandMarks(windows.map(String))}
        y={roundMarks(place.low, place.high, ratio).filter(({ at }) => at > 0.03)}
      >
        <path
          d={lineOf(coin)}
          stroke="var(--quiet)"
          strokeWidth={1.5}
          strokeDasharray="6 4"
          vectorEffect="non-scaling-stroke"
        />
        {horizons.map((horizon) => (
          <path
            key={horizon}
            d={line(horizon)}
            fill="none"
            stroke="var(--light)"
            strokeWidth={1.5}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <path
          d={areaOf(
            at(chosen).map((model) => place(x(model), model.better.low ?? 0)),
            at(chosen).map((model) => place(x(model), model.better.high ?? 0)),
          )}
          fill="var(--note)"
          fillOpacity={0.25}
        />
        <path
          d={line(chosen)}
          fill="none"
          stroke="var(--ink)"
          strokeWidth={2.5}
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      </Frame>
      <figcaption className="text-small text-quiet">
        Across: prices a line is fitted to. Up: how often it was strictly nearer than “no change”; above the dashed line
        it mostly was.
      </figcaption>
    </figure>
  )
}
