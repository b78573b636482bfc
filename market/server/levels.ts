import type { ApplicationHost } from '../../coordinator/application.ts'
import type { Log } from '../../coordinator/log.ts'
import type { LevelsResult } from '../../jobs/btc/analysis.ts'
import { btc } from '../../jobs/btc/index.ts'
import type { LevelsParams } from '../../jobs/btc/params.ts'
import type { JobView } from '../../protocol/api.ts'
import type { DeskBand, News, PoolDesk, Prices, Ticker } from '../desk/prices.ts'
import { type Timer, timer } from './feed.ts'
import type { SeriesStore } from './series.ts'

// Decision levels and a band of the latest prices, by btc's own analysis `levels`: a system job of the pool, begun again
// and again while somebody looks.

/** Latest prices looked at: a day of them, at one every 15 s. */
const LEVELS_OF = 6000
const LONGEST_WINDOW = 500
/** Two windows are learnt from before a band is drawn; as many prices are left to measure it by. */
const WINDOWS = 4
/** A band at 90 % needs 19 scores. */
const SHORTEST_WINDOW = 20
const FEWEST_PRICES = SHORTEST_WINDOW * WINDOWS
/** Whoever asked for the state this lately still looks. */
const LOOKED_MS = 60_000
/** Computed again after this long, if so many prices came meanwhile. */
const EVERY_MS = 60_000
const NEW_PRICES = 25
const TURN_MS = 1000
/** A system job that was not begun by then has to be explained. */
const PATIENCE_MS = 5000
const FAILED = 'The last computation came to nothing. Another one follows.'

interface Parts extends ApplicationHost {
  readonly series: Pick<SeriesStore, 'putForSystemJob' | 'forSystemJobs' | 'delete'>
  readonly log: Log
  readonly timer?: Timer
}

/** Prices with what the pool computes of them. `start` once the pool runs: it finds what an earlier run left. */
export function openDesk(ticker: Ticker, parts: Parts): Prices & { start(): Promise<void> } {
  const { systemJob, series, log, timer: clock = timer } = parts
  const listeners = new Set<(news: News<PoolDesk>) => void>()
  let now: Pick<PoolDesk, 'levels' | 'band'> = { levels: { steps: [], computed: null, waiting: null }, band: null }
  let looking = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let next: { cancel(): void } | undefined
  let busy: Promise<void> = Promise.resolve()
  let closed = false

  const state = (): PoolDesk => ({ ...ticker.now().state, ...now })

  function change(to: typeof now): void {
    now = to
    for (const listener of listeners) listener({ type: 'state', state: state() })
  }

  function wait(waiting: string | null): void {
    if (waiting !== now.levels.waiting) change({ ...now, levels: { ...now.levels, waiting } })
  }

  async function take(job: JobView): Promise<void> {
    const result = (await parts.result(job.id)) as LevelsResult
    const shares = await parts.contributions(job.id)
    const { points, from, to } = result.used
    const computed = {
      at: job.finishedAt ?? job.createdAt,
      points,
      from: from ?? '',
      to: to ?? '',
      job: job.id,
      devices: shares.length,
      people: [...new Map(shares.map(({ volunteer }) => [volunteer.id, volunteer.name])).values()],
    }
    const { stride = 1 } = paramsOf(job)
    change({ levels: { steps: result.levels, computed, waiting: null }, band: bandOf(result, stride) })
  }

  function due(): boolean {
    if (clock.now() - askedAt < EVERY_MS) return false
    const { computed } = now.levels
    const [oldest] = ticker.recent(NEW_PRICES)
    return computed === null || (oldest !== undefined && oldest[0] > Date.parse(computed.to))
  }

  async function ask(): Promise<void> {
    const points = ticker.recent(LEVELS_OF)
    if (points.length < FEWEST_PRICES)
      return wait(`Levels begin with ${FEWEST_PRICES} prices; ${points.length} are here.`)
    askedAt = clock.now()
    const made = await series.putForSystemJob({
      times: Float64Array.from(points, ([at]) => at),
      prices: Float64Array.from(points, ([, units]) => units),
    })
    await systemJob.ask({ kind: btc.id, params: levelsParams(made.id, points.length) }).catch(async (error) => {
      await tidy()
      throw error
    })
    wait(null)
  }

  /** What no system job and no job of anybody reads any more goes. */
  async function tidy(): Promise<void> {
    const needed = [systemJob.open(), systemJob.done()].map((job) => job && paramsOf(job).series)
    for (const { id } of await series.forSystemJobs())
      if (!needed.includes(id) && (await parts.usedBy(id)).length === 0) await series.delete(id)
  }

  async function turn(): Promise<void> {
    if (looking === 0 && clock.now() - lookedAt >= LOOKED_MS) return
    const found = await systemJob.look()
    const open = systemJob.open()
    const done = systemJob.done()
    if (found === 'done' && done) await take(done)
    if (found === 'nothing') wait(FAILED)
    if (found === 'done' || found === 'nothing') await tidy()
    else if (open) wait(whyNot(open, clock.now()))
    else if (due()) await ask()
  }

  function again(): void {
    next = clock.after(TURN_MS, () => {
      busy = turn()
        .catch((error: Error) => {
          log.warn({ err: error }, 'levels could not be computed')
          wait(FAILED)
        })
        .then(() => {
          if (!closed) again()
        })
    })
  }

  return {
    now(looks = true) {
      if (looks) lookedAt = clock.now()
      return { ...ticker.now(), state: state() }
    },
    recent: ticker.recent,
    listen(listener, looks = true) {
      listeners.add(listener)
      if (looks) looking++
      const silence = ticker.listen((news) => listener(news.type === 'state' ? { ...news, state: state() } : news))
      return () => {
        if (listeners.delete(listener) && looks) looking--
        silence()
      }
    },
    async start() {
      await systemJob.start()
      const last = systemJob.open() ?? systemJob.done()
      if (last) askedAt = Date.parse(last.createdAt)
      const done = systemJob.done()
      if (done) await take(done).catch((error: Error) => log.warn({ err: error }, 'the last levels could not be read'))
      await tidy()
      again()
    },
    async close() {
      closed = true
      next?.cancel()
      await busy
      await ticker.close()
    },
  }
}

/** A system job's params are our own. */
function paramsOf({ params }: JobView): LevelsParams {
  return params as LevelsParams
}

/** Why it is not computed right now, in a sentence; null while it is, or may be any moment. */
function whyNot({ status, waiting, createdAt }: JobView, now: number): string | null {
  if (now - Date.parse(createdAt) < PATIENCE_MS) return null
  if (status === 'paused') return 'The admin of this pool paused the computation.'
  return waiting ?? (status === 'queued' ? 'The pool computes other jobs first.' : null)
}

/** What is computed of so many prices; at least `FEWEST_PRICES`. */
function levelsParams(series: string, points: number) {
  const window = Math.min(LONGEST_WINDOW, Math.floor(points / WINDOWS))
  return { series, analysis: 'levels', depth: 5, window, coverage: 0.9, stride: Math.floor(window / 10) } as const
}

/** The band that a result draws at its last price; `ahead`: the stride it was asked with. */
function bandOf({ band, coverage }: LevelsResult, ahead: number): DeskBand | null {
  if (band === null || band.low === null || band.high === null) return null
  const { at, level, low, high } = band
  return { at, ahead, level, low, high, coverage }
}
