'use client'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { MarketState } from '../desk/average.ts'
import { type DeskOptions, newDesk } from '../desk/desk.ts'
import type { FeedNow, Point, PoolDesk } from '../desk/prices.ts'
import type { Settings } from './settings.tsx'

interface DeskView {
  readonly feed: FeedNow
  /** What only the pool can say: whether prices still come, and what its devices computed. */
  readonly pool: Pick<PoolDesk, 'stale' | 'levels' | 'band'>
  readonly connected: boolean
  /** Null until the first points came. */
  readonly track: Track | null
  /** Grows with every batch of prices. */
  readonly revision: number
}

/** As many as a phone computes a desk of without a pause. */
const POINTS = 6000

/** Everything since the page was opened, computed again with the viewer's own window, tolerance and model length. */
export function useDesk(
  initial: { readonly feed: FeedNow; readonly state: PoolDesk },
  { window, tolerance, modelPoints, levels }: Settings,
  /** Prices that came after the page was opened; at once, drawn or not. */
  onPrices: (points: readonly Point[]) => void,
): DeskView {
  const [feed, setFeed] = useState(initial.feed)
  const [state, setState] = useState(initial.state)
  const [connected, setConnected] = useState(true)
  const [revision, setRevision] = useState(0)
  const [begun, setBegun] = useState(0)
  const points = useRef<Point[]>([])
  const track = useRef<Track | null>(null)
  const source = useRef(initial.state.source ?? '')
  const told = useRef(onPrices)
  told.current = onPrices

  const since = initial.state.model ? Date.parse(initial.state.model.since) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: `begun` says that there are other points to begin with
  track.current = useMemo(
    () =>
      points.current.length === 0
        ? null
        : newTrack({ window, tolerance, modelPoints }, points.current, source.current, since),
    [window, tolerance, modelPoints, since, begun],
  )

  useEffect(() => {
    const stream = new EventSource(`/api/v1/btc/stream?points=${POINTS}&levels=${levels ? 'on' : 'off'}`)
    let frame = 0
    const draw = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        setRevision((count) => count + 1)
      })
    }
    const read = <Value>(event: Event) => JSON.parse((event as MessageEvent<string>).data) as Value
    stream.onopen = () => setConnected(true)
    stream.onerror = () => setConnected(false)
    stream.addEventListener('feed', (event) => setFeed(read<FeedNow>(event)))
    stream.onmessage = (event) => {
      const next = read<PoolDesk>(event)
      source.current = next.source ?? ''
      setState(next)
    }
    stream.addEventListener('points', (event) => {
      const all = read<Point[]>(event)
      const last = points.current[points.current.length - 1]
      // After a pause of the connection the pool tells again what is known already.
      const fresh = last ? all.filter(([at]) => at > last[0]) : all
      if (fresh.length === 0) return
      points.current.push(...fresh)
      if (points.current.length > 2 * POINTS) points.current.splice(0, points.current.length - POINTS)
      draw()
      if (!track.current) return setBegun((count) => count + 1)
      track.current.add(fresh, source.current)
      told.current(fresh)
    })
    return () => {
      stream.close()
      cancelAnimationFrame(frame)
    }
  }, [levels])

  return { feed, pool: state, connected, track: track.current, revision }
}

/** What is drawn: column by column, as uPlot wants it. */
export interface Rows {
  /** Seconds since 1970. */
  readonly times: number[]
  readonly prices: number[]
  readonly averages: (number | null)[]
  readonly states: (MarketState | null)[]
  readonly errors: (number | null)[]
  /** When each linear model began, seconds since 1970. */
  readonly models: number[]
}

/** A viewer's own desk over the points the pool told, with all that is drawn of it. */
type Track = ReturnType<typeof newTrack>

const MOST_ROWS = 20_000

/** @param since when the pool's own model began: with as many points a model, the viewer's begin where the pool's do. */
function newTrack(options: DeskOptions, points: readonly Point[], source: string, since: number | null) {
  const desk = newDesk(options)
  const rows: Rows = { times: [], prices: [], averages: [], states: [], errors: [], models: [] }

  function add(more: readonly Point[], from: string): void {
    for (const [at, units] of more) {
      desk.add({ at, units, source: from })
      const { price, average, state, error, model } = desk.state(false)
      rows.times.push(at / 1000)
      rows.prices.push(price ?? 0)
      rows.averages.push(average)
      rows.states.push(state)
      rows.errors.push(error)
      const began = model && Date.parse(model.since) / 1000
      if (began && rows.models[rows.models.length - 1] !== began) rows.models.push(began)
    }
    if (rows.times.length <= 2 * MOST_ROWS) return
    const old = rows.times.length - MOST_ROWS
    for (const column of [rows.times, rows.prices, rows.averages, rows.states, rows.errors]) column.splice(0, old)
  }

  const start = points.findIndex(([at]) => at === since)
  add(start < 0 ? points : points.slice(start % options.modelPoints), source)
  return { rows, add, state: desk.state, accuracy: desk.accuracy, pastErrors: desk.errors }
}
