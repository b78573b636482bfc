import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeSeries } from '../../jobs/btc/series.ts'
import { coinbase } from './coinbase.ts'
import type { Feed, Tell, Tick } from './feed.ts'
import type { Imported } from './import.ts'
import { kraken } from './kraken.ts'
import { openLive } from './live.ts'
import { openReplay } from './replay.ts'
import { SAMPLE_FROM, SAMPLE_SEED } from './sample.ts'
import { syntheticTicks } from './synthetic.ts'

export const SOURCES = ['replay', 'kraken', 'coinbase', 'off'] as const

export interface PricesConfig {
  readonly source: (typeof SOURCES)[number]
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
      const venue = source === 'kraken' ? kraken() : coinbase()
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
