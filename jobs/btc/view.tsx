'use client'
import { useEffect, useState } from 'react'
import { Choice, Line, problemAt } from '../../components/controls/fields.tsx'
import type { EditorProps, KindView } from '../../components/kind-view.ts'
import { useAsk } from '../../components/rest/use-ask.ts'
import { count } from '../../components/words/count.ts'
import { Moment } from '../../components/words/time.tsx'
import type { SeriesView } from '../../protocol/api.ts'
import type { BtcResult } from './analysis.ts'
import { ForecastView } from './forecast/result.tsx'
import { LevelsView } from './levels/result.tsx'
import { type BtcParams, gallery, SAMPLE_SERIES } from './params.ts'
import { PredictView } from './predict/result.tsx'
import { SweepView } from './sweep/result.tsx'

type Analysis = BtcParams['analysis']
type Typed = Readonly<Record<string, string>>

const ANALYSES: readonly (readonly [Analysis, string])[] = [
  ['sweep', 'Try windows, tolerances and holds'],
  ['predict', 'How good straight lines foretell'],
  ['forecast', 'Simulated futures'],
  ['levels', 'Decision levels and a band'],
]
const LISTS = ['windows', 'tolerances', 'holds', 'horizons']
const TEXTS = ['series', 'analysis', 'from', 'to', 'method']
const FIELDS: Readonly<Record<Analysis, readonly (readonly [name: string, label: string])[]>> = {
  sweep: [
    ['windows', 'Windows, in prices, with commas'],
    ['tolerances', 'Tolerances, as shares'],
    ['holds', 'Holds, in prices'],
    ['fee', 'Fee of a change, as a share'],
  ],
  predict: [
    ['windows', 'Lines over so many prices'],
    ['horizons', 'So many prices ahead'],
  ],
  forecast: [
    ['paths', 'Futures'],
    ['points', 'Prices ahead'],
    ['seed', 'Seed'],
    ['setpoint', 'Setpoint in USD, if any'],
    ['upper', 'Upper alarm, if any'],
    ['lower', 'Lower alarm, if any'],
  ],
  levels: [
    ['depth', 'Depth of the tree'],
    ['window', 'Prices a fit sees'],
    ['coverage', 'Share the band should hold'],
  ],
}

function draftOf(params: BtcParams): Typed {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
}

/** What was typed as params: numbers where they are some, else the text, for the schema to complain about. */
function paramsOf(typed: Typed): unknown {
  const number = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? text.trim() : Number(text))
  const wanted = ['series', 'analysis', 'from', 'to', ...FIELDS[typed['analysis'] as Analysis].map(([name]) => name)]
  if (typed['analysis'] === 'forecast') wanted.push('method')
  return Object.fromEntries(
    wanted.flatMap((name): (readonly [string, unknown])[] => {
      const text = typed[name] ?? ''
      if (text.trim() === '') return []
      if (LISTS.includes(name))
        return [
          [
            name,
            text
              .split(/[\s,;]+/)
              .filter(Boolean)
              .map(number),
          ],
        ]
      return [[name, TEXTS.includes(name) ? text.trim() : number(text)]]
    }),
  )
}

function Editor({ initial, onChange, problems }: EditorProps<BtcParams>) {
  const [typed, setTyped] = useState<Typed>(() => draftOf(initial))
  const { answer } = useAsk<{ readonly items: readonly SeriesView[] }>('series?limit=500')
  const all = answer?.type === 'ok' ? answer.value.items : []
  useEffect(() => setTyped(draftOf(initial)), [initial])
  useEffect(() => onChange(paramsOf(typed)), [typed, onChange])
  const set = (name: string) => (text: string) => setTyped((before) => ({ ...before, [name]: text }))
  const problem = problemAt(problems)
  const analysis = typed['analysis'] as Analysis
  const series = typed['series'] ?? SAMPLE_SERIES
  const known = all.some(({ id }) => id === series) ? [] : [[series, series] as const]
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label="Prices"
        value={series}
        onChange={set('series')}
        problem={problem('series')}
        options={[...all.map(({ id, name, points }) => [id, `${name}, ${points} prices`] as const), ...known]}
      />
      <Choice
        label="What to compute"
        value={analysis}
        options={ANALYSES}
        problem={problem('analysis')}
        onChange={(next) => {
          const ready = gallery.find(({ params }) => params.analysis === next)
          setTyped((before) => ({ ...(ready ? draftOf(ready.params) : {}), ...before, analysis: next }))
        }}
      />
      {FIELDS[analysis].map(([name, label]) => (
        <Line key={name} label={label} value={typed[name] ?? ''} onChange={set(name)} problem={problem(name)} />
      ))}
      {analysis === 'forecast' ? (
        <Choice
          label="Drawn from"
          value={typed['method'] ?? 'bootstrap'}
          onChange={set('method')}
          problem={problem('method')}
          options={[
            ['bootstrap', 'Past steps'],
            ['gbm', 'A normal distribution like theirs'],
          ]}
        />
      ) : null}
      <Line
        label="From, if not the beginning"
        value={typed['from'] ?? ''}
        onChange={set('from')}
        problem={problem('from')}
      />
      <Line label="To, if not the end" value={typed['to'] ?? ''} onChange={set('to')} problem={problem('to')} />
    </div>
  )
}

export const view: KindView<BtcParams> = { Editor, Result: BtcResultView }

/** A finished job, each analysis in its own picture, and what it was computed from. */
function BtcResultView({ result }: { readonly result: unknown }) {
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
