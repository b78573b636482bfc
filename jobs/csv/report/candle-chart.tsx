'use client'
import { useEffect, useMemo, useRef, useState } from 'react'
import type uPlot from 'uplot'
import { useChart } from '../../../components/chart/chart.ts'
import { Pager, Table } from '../../../components/controls/table.tsx'
import { whole } from '../../../components/words/count.ts'
import type { GroupsResult, Period } from '../shapes.ts'
import { chartOptions, type Mark } from './candle-plot.tsx'
import { type Candle, candlesOf, merged, moved, stepFor, stepWords, type Window, zoomed } from './candles.ts'
import { counted, exact, rounded, stretch } from './words.tsx'

/** CSS pixels a candle needs to be one. */
const ROOM = 7
/** No closer look shows fewer groups. */
const FEWEST = 4
/** A closer look shows a third of what was shown. */
const CLOSER = 3

/** Candles of one column over time, as many as there is room for; drag, or the buttons, to look closer. */
export function CandleChart({
  groups,
  column,
  label,
  mark,
}: {
  readonly groups: GroupsResult
  readonly column: string
  readonly label: string
  readonly mark: Mark | null
}) {
  const { by } = groups
  const all = useMemo(() => candlesOf(groups, column), [groups, column])
  const whole: Window = [all[0]?.from ?? 0, all[all.length - 1]?.to ?? 1]
  const [chosen, setChosen] = useState<Window | null>(null)
  const [room, setRoom] = useState(120)
  const [from, to] = chosen ?? whole
  const step = stepFor(by, from, to, room)
  const candles = useMemo(() => merged(by, all, step), [by, all, step])
  const shown = useMemo(() => candles.filter((candle) => candle.to > from && candle.from < to), [candles, from, to])
  const [at, setAt] = useState<number | null>(null)
  const place = Math.min(at ?? shown.length - 1, shown.length - 1)
  const latest = useRef({ shown, mark, setChosen, setAt })
  latest.current = { shown, mark, setChosen, setAt }
  const volumes = shown.some(({ volume }) => volume !== null)

  const make = (colour: (name: string) => string) => chartOptions(colour, latest, volumes)
  const draw = (chart: uPlot) => {
    const middles = shown.map((candle) => (candle.from + candle.to) / 2)
    chart.batch(() => {
      chart.setData(
        [middles, shown.map(({ high }) => high), shown.map(({ low }) => low), shown.map(({ volume }) => volume)],
        false,
      )
      // The first and the last one are seen whole.
      chart.setScale('x', { min: Math.min(from, shown[0]?.from ?? from), max: Math.max(to, shown.at(-1)?.to ?? to) })
    })
  }
  const { box, chart } = useChart(make, draw, `${column} ${from} ${to} ${step} ${mark?.at} ${mark?.value}`)
  useEffect(() => {
    const place = box.current
    if (!place) return
    const watcher = new ResizeObserver(() => setRoom(Math.max(20, Math.floor(place.clientWidth / ROOM))))
    watcher.observe(place)
    return () => watcher.disconnect()
  }, [box])

  if (all.length === 0) return <p className="mt-3 text-quiet">No row with a time has a value of {label}.</p>
  const move = (share: number) => setChosen(moved([from, to], share, whole))
  const zoom = (factor: number) => {
    const { from: start, to: end } = shown[place] ?? { from, to }
    const least = (all[0]!.to - all[0]!.from) * FEWEST
    setChosen(zoomed([from, to], factor, (start + end) / 2, whole, least))
  }
  const candle = shown[place]
  return (
    <figure className="mt-3" aria-label={`Candles of ${label}`}>
      <p className="figures min-h-12 text-small" id="csv-candle">
        {candle
          ? wordsOf(candle, stretch(by, candle.from, candle.to))
          : 'Nothing here: no row has a time in this stretch.'}
      </p>
      <div
        ref={box}
        className="csv-chart"
        role="img"
        aria-label={`${label} by ${stepWords(by, step)}. The table below has every number.`}
      />
      <figcaption className="no-print mt-2 flex flex-wrap items-center gap-2">
        <input
          type="range"
          className="csv-range"
          aria-label="Look at one candle"
          aria-valuetext={candle ? wordsOf(candle, stretch(by, candle.from, candle.to)) : ''}
          min={0}
          max={Math.max(0, shown.length - 1)}
          value={Math.max(0, place)}
          onChange={(event) => {
            const next = Number(event.target.value)
            const { from = 0, to = 0 } = shown[next] ?? {}
            chart.current?.setCursor({ left: chart.current.valToPos((from + to) / 2, 'x'), top: 0 }, false)
            setAt(next)
          }}
        />
        <Button onPress={() => move(-0.5)} disabled={from <= whole[0]} label="Earlier">
          ←
        </Button>
        <Button onPress={() => move(0.5)} disabled={to >= whole[1]} label="Later">
          →
        </Button>
        <Button onPress={() => zoom(CLOSER)} disabled={chosen === null} label="Zoom out">
          −
        </Button>
        <Button onPress={() => zoom(1 / CLOSER)} disabled={shown.length < FEWEST} label="Zoom in">
          +
        </Button>
        <Button onPress={() => setChosen(null)} disabled={chosen === null} label="Show the whole time">
          Whole
        </Button>
        <span className="text-small text-quiet">
          A candle is {stepWords(by, step)} (UTC){step > 1 ? '; look closer for shorter ones' : ''}. Hollow ones rose,
          filled ones fell.
        </span>
      </figcaption>
      {groups.omitted ? (
        <p className="mt-2 text-small text-note">
          There were more groups than are kept; these are the earliest. Choose fewer columns or longer groups for all of
          the time.
        </p>
      ) : null}
      <CandleTable by={by} candles={all} />
    </figure>
  )
}

