'use client'
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
        Computed from {points.toLocaleString('en')} prices, {from?.slice(0, 16).replace('T', ' ')} to{' '}
        {to?.slice(0, 16).replace('T', ' ')} UTC; {left.toLocaleString('en')} rows were left out at the import.
        Analytics, not advice.
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
