import { join } from 'node:path'
import type { Log } from '../../coordinator/log.ts'
import { type DeskOptions, deskDefaults, isStale, newDesk } from '../desk/desk.ts'
import type { FeedNow, News, Point, Ticker } from '../desk/prices.ts'
import { type FeedEvent, newGate, type Tick, type Timer, timer } from './feed.ts'
import type { Source } from './source.ts'
import { openTicks } from './ticks.ts'

const DAY_MS = 86_400_000
/** How long ticks are kept, counted back from the newest; longer where there are few. */
const KEPT_DAYS = 30
/** Linear models a restart brings back; predictions older than these are no longer measured. */
const MODELS_RESTORED = 6
/** Ticks a page may ask for at once, always kept: more than a restart brings back. */
const RECENT = 20_000
const GAPS_SHOWN = 20
const LOOK_EVERY_MS = 1000

interface TickerParts {
  readonly source: Source
  readonly dataDir: string
  readonly log: Log
  readonly timer?: Timer
  readonly desk?: DeskOptions
}

/** Source → gate → disk → desk. What was shown before a restart is shown after it. */
export async function openTicker(parts: TickerParts): Promise<Ticker> {
  const { source, log, timer: clock = timer, desk: options = deskDefaults } = parts
  const store = await openTicks(join(parts.dataDir, 'prices', source.folder))
  const desk = newDesk(options)
  const ring = newRing<Tick>(RECENT)
  const listeners = new Set<(news: News) => void>()
  let today: number | undefined
  let arrived: number | null = null
  let usualMs = 0
  let stale = true
  /** What the gate never saw. */
  let leftOut = { rubbish: 0, duplicate: 0, spike: 0 }
  let status: FeedNow['status'] = 'waiting'
  let trouble: string | null = null
  let unkept: string | null = null
  let gaps: FeedNow['gaps'] = []

  const last = await restore()
  const gate = newGate(last)

  /** Models begin where they began: at every so many ticks of all there ever were. */
  async function restore(): Promise<Tick | undefined> {
    let count = store.forgotten()
    const kept = newRing<Tick>(MODELS_RESTORED * options.modelPoints)
    let before: Tick | undefined
    for await (const tick of store.read()) {
      if (before && tick.at - before.at >= DAY_MS) gaps = [...gaps, { from: before.at, to: tick.at }].slice(-GAPS_SHOWN)
      before = tick
      kept.add(tick)
      ring.add(tick)
      count++
    }
    const ticks = kept.last(Number.POSITIVE_INFINITY)
    const inside = Math.min(ticks.length, (MODELS_RESTORED - 1) * options.modelPoints + (count % options.modelPoints))
    for (const tick of ticks.slice(ticks.length - inside)) desk.add(tick)
    return ticks[ticks.length - 1]
  }

  function tell(news: News): void {
    for (const listener of listeners) listener(news)
  }

  function feedNow(): FeedNow {
    const { duplicate, spike, ...rest } = gate.excluded()
    const { rubbish } = leftOut
    const excluded = { ...rest, rubbish, duplicate: duplicate + leftOut.duplicate, spike: spike + leftOut.spike }
    return { name: source.name, live: source.live, status, trouble: trouble ?? unkept, excluded, gaps }
  }

  function told(next: FeedNow['status'], words: string | null): void {
    status = next
    trouble = words
    tell({ type: 'feed', feed: feedNow() })
  }

  function heard(ticks: readonly Tick[]): void {
    const kept: Tick[] = []
    let refused = 0
    for (const tick of ticks) {
      const verdict = source.live ? gate.admit(tick, clock.now()) : gate.admit(tick)
      if (verdict.type === 'excluded') {
        refused++
        continue
      }
      if (verdict.gapMs !== undefined) noteGap(tick.at - verdict.gapMs, tick.at)
      kept.push(tick)
      desk.add(tick)
      ring.add(tick)
    }
    if (refused > 0) tell({ type: 'feed', feed: feedNow() })
    if (kept.length === 0) return
    keep(kept)
    forgetOld(kept[kept.length - 1]!.at)
    const now = clock.now()
    if (arrived !== null) usualMs = (now - arrived) / kept.length
    arrived = now
    stale = false
    tell({ type: 'points', points: kept.map(pointOf) })
    tell({ type: 'state', state: desk.state(stale) })
  }

  function keep(ticks: readonly Tick[]): void {
    const said = (words: string | null) => {
      if (unkept === words) return
      unkept = words
      tell({ type: 'feed', feed: feedNow() })
    }
    store.append(ticks).then(
      () => said(null),
      (error) => {
        log.warn({ err: error }, 'prices could not be kept')
        said('The disk does not take prices right now: they are shown, but a restart would lose them.')
      },
    )
  }

  function noteGap(from: number, to: number): void {
    gaps = [...gaps, { from, to }].slice(-GAPS_SHOWN)
    tell({ type: 'feed', feed: feedNow() })
  }

  /** Once for every new day. */
  function forgetOld(at: number): void {
    const day = Math.floor(at / DAY_MS)
    if (day === today) return
    today = day
    store
      .forget(at - KEPT_DAYS * DAY_MS, RECENT)
      .catch((error) => log.warn({ err: error }, 'old prices could not be removed'))
  }

  function happened(event: FeedEvent): void {
    switch (event.type) {
      case 'connected':
        told('connected', null)
        break
      case 'ticks':
        heard(event.ticks)
        break
      case 'gap':
        noteGap(event.from, event.to)
        break
      case 'rubbish':
        leftOut = { ...leftOut, rubbish: leftOut.rubbish + 1 }
        log.warn({ source: source.name, sample: event.sample }, 'a message that cannot be understood')
        tell({ type: 'feed', feed: feedNow() })
        break
      case 'leftOut': {
        const { unreadable, price, duplicate, spike } = event.skipped
        leftOut = { rubbish: unreadable + price, duplicate, spike }
        tell({ type: 'feed', feed: feedNow() })
        break
      }
      case 'lost':
        told('lost', `${source.name} is away: ${event.because}`)
        break
      case 'ended':
        told('ended', trouble ?? `${source.name} is at its end.`)
        break
      default:
        throw new Error(`Unknown event ${event satisfies never}`)
    }
  }

  let looking = clock.after(LOOK_EVERY_MS, look)
  function look(): void {
    const gone = isStale(arrived, clock.now(), usualMs)
    if (gone && !stale) {
      stale = true
      tell({ type: 'state', state: desk.state(true) })
    }
    looking = clock.after(LOOK_EVERY_MS, look)
  }

  const feed = source.open(happened, last)
  return {
    now: () => ({ feed: feedNow(), state: desk.state(stale) }),
    recent: (limit) => ring.last(limit).map(pointOf),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      feed.close()
      looking.cancel()
      listeners.clear()
      await store.close()
    },
  }
}

function pointOf({ at, units }: Tick): Point {
  return [at, units]
}

/** The newest `size` of what was added. */
function newRing<Item>(size: number) {
  let items: Item[] = []
  return {
    add(item: Item): void {
      items.push(item)
      // Cut now and then, so that adding costs nothing.
      if (items.length >= 2 * size) items = items.slice(-size)
    },
    /** The newest `limit`, oldest first. */
    last: (limit: number) => items.slice(-Math.min(limit, size)),
  }
}