function Button({
  onPress,
  disabled,
  label,
  children,
}: {
  readonly onPress: () => void
  readonly disabled: boolean
  readonly label: string
  readonly children: string
}) {
  return (
    <button type="button" className="do small-do" aria-label={label} disabled={disabled} onClick={onPress}>
      {children}
    </button>
  )
}

function wordsOf({ open, high, low, close, volume, count }: Candle, when: string): string {
  const change = open === 0 ? null : (100 * (close - open)) / Math.abs(open)
  const changed = !change ? '' : ` (${change < 0 ? '' : '+'}${rounded(change, 2)} %)`
  const traded = volume === null ? '' : `, volume ${rounded(volume, 6)}`
  return `${when}: opened at ${exact(open)}, closed at ${exact(close)}${changed}, between ${exact(low)} and ${exact(high)}${traded}, ${counted(count, 'value')}.`
}

const PAGE = 50

/** The same candles to be read, each of them. */
export function CandleTable({ by, candles }: { readonly by: Period; readonly candles: readonly Candle[] }) {
  const [open, setOpen] = useState(false)
  const [page, setPage] = useState(0)
  const [sought, setSought] = useState('')
  const wanted = sought.trim()
  const found =
    wanted === '' ? candles : candles.filter(({ from }) => new Date(from * 1000).toISOString().startsWith(wanted))
  const volumes = candles.some(({ volume }) => volume !== null)
  return (
    <details className="no-print mt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="py-2 text-small font-semibold">The {by}s as a table</summary>
      {open ? (
        <>
          {candles.length > PAGE ? (
            <input
              className="field small-field max-w-xs"
              type="search"
              placeholder="From, for example 2019-11"
              aria-label={`Find ${by}s by the beginning of their date, like 2019-11`}
              value={sought}
              onChange={(event) => {
                setSought(event.target.value)
                setPage(0)
              }}
            />
          ) : null}
          {found.length === 0 ? (
            <p className="mt-2 text-quiet">
              No {by} with values begins with “{wanted}”.
            </p>
          ) : null}
          <Table
            className="mt-2"
            rows={found.slice(page * PAGE, (page + 1) * PAGE)}
            keyOf={({ from }) => from}
            columns={[
              { head: by, cell: ({ from, to }) => stretch(by, from, to) },
              { head: 'Open', label: 'open', cell: ({ open }) => exact(open) },
              { head: 'High', label: 'high', cell: ({ high }) => exact(high) },
              { head: 'Low', label: 'low', cell: ({ low }) => exact(low) },
              { head: 'Close', label: 'close', cell: ({ close }) => exact(close) },
              volumes && {
                head: 'Volume',
                label: 'volume',
                cell: ({ volume }) => (volume === null ? 'none' : rounded(volume, 12)),
              },
              { head: 'Values', label: 'values', cell: ({ count }) => whole(count) },
            ]}
          />
          <Pager count={found.length} size={PAGE} page={page} what={`${by}s`} onPage={setPage} />
        </>
      ) : null}
    </details>
  )
}
