'use client'
import { useMemo, useState } from 'react'
import { Choice, Choices } from '../../../components/controls/fields.tsx'
import type { ResultProps } from '../../../components/kind-view.ts'
import type { CsvParams } from '../params.ts'
import type { CsvResult } from '../shapes.ts'
import { CandleChart } from './candle-chart.tsx'
import { type Column, columnsOf, extremesAmong, pricesAmong } from './columns.ts'
import { ColumnsTable } from './columns-table.tsx'
import { InTime } from './in-time.tsx'
import { HowRead, Lead } from './lead.tsx'
import { type Asked, LowHigh } from './low-high.tsx'
import { OneColumn } from './one-column.tsx'
import { Spread } from './spread.tsx'
import { troublesOf } from './troubles.ts'
import { Wrong } from './wrong.tsx'

/** A finished job: what was read, the low and the high price, candles, every column, and what was wrong. */
export function Report({ result, job, admin }: ResultProps) {
  const told = result as CsvResult
  const params = job.params as CsvParams
  const columns = useMemo(() => columnsOf(told, params), [told, params])
  const troubles = useMemo(() => troublesOf(told, columns), [told, columns])
  const prices = useMemo(() => pricesAmong(columns), [columns])
  const [asked, setAsked] = useState<Asked | null>(null)
  const [chosen, setChosen] = useState((prices[0] ?? columns[0])?.name ?? null)
  // Rows of the file are the admin's alone.
  const rowsOf = admin ? job.id : null
  const found = asked ? extremesAmong(prices, asked) : []
  const column = columns.find(({ name }) => name === chosen)
  const marked = found.find(({ name }) => name === chosen)
  const look = (name: string) => {
    setChosen(name)
    document.getElementById('csv-column')?.focus()
  }
  return (
    <section aria-label="Result" className="mt-8">
      <Lead result={told} columns={columns} troubles={troubles} />
      <LowHigh prices={prices} found={found} asked={asked} onAsk={setAsked} job={rowsOf} />
      {told.groups && column && told.rows > 0 ? (
        <section className="mt-10" aria-labelledby="csv-candles">
          <h2 id="csv-candles">
            <bdi>{column.label}</bdi> by {told.groups.by}
          </h2>
          <Picker
            columns={columns.filter(({ figures }) => figures.count > 0)}
            chosen={column.name}
            onChoose={setChosen}
          />
          <CandleChart
            key={column.name}
            groups={told.groups}
            column={column.name}
            label={column.label}
            mark={marked?.time ? { at: Date.parse(marked.time) / 1000, value: marked.value } : null}
          />
        </section>
      ) : null}
      {told.rows > 0 && columns.length > 0 ? (
        <ColumnsTable columns={columns} all={told.statistics === 'all'} chosen={chosen} onChoose={look} />
      ) : null}
      {column && told.rows > 0 ? <OneColumn column={column} result={told} /> : null}
      <div className="grid gap-x-12 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        {told.time && told.rows > 0 ? <InTime time={told.time} /> : null}
        {told.spread && told.rows > 0 ? <Spread spread={told.spread} /> : null}
      </div>
      <Wrong troubles={troubles} job={rowsOf} delimiter={String.fromCharCode(params.layout?.delimiter ?? 44)} />
      <HowRead params={params} />
    </section>
  )
}

/** More are chosen from a list. */
const BUTTONS = 6

/** Which column is drawn. */
export function Picker({
  columns,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Column[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
}) {
  if (columns.length < 2) return null
  if (columns.length > BUTTONS)
    return (
      <div className="no-print mt-2 max-w-xs">
        <Choice
          label="Column"
          value={chosen}
          problem={undefined}
          onChange={onChoose}
          options={columns.map(({ name, label }) => [name, label] as const)}
        />
      </div>
    )
  return (
    <Choices
      label="Column"
      className="mt-2"
      options={columns.map(({ name, label }) => [name, <bdi key={name}>{label}</bdi>] as const)}
      chosen={chosen}
      onChoose={onChoose}
    />
  )
}
