'use client'
import { Choice, Line } from '../../../components/controls/fields.tsx'
import { MOST_COLUMNS } from '../params.ts'
import type { Draft } from './draft.ts'

const STATISTICS = [
  [
    'extremes',
    'Lowest and highest',
    `With the rows and times where they first occur, the first and last by time, and what was empty or invalid. At most ${MOST_COLUMNS.extremes} columns.`,
  ],
  [
    'all',
    'Every statistic',
    `Also sum, mean, spread, quantiles, a histogram, distinct values, order and gaps in time. At most ${MOST_COLUMNS.all} columns.`,
  ],
] as const

/** What is asked of the columns. */
export function Questions({
  draft,
  prices,
  problem,
  onChange,
}: {
  readonly draft: Draft
  /** Columns somebody means who asks for a price. */
  readonly prices: readonly string[]
  readonly problem: (name: string) => string | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const line = (name: 'priceMin' | 'priceMax' | 'bins' | 'histogramMin' | 'histogramMax', path: string) => ({
    value: draft[name],
    problem: problem(path),
    onChange: (text: string) => onChange({ [name]: text }),
  })
  return (
    <div className="csv-sides">
      <fieldset className="content-start">
        <legend className="font-semibold">What to find out</legend>
        <div className="mt-2 grid gap-2 sm:grid-cols-2">
          {STATISTICS.map(([statistics, name, words]) => (
            <label key={statistics} className="choice">
              <input
                type="radio"
                name="statistics"
                checked={draft.statistics === statistics}
                onChange={() => onChange({ statistics })}
              />
              <span>
                <strong className="font-semibold">{name}</strong>
                <span className="block text-small text-quiet">{words}</span>
              </span>
            </label>
          ))}
        </div>
        {prices.length > 0 ? (
          <button
            type="button"
            className="do small-do mt-3"
            onClick={() => onChange({ statistics: 'extremes', columns: prices })}
          >
            Only the low and high price
          </button>
        ) : null}
      </fieldset>
      <div className="grid content-start gap-4">
        <fieldset>
          <legend className="text-small text-quiet">Prices outside are invalid. Empty: no limit.</legend>
          <div className="mt-1 grid grid-cols-2 gap-3">
            <Line label="Lowest price" numeric {...line('priceMin', 'price.min')} />
            <Line label="Highest price" numeric {...line('priceMax', 'price.max')} />
          </div>
        </fieldset>
        {draft.statistics === 'all' ? (
          <>
            <fieldset>
              <legend className="text-small text-quiet">
                A histogram of your own. Empty: one that fits each column.
              </legend>
              <div className="mt-1 grid grid-cols-3 gap-3">
                <Line label="Bins" numeric {...line('bins', 'histogram.bins')} />
                <Line label="From" numeric {...line('histogramMin', 'histogram.min')} />
                <Line label="To" numeric {...line('histogramMax', 'histogram.max')} />
              </div>
            </fieldset>
            <Choice
              label="Open, high, low, close and volume"
              value={draft.groupBy}
              options={[
                ['', 'Of the whole file only'],
                ['hour', 'Of every hour, UTC'],
                ['day', 'Of every day, UTC'],
                ['month', 'Of every month, UTC'],
              ]}
              problem={problem('groupBy')}
              onChange={(groupBy) => onChange({ groupBy: groupBy as Draft['groupBy'] })}
            />
          </>
        ) : null}
      </div>
    </div>
  )
}
