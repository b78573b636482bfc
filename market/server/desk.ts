import type { PoolDesk } from '../desk/levels.ts'
import type { News, Prices, Ticker } from '../desk/prices.ts'
import { type Timer, timer } from './feed.ts'
import { createLevels, type LevelsParts } from './levels.ts'

/** Whoever asked for the state this lately still looks. */
const LOOKED_MS = 60_000

/** Prices with what the pool computes of them. `start` once the pool runs. */
export function openDesk(
  ticker: Ticker,
  parts: LevelsParts & { readonly timer?: Timer },
): Prices & { start(): Promise<void> } {
  const clock = parts.timer ?? timer
  const listeners = new Set<(news: News<PoolDesk>) => void>()
  let looking = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  const levels = createLevels({
    ...parts,
    timer: clock,
    recent: ticker.recent,
    looked: () => looking > 0 || clock.now() - lookedAt < LOOKED_MS,
    changed() {
      for (const listener of listeners) listener({ type: 'state', state: state() })
    },
  })
  const state = (): PoolDesk => ({ ...ticker.now().state, ...levels.now() })

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
    start: levels.start,
    async close() {
      await levels.close()
      await ticker.close()
    },
  }
}
