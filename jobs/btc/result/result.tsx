'use client'
import { count } from '../../../components/words/count.ts'
import { Moment } from '../../../components/words/time.tsx'
import { ForecastView } from './forecast.tsx'
import { LevelsView } from './levels.tsx'
import { PredictView } from './predict.tsx'
import type { BtcResult } from './shapes.ts'
import { SweepView } from './sweep.tsx'

/** A finished job, each analysis in its own picture, and what it was computed from. */
export function BtcResultView({ result }: { readonly result: unknown }) {
  const told = result as BtcResult
  const { points, from, to, skipped } = told.used
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0)
  return (
    <section aria-label="Result" className="mt-8">
      <Analysis told={told} />
      <p className="mt-3 text-small text-quiet">
        Computed from {count(points, 'price')}
        {from && to ? (
          <>
            , <Moment at={from} /> to <Moment at={to} />
          </>
        ) : null}
        ; {left === 0 ? 'nothing was' : `${count(left, 'row was', 'rows were')}`} left out at the import. Analytics, not
        advice.
      </p>
    </section>
  )
}

function Analysis({ told }: { readonly told: BtcResult }) {
  switch (told.analysis) {
    case 'sweep':
      return <SweepView result={told} />
    case 'predict':
      return <PredictView result={told} />
    case 'forecast':
      return <ForecastView result={told} />
    case 'levels':
      return <LevelsView result={told} />
    default:
      return told satisfies never
  }
}
