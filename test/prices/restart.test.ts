import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../coordinator/log.ts'
import { deskDefaults } from '../../market/desk/desk.ts'
import type { FeedEvent, Tick } from '../../market/server/feed.ts'
import { syntheticTicks } from '../../market/server/sample.ts'
import { openTicker } from '../../market/server/ticker.ts'

const START = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'restart-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

/** Prices whose source tells what the test says. */
async function open(modelPoints: number) {
  let tell: (event: FeedEvent) => void = () => {}
  const source = {
    ...{ name: 'Test', live: false, folder: 'test' },
    open(heard: typeof tell) {
      tell = heard
      return { name: 'Test', close: () => {} }
    },
  }
  const prices = await openTicker({
    ...{ source, dataDir, log: createLog('silent') },
    desk: { ...deskDefaults, modelPoints },
  })
  return { ...prices, say: (ticks: readonly Tick[]) => tell({ type: 'ticks', ticks, filled: false }) }
}

/** A price every so many ms, in the synthetic walk. */
function* ticks(everyMs: number): Generator<Tick> {
  let i = 0
  for (const tick of syntheticTicks(3, START)) yield { ...tick, at: START + i++ * everyMs }
}

function take(from: Iterator<Tick>, count: number): Tick[] {
  return Array.from({ length: count }, () => from.next().value as Tick)
}

test.each([
  ['a price a minute for 50 days: the oldest days are forgotten', 60_000, 72_000, 1000, 19],
  ['a price a day for 133 days: too few to forget any', DAY_MS, 133, 100, 0],
])('[Q30] after a restart the desk is where it was: %s', async (_, everyMs, count, modelPoints, forgottenDays) => {
  const source = ticks(everyMs)
  const first = await open(modelPoints)
  for (let told = 0; told < count; told += 1000) first.say(take(source, Math.min(1000, count - told)))
  const before = first.now().state
  await first.close()
  const days = (count * everyMs) / DAY_MS
  const kept = (await readdir(join(dataDir, 'prices', 'test'))).filter((name) => name.endsWith('.ticks'))
  expect(Math.ceil(days) - kept.length).toBeGreaterThanOrEqual(forgottenDays)
  expect(before.model?.points).toBe(((count - 1) % modelPoints) + 1)

  const again = await open(modelPoints)
  expect(again.now().state).toEqual({ ...before, stale: true })
  // And it goes on as one that never stopped.
  const later = take(source, 150)
  again.say(later)
  expect(again.now().state.model?.points).toBe(((count + 150 - 1) % modelPoints) + 1)
  await again.close()
})
