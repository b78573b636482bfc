import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeSeries } from '../../jobs/btc/series.ts'
import { type Feed, type Tell, type Tick, type Timer, timer } from './feed.ts'
import type { Imported } from './import.ts'
import { openLive } from './live.ts'
import { SAMPLE_FROM, SAMPLE_SEED, syntheticTicks } from './sample.ts'
import { coinbase, kraken } from './venues.ts'

const VENUES = { kraken, coinbase } as const

/** Where prices may come from. */
export const SOURCES = ['replay', ...(Object.keys(VENUES) as (keyof typeof VENUES)[])] as const
/** As the setting names them. */
export const SETTINGS = [...SOURCES, 'off'] as const

/** "replay, kraken or coinbase" */
export function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`
}

interface PricesConfig {
  readonly source: (typeof SETTINGS)[number]
  /** A recorded log or CSV; null: the project's own synthetic sample, without end. */
  readonly replay: string | null
  /** Recorded seconds per second. */
  readonly speed: number
}

export interface Source {
  readonly name: string
  readonly live: boolean
  /** Names the folder its ticks are kept in: prices of one source are never mixed with another's. */
  readonly folder: string
  /** Goes on after the last tick that was kept. */
  open(tell: Tell, last: Tick | undefined): Feed
}

/** Ticks passed over at once when a replay goes on where it was. */
const PASSED_AT_ONCE = 5000

/** @param read a recording on the host, off the event loop */
export function sourceOf(
  { source, replay, speed }: PricesConfig,
  read: (path: string) => Promise<Imported>,
): Source | null {
  switch (source) {
    case 'off':
      return null
    case 'kraken':
    case 'coinbase': {
      const venue = VENUES[source]()
      return {
        name: venue.name,
        live: true,
        folder: source,
        open: (tell, last) => openLive(venue, tell, last ? { since: last.at } : {}),
      }
    }
    case 'replay': {
      const name = replay === null ? 'Replay of the synthetic sample' : `Replay of ${basename(replay)}`
      return {
        name,
        live: false,
        folder: replay === null ? 'synthetic' : `replay-${basename(replay).replace(/[^\w-]+/g, '-')}`,
        open(tell, last) {
          const ticks = replay === null ? syntheticTicks(SAMPLE_SEED, SAMPLE_FROM) : recorded(read(replay), tell)
          return openReplay(last ? after(ticks, last.at) : ticks, tell, { name, speed })
        },
      }
    }
    default:
      return source satisfies never
  }
}

async function* recorded(reading: Promise<Imported>, tell: Tell): AsyncGenerator<Tick> {
  const read = await reading
  if (read.type === 'refused') throw new Error(read.sentence)
  const { prices, times, skipped } = decodeSeries(read.bytes)
  tell({ type: 'leftOut', skipped })
  for (const [i, at] of times.entries()) yield { at, units: prices[i]!, source: 'replay' }
}

async function* after(ticks: Iterable<Tick> | AsyncIterable<Tick>, at: number): AsyncGenerator<Tick> {
  let passed = 0
  for await (const tick of ticks) {
    if (tick.at > at) yield tick
    else if (++passed % PASSED_AT_ONCE === 0) await setImmediate()
  }
}

/** Ticks told at once at most, so that a fast replay leaves others their turn. */
const BATCH = 1000

interface ReplayOptions {
  readonly name: string
  /** Recorded seconds per second; Infinity tells them as fast as they can be read. */
  readonly speed: number
  readonly timer?: Timer
}

/** Plays recorded ticks with their own times, a gap of a day as long as it was at speed 1. */
export function openReplay(
  recorded: AsyncIterable<Tick> | Iterable<Tick>,
  tell: Tell,
  { name, speed, timer: { after, now } = timer }: ReplayOptions,
): Feed {
  let closed = false
  let wake: (() => void) | undefined
  let pending: { cancel(): void } | undefined

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      pending = after(ms, resolve)
    })

  async function play(): Promise<void> {
    tell({ type: 'connected' })
    let start: { readonly at: number; readonly now: number } | undefined
    let due: Tick[] = []
    const flush = () => {
      if (due.length > 0) tell({ type: 'ticks', ticks: due, filled: false })
      due = []
    }
    for await (const tick of recorded) {
      if (closed) return
      start ??= { at: tick.at, now: now() }
      const waitMs = Math.max(0, (tick.at - start.at) / speed - (now() - start.now))
      if (waitMs > 0 || due.length === BATCH) {
        flush()
        await pause(waitMs)
        if (closed) return
      }
      due.push(tick)
    }
    flush()
    tell({ type: 'ended' })
  }

  play().catch((error) => {
    tell({ type: 'lost', because: error instanceof Error ? error.message : String(error), retryMs: 0 })
    tell({ type: 'ended' })
  })
  return {
    name,
    close() {
      closed = true
      pending?.cancel()
      wake?.()
    },
  }
}
