import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OutputsMissing, type Store } from '../../coordinator/store/port.ts'
import type { Backend } from './contract.ts'
import { batch, deviceId, jobId, NOON, newJob, outputTexts, progressOf, result } from './sample.ts'

/** What every store promises of outputs that nobody needs any more. */
export function reclaimContract(name: string, open: () => Promise<Backend>): void {
  describe(`outputs that do not count any more: ${name}`, () => {
    let backend: Backend
    let store: Store
    beforeEach(async () => {
      backend = await open()
      store = backend.store
    })
    afterEach(() => backend.close())

    const megabytes = (letter: string, tasks: number) => Array.from({ length: tasks }, () => letter.repeat(1_000_000))

    test('[S57] while a job goes on, outputs that do not count any more never take more than those of every task', async () => {
      const job = newJob('b', { taskCount: 4 })
      await store.addJob(job)
      await store.commit(batch([result(3, { job: 'b', device: 'e', outputs: ['three'] })]))
      let reading: AsyncIterator<Uint8Array> | undefined
      for (let round = 0; round < 10; round++) {
        const letter = String.fromCharCode(97 + round)
        const liar = { job: 'b', device: `liar-${round}` }
        await store.commit(
          batch([
            result(0, { ...liar, state: 'pending', outputs: megabytes(letter, 3) }),
            result(0, { ...liar, device: `${liar.device}-too`, state: 'noted', outputs: megabytes('z', 3) }),
          ]),
        )
        // Waits for what the commit has begun.
        await store.load()
        expect((await store.job(job.id))?.outputBytes).toBeLessThanOrEqual(2 * 4 * 1_000_000)
        if (round === 2) {
          reading = store.outputs(job.id, 3)[Symbol.asyncIterator]()
          expect(new TextDecoder().decode((await reading.next()).value)).toBe('three')
        }
        const { device } = liar
        await store.commit(
          batch([
            { type: 'resultsRevoked', job: job.id, from: 0, to: 3, device: deviceId(device), because: 'It lied.' },
          ]),
        )
      }
      expect(await reading?.next()).toMatchObject({ done: true })
      expect(await outputTexts(store, 'b', 3)).toEqual(['three'])
      await store.commit(
        batch([
          result(0, { job: 'b', device: 'f', state: 'pending', outputs: ['0', '1', '2'] }),
          { type: 'tasksDecided', job: job.id, from: 0, to: 3, device: deviceId('f'), how: 'agreed' },
        ]),
      )
      store = await backend.reopen()
      expect(await outputTexts(store, 'b')).toEqual(['0', '1', '2', 'three'])
      expect((await store.load()).jobs.map(({ spec }) => spec.id)).toContain('b')
    })

    test('[S57] the last kept output of an undecided task, and the deciding one of the others, outlive the rewriting', async () => {
      const job = newJob('b', { taskCount: 3 })
      await store.addJob(job)
      const kept = async (device: string, letter: string, state: 'pending' | 'accepted' = 'pending', tasks = 3) =>
        store.commit(batch([result(0, { job: 'b', device, state, outputs: megabytes(letter, tasks) })]))
      const decide = (from: number, to: number, device: string) =>
        batch([{ type: 'tasksDecided', job: job.id, from, to, device: deviceId(device), how: 'agreed' }])
      await kept('c', 'c', 'accepted', 1)
      for (const letter of ['d', 'e', 'f', 'g']) await kept(letter, letter)
      await store.commit(decide(1, 2, 'g'))
      // What agrees with the deciding output has its bytes, also where that is revoked.
      await store.commit(
        batch([
          result(1, { job: 'b', device: 'h', state: 'agreed', outputs: megabytes('g', 1) }),
          { type: 'resultsRevoked', job: job.id, from: 1, to: 2, device: deviceId('g'), because: 'It lied.' },
        ]),
      )
      store = await backend.reopen()
      expect((await store.job(job.id))?.outputBytes).toBeLessThanOrEqual(7 * 1_000_000)
      await store.commit(decide(1, 2, 'h'))
      await store.commit(decide(2, 3, 'g'))
      const starts = (await outputTexts(store, 'b')).map((text) => `${text[0]} ${text.length}`)
      expect(starts).toEqual(['c 1000000', 'g 1000000', 'g 1000000'])
    })

    test('[S58] when a job has ended, its accepted outputs are kept and nothing else', async () => {
      const ends = async (name: string, status: 'done' | 'cancelled' | 'failed') => {
        const job = newJob(name, { taskCount: 3 })
        await store.addJob(job)
        await store.commit(
          batch([
            result(0, { job: name, outputs: ['lie', 'lie'] }),
            { type: 'resultsRevoked', job: job.id, from: 0, to: 2, device: deviceId('d'), because: 'It lied.' },
            result(0, { job: name, device: 'e', state: 'pending', outputs: ['zero', 'one', 'not decided'] }),
            result(0, { job: name, device: 'f', state: 'noted', outputs: ['zero', 'one', 'noted'] }),
            { type: 'tasksDecided', job: job.id, from: 0, to: 2, device: deviceId('e'), how: 'agreed' },
            ...(status === 'done' ? [result(2, { job: name, outputs: ['two'] })] : []),
          ]),
        )
        const tasksDone = status === 'done' ? 3 : 2
        await store.commit(batch([progressOf(job, { status, tasksDone, finishedAt: NOON })]))
      }
      await ends('x', 'done')
      await ends('y', 'cancelled')
      await ends('z', 'failed')
      store = await backend.reopen()
      expect(await outputTexts(store, 'x')).toEqual(['zero', 'one', 'two'])
      for (const name of ['y', 'z']) {
        expect(await outputTexts(store, name, 0, 2)).toEqual(['zero', 'one'])
        await expect(outputTexts(store, name)).rejects.toThrow(OutputsMissing)
      }
      const bytes = async (name: string) => (await store.job(jobId(name)))?.outputBytes
      expect([await bytes('x'), await bytes('y'), await bytes('z')]).toEqual([10, 7, 7])
      expect((await store.diskUse()).outputsBytes).toBe(24)
      expect((await store.decided(jobId('x'))).map(({ from, to, device }) => [from, to, device])).toEqual([
        [0, 2, 'e'],
        [2, 3, 'd'],
      ])
      expect(await store.deleteJob(jobId('x'))).toBe(true)
      expect(await store.forgetOutputs({ ranMs: 1, keptMs: 0 })).toBe(14)
      expect((await store.diskUse()).outputsBytes).toBe(0)
    })
  })
}
