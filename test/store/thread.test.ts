import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../coordinator/store/core.ts'
import { StoreError } from '../../coordinator/store/port.ts'
import { bundle } from './bundle.ts'
import { storeContract } from './contract.ts'
import { batch, newJob, outputTexts, result } from './sample.ts'
import { scratchFolder } from './scratch.ts'

let script: string
beforeAll(async () => {
  script = await bundle('coordinator/store/worker.ts')
})

storeContract('SQLite in its thread', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-store-'))
  const store = await openStore({ databaseUrl: null, dataDir }, script)
  return {
    store,
    // What is durable is shown in one thread already; a thread takes a while to start.
    async reopen() {
      await store.load()
      return store
    },
    async close() {
      await store.close()
      await rm(dataDir, { recursive: true })
    },
  }
})

describe('the thread', () => {
  test('[S22] a store that cannot be opened says so in a sentence', async () => {
    const opening = openStore({ databaseUrl: 'file:/nowhere/pool.db', dataDir: await scratchFolder() }, script)
    await expect(opening).rejects.toThrow(StoreError)
    await expect(opening).rejects.toMatchObject({ sentence: expect.stringMatching(/cannot be opened/) })
  })

  test('[S23] a reader that leaves early frees the stream, a slow one gets everything', async () => {
    const store = await openStore({ databaseUrl: null, dataDir: await scratchFolder() }, script)
    const big = 'x'.repeat(200_000)
    await store.addJob(newJob('a', { taskCount: 40 }))
    await store.commit(batch([result(0, { outputs: Array.from({ length: 40 }, (_, i) => `${i}${big}`) })]))
    for await (const output of store.outputs(newJob('a').id)) {
      expect(output.byteLength).toBe(big.length + 1)
      break
    }
    let next = 0
    for await (const output of store.outputs(newJob('a').id)) {
      await new Promise(setImmediate)
      expect(new TextDecoder().decode(output)).toBe(`${next++}${big}`)
    }
    expect(next).toBe(40)
    await store.close()
  })

  test('[S24] views into larger buffers are kept as what they show, and are whole for the caller afterwards', async () => {
    const store = await openStore({ databaseUrl: null, dataDir: await scratchFolder() }, script)
    await store.addJob(newJob('a'))
    const whole = result(0, { outputs: ['zero', 'one', 'two'] })
    const bytes = new TextEncoder().encode('..zeroonetwo..')
    const outputs = [bytes.subarray(2, 6), bytes.subarray(6, 9), bytes.subarray(9, 12)]
    const words = Uint32Array.of(7, 1, 2, 3, 7)
    const change = { ...whole.change, prices: words.subarray(1, 4) }
    await store.commit(batch([{ change, bytes: { from: 0, outputs } }]))
    const [kept] = [...((await store.load()).jobs[0]?.history ?? [])]
    expect(kept).toMatchObject({ prices: Uint32Array.of(1, 2, 3), digests: whole.change.digests })
    expect(words).toEqual(Uint32Array.of(7, 1, 2, 3, 7))
    expect(bytes.byteLength).toBe(14)
    await store.close()
  })

  test('[S47] should the thread die, calls fail in a sentence and the next load() goes on', async () => {
    const dying = await bundle('test/store/dying-worker.ts')
    const store = await openStore({ databaseUrl: null, dataDir: await scratchFolder() }, dying)
    await store.addJob(newJob('a'))
    await store.commit(batch([result(0, { outputs: ['zero'] })]))
    await expect(store.forgetOutputs({ ranMs: 0, keptMs: 0 })).rejects.toThrow(StoreError)
    await expect(store.commit(batch([result(1, { outputs: ['one'] })]))).rejects.toThrow(/has stopped/)
    expect([...((await store.load()).jobs[0]?.history ?? [])]).toHaveLength(1)
    await store.commit(batch([result(1, { outputs: ['one'] })]))
    expect(await outputTexts(store, 'a', 0, 2)).toEqual(['zero', 'one'])
    await store.close()
  })
})
