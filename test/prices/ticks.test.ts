import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Tick } from '../../market/server/feed.ts'
import { openTicks } from '../../market/server/ticks.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 10, 21)

let folder: string
let store: Awaited<ReturnType<typeof openTicks>>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ticks-'))
  store = await openTicks(folder)
})

afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const tick = (i: number): Tick => ({ at: START + i * 7_200_000, units: 9_000_000_000_000 + i, source: 'synthetic' })

async function all(from?: number, to?: number): Promise<Tick[]> {
  const found: Tick[] = []
  for await (const one of store.read(from, to)) found.push(one)
  return found
}

async function restart(): Promise<void> {
  await store.close()
  store = await openTicks(folder)
}

test('[Q8] what was appended is there after a restart, in order, over several days', async () => {
  const ticks = Array.from({ length: 30 }, (_, i) => tick(i))
  await Promise.all([store.append(ticks.slice(0, 5)), store.append(ticks.slice(5, 20)), store.append([])])
  await restart()
  await store.append(ticks.slice(20))
  expect(await all()).toEqual(ticks)
  expect(await all(ticks[3]!.at, ticks[17]!.at)).toEqual(ticks.slice(3, 18))
  expect(await readdir(folder)).toHaveLength(3)
})

test('[Q8] a record torn by a crash is cut off, and the next one is read', async () => {
  await store.append([tick(0), tick(1), tick(2)])
  await store.close()
  const [file] = await readdir(folder)
  await truncate(join(folder, file!), 32 * 3 - 5)
  store = await openTicks(folder)
  expect(await all()).toEqual([tick(0), tick(1)])
  await store.append([tick(3)])
  await store.close()
  await appendFile(join(folder, file!), Buffer.alloc(40, 1))
  store = await openTicks(folder)
  await store.append([tick(4)])
  expect(await all()).toEqual([tick(0), tick(1), tick(3), tick(4)])
})

test('[Q8] days that are over are forgotten whole, younger ones stay', async () => {
  await store.append(Array.from({ length: 36 }, (_, i) => tick(i)))
  expect(await store.forget(START + 2 * DAY_MS, 0)).toBe(2)
  expect((await all())[0]!.at).toBe(START + 2 * DAY_MS)
  expect(await store.forget(START + 2 * DAY_MS, 0)).toBe(0)
  await store.append([tick(36)])
  expect(await all()).toHaveLength(13)
})

test('[Q30] what was forgotten is counted, also when the process dies in between; the newest so many stay', async () => {
  await store.append(Array.from({ length: 36 }, (_, i) => tick(i)))
  expect(await store.forget(START + 3 * DAY_MS, 20)).toBe(1)
  expect(store.forgotten()).toBe(12)
  // Killed after the note and before the removal: the day goes when opening.
  await writeFile(join(folder, 'forgotten.json'), JSON.stringify({ ticks: 24, before: '2026-11-23' }))
  await restart()
  expect(store.forgotten()).toBe(24)
  expect((await all())[0]).toEqual(tick(24))
})

test('[Q30] ticks still on their way to an old day are counted with it', async () => {
  const writing = store.append(Array.from({ length: 24 }, (_, i) => tick(i)))
  const both = Promise.all([store.forget(START + DAY_MS, 0), store.forget(START + DAY_MS, 0)])
  expect(await both).toEqual([1, 0])
  await writing
  expect(store.forgotten()).toBe(12)
  expect(await all()).toHaveLength(12)
})

test('[Q8] a tick that cannot be written is refused, and later ones are kept', async () => {
  const kept = store.append([tick(0)]).then(() => store.append([tick(2)]))
  await kept
  await expect(store.append([{ ...tick(1), at: Number.NaN }])).rejects.toThrow()
  await store.append([tick(1)])
  expect(await all()).toEqual([tick(0), tick(2), tick(1)])
})
