import type { Tick } from './feed.ts'

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

export interface Gate {
  /** `now`: ms, for live feeds; a replay gives none, its times are not today's. */
  admit(tick: Tick, now?: number): Verdict
  /** How many were excluded so far, by reason. */
  excluded(): Readonly<Record<Reason, number>>
}

export function newGate(last?: Tick): Gate {
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
    admit(tick, now) {
      if (now !== undefined && tick.at > now + MAX_AHEAD_MS) return refuse(tick, 'future')
      if (!last) return keep(tick)
      if (tick.at < last.at) return refuse(tick, 'outOfOrder')
      if (tick.at === last.at) return refuse(tick, 'duplicate')
      if (!far(tick, last)) return keep(tick)
      if (doubted.some((other) => far(tick, other))) doubted = []
      doubted.push(tick)
      return doubted.length >= BELIEVED_AFTER ? keep(tick) : refuse(tick, 'spike')
    },
    excluded: () => excluded,
  }
}

function far(a: Tick, b: Tick): boolean {
  return a.units >= b.units * SPIKE || a.units * SPIKE <= b.units
}
