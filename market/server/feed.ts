import { MAX_UNITS, type Skipped } from '../../jobs/btc/series.ts'

/** Where prices come from. It tells what happens until it is closed; it never throws and never ends by itself. */
export interface Feed {
  /** For people: "Kraken", "Replay of …". */
  readonly name: string
  close(): void
}

export type Tell = (event: FeedEvent) => void

export type FeedEvent =
  | { readonly type: 'connected' }
  /** In order of time. `filled`: asked for afterwards, from while the feed was away. */
  | { readonly type: 'ticks'; readonly ticks: readonly Tick[]; readonly filled: boolean }
  /** Nothing is known between these times (ms), and could not be had afterwards. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  /** A message that cannot be understood, shortened. */
  | { readonly type: 'rubbish'; readonly sample: string }
  /** Rows of a recording that the rules of an import leave out. */
  | { readonly type: 'leftOut'; readonly skipped: Skipped }
  | { readonly type: 'lost'; readonly because: string; readonly retryMs: number }
  | { readonly type: 'ended' }

/** Time as feeds need it; tests bring their own. */
export interface Timer {
  now(): number
  /** Runs `work` after `ms`, unless cancelled. */
  after(ms: number, work: () => void): { cancel(): void }
}

export const timer: Timer = {
  now: () => Date.now(),
  after(ms, work) {
    const handle = setTimeout(work, ms)
    return { cancel: () => clearTimeout(handle) }
  },
}

/** One price as it came, whoever told it. */
export interface Tick {
  /** Milliseconds since 1970, by the source's clock. */
  readonly at: number
  /** Whole number of 10⁻⁸ USD. */
  readonly units: number
  /** For example `kraken`, `coinbase`, `replay`, `synthetic`; at most 12 letters. */
  readonly source: string
}

const DECIMAL = /^\+?(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/
const DECIMALS = 8

/**
 * A price's decimal text in units of 10⁻⁸ USD, exact to the eighth decimal and rounded half up beyond it; undefined for
 * anything that is no price: no number, zero, negative, or above $90,000,000.
 */
export function unitsOf(text: string): number | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  // The decimal point's place among the digits, in units.
  const digits = whole + fraction
  const place = whole.length + Number(exponent) + DECIMALS
  if (place > digits.length + 32) return undefined
  const kept = place <= 0 ? '' : digits.slice(0, place).padEnd(place, '0')
  const significant = kept.replace(/^0+/, '')
  if (significant.length > 16) return undefined
  const roundsUp = place >= 0 && (digits[place] ?? '0') >= '5'
  const units = Number(significant) + (roundsUp ? 1 : 0)
  return units > 0 && units <= MAX_UNITS ? units : undefined
}

// Which ticks of a live feed count. The rules of an import, as far as they can be followed without seeing what comes next.

const SPIKE = 5
/** A level five times away is believed when this many ticks in a row agree on it. */
const BELIEVED_AFTER = 3
const DAY_MS = 86_400_000
/** A source whose clock is further ahead than this is wrong. */
const MAX_AHEAD_MS = 60_000

type Verdict =
  | { readonly type: 'kept'; readonly tick: Tick; readonly gapMs?: number }
  | { readonly type: 'excluded'; readonly tick: Tick; readonly because: Reason }

type Reason = 'outOfOrder' | 'duplicate' | 'spike' | 'future'

export function newGate(last?: Tick) {
  const excluded = { outOfOrder: 0, duplicate: 0, spike: 0, future: 0 }
  let doubted: Tick[] = []

  function refuse(tick: Tick, because: Reason): Verdict {
    excluded[because]++
    return { type: 'excluded', tick, because }
  }

  function keep(tick: Tick): Verdict {
    const gapMs = last ? tick.at - last.at : 0
    last = tick
    doubted = []
    return gapMs >= DAY_MS ? { type: 'kept', tick, gapMs } : { type: 'kept', tick }
  }

  return {
    /** `now`: ms, for live feeds; a replay gives none, its times are not today's. */
    admit(tick: Tick, now?: number): Verdict {
      if (now !== undefined && tick.at > now + MAX_AHEAD_MS) return refuse(tick, 'future')
      if (!last) return keep(tick)
      if (tick.at < last.at) return refuse(tick, 'outOfOrder')
      if (tick.at === last.at) return refuse(tick, 'duplicate')
      if (!far(tick, last)) return keep(tick)
      if (doubted.some((other) => far(tick, other))) doubted = []
      doubted.push(tick)
      return doubted.length >= BELIEVED_AFTER ? keep(tick) : refuse(tick, 'spike')
    },
    /** How many were excluded so far, by reason. */
    excluded: (): Readonly<Record<Reason, number>> => excluded,
  }
}

function far(a: Tick, b: Tick): boolean {
  return a.units >= b.units * SPIKE || a.units * SPIKE <= b.units
}
