import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OutputsMissing, type Store } from '../../coordinator/store/port.ts'
import {
  batch,
  credit,
  DAY_MS,
  device,
  deviceId,
  failure,
  historyOf,
  jobId,
  leaseId,
  NOON,
  newJob,
  outputTexts,
  progressOf,
  reputation,
  result,
  volunteer,
  volunteerId,
} from './sample.ts'

export interface Backend {
  readonly store: Store
  /** Closes the store and opens it again, as a restart of the coordinator does. */
  reopen(): Promise<Store>
  close(): Promise<void>
}

/** What every store promises, whatever it keeps its data in. */
export function storeContract(name: string, open: () => Promise<Backend>): void {
  describe(`the store contract: ${name}`, () => {
    let backend: Backend
    let store: Store
    beforeEach(async () => {
      backend = await open()
      store = backend.store
    })
    afterEach(() => backend.close())

    const a = newJob('a')
    const page = { limit: 10 }

    describe('jobs', () => {
      test('[S1] a job added is there after a restart as it was submitted', async () => {
        await store.addJob(a)
        store = await backend.reopen()
        expect(await store.job(a.id)).toMatchObject({ ...a, outputBytes: 0, doubted: 0, hasOutputs: true })
        expect((await store.job(a.id))?.progress).toMatchObject({
          id: a.id,
          status: 'queued',
          taskCount: 10,
          tasksDone: 0,
        })
      })

      test('[S2] jobs are listed newest first, page by page, by status and by who asked', async () => {
        for (const [i, name] of ['a', 'b', 'c', 'd', 'e'].entries())
          await store.addJob(newJob(name, { createdAt: NOON + Math.min(i, 3) }))
        await store.commit(batch([progressOf(newJob('c'), { status: 'done', finishedAt: NOON })]))
        const seen: string[] = []
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const found = await store.jobs({ limit: 2, ...(cursor && { cursor }) })
          seen.push(...found.items.map(({ id }) => id))
          cursor = found.next
        }
        expect(seen).toEqual(['e', 'd', 'c', 'b', 'a'])
        expect((await store.jobs({ ...page, status: 'done' })).items.map(({ id }) => id)).toEqual(['c'])
        await store.addJob(newJob('f', { submitter: 'system', createdAt: NOON + 9 }))
        const idsOf = async (whose: object) => (await store.jobs({ ...page, ...whose })).items.map(({ id }) => id)
        expect(await idsOf({ submitter: 'system' })).toEqual(['f'])
        expect(await idsOf({ but: 'system' })).toEqual(['e', 'd', 'c', 'b', 'a'])
        expect(await idsOf({ but: 'system', status: 'done' })).toEqual(['c'])
      })

      test('[S3] what the pool says of a job is what the next start and the pages read', async () => {
        await store.addJob(a)
        const changed = progressOf(a, {
          ...{ priority: -4, tasksDone: 7, waiting: 'Waiting for a second device.', unchecked: 2, credit: 2 ** 40 },
          ...{ pendingCredit: 12, overhead: { expected: 0.03, measured: 0.5 }, secondsLeft: 1.25 },
        })
        await store.commit(batch([progressOf(a), changed]))
        store = await backend.reopen()
        const wanted = changed.type === 'jobChanged' ? changed.job : undefined
        expect((await store.job(a.id))?.progress).toEqual(wanted)
        const { jobs } = await store.load()
        expect(jobs.map(({ progress }) => progress)).toEqual([wanted])
        const { title: _title, params: _params, ...spec } = a
        expect(jobs[0]?.spec).toEqual({ ...spec, priority: -4 })
      })

      test('[S4] final jobs are not loaded; paused and queued ones are', async () => {
        for (const status of ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const) {
          await store.addJob(newJob(status))
          await store.commit(batch([progressOf(newJob(status), { status })]))
        }
        const { jobs } = await store.load()
        expect(jobs.map(({ spec }) => spec.id).sort()).toEqual(['paused', 'queued', 'running'])
      })

      test('[S5] a deleted job is gone, its ledger lines are not, and late changes for it are ignored', async () => {
        await store.addJob(a)
        await store.saveVolunteer(volunteer('v-d'))
        await store.saveDevice(device('d', 'v-d'))
        await store.commit(batch([result(0, { outputs: ['x'] }), credit(3)]))
        expect(await store.deleteJob(a.id)).toBe(true)
        expect(await store.deleteJob(a.id)).toBe(false)
        expect(await store.deleteJob(jobId('never'))).toBe(false)
        await store.commit(batch([result(1, { outputs: ['y'] }), progressOf(a), credit(4)]))
        store = await backend.reopen()
        expect(await store.job(a.id)).toBeUndefined()
        expect((await store.jobs(page)).items).toEqual([])
        expect((await store.load()).jobs).toEqual([])
        expect(await store.decided(a.id)).toEqual([])
        await expect(outputTexts(store, 'a')).rejects.toThrow(OutputsMissing)
        expect(await store.contributions(a.id)).toMatchObject([{ credit: 7, tasks: 2, share: 1 }])
        expect(await store.volunteerTotals(volunteerId('v-d'))).toMatchObject({ credit: 7 })
      })
    })

    describe('results', () => {
      beforeEach(() => store.addJob(a))

      test('[S6] accepted outputs come back in task order, however they arrived', async () => {
        await store.commit(batch([result(6, { outputs: ['six', '', 'eight', 'nine'] })]))
        await store.commit(batch([result(3, { device: 'e', outputs: ['three', 'four', 'five'] })]))
        await store.commit(batch([result(0, { outputs: ['zero'] }), result(1, { device: 'e', outputs: ['1', '2'] })]))
        store = await backend.reopen()
        const all = ['zero', '1', '2', 'three', 'four', 'five', 'six', '', 'eight', 'nine']
        expect(await outputTexts(store, 'a')).toEqual(all)
        expect(await outputTexts(store, 'a', 2, 7)).toEqual(all.slice(2, 7))
        expect(await store.decided(a.id)).toEqual([
          { from: 0, to: 1, device: 'd', volunteer: 'v-d' },
          { from: 1, to: 6, device: 'e', volunteer: 'v-e' },
          { from: 6, to: 10, device: 'd', volunteer: 'v-d' },
        ])
        expect((await store.job(a.id))?.outputBytes).toBe(all.join('').length)
      })

      test('[S7] a stream of outputs ends with an error where one is missing, after those before it', async () => {
        await store.commit(batch([result(0, { outputs: ['0', '1'] }), result(3, { outputs: ['3'] })]))
        const seen: string[] = []
        const reading = (async () => {
          for await (const output of store.outputs(a.id)) seen.push(new TextDecoder().decode(output))
        })()
        await expect(reading).rejects.toMatchObject({ name: 'OutputsMissing', job: 'a', task: 2 })
        expect(seen).toEqual(['0', '1'])
        await expect(outputTexts(store, 'never')).rejects.toThrow(OutputsMissing)
      })

      test('[S8] a part of a message is kept with its own outputs only', async () => {
        const whole = result(2, { outputs: ['two', 'three', 'four'] })
        const part = (from: number, to: number) => ({
          change: { ...whole.change, from, to, prices: Uint32Array.of(1), digests: Uint32Array.of(1, 2) },
          bytes: whole.bytes,
        })
        await store.commit(batch([part(2, 3), part(4, 5)]))
        expect(await outputTexts(store, 'a', 4, 5)).toEqual(['four'])
        expect((await store.job(a.id))?.outputBytes).toBe('twofour'.length)
      })

      test('[S9] pending results decide nothing until they are decided, and the right ones then', async () => {
        await store.commit(
          batch([
            result(0, { state: 'pending', outputs: ['bad', 'bad'] }),
            result(0, { state: 'pending', device: 'e', outputs: ['good', 'good'] }),
          ]),
        )
        expect(await store.decided(a.id)).toEqual([])
        await store.commit(
          batch([{ type: 'tasksDecided', job: a.id, from: 0, to: 1, device: deviceId('e'), how: 'agreed' }]),
        )
        store = await backend.reopen()
        expect(await store.decided(a.id)).toEqual([{ from: 0, to: 1, device: 'e', volunteer: 'v-e' }])
        expect(await outputTexts(store, 'a', 0, 1)).toEqual(['good'])
      })

      test('[S10] revoked results count no more and a revoked device cannot decide with them', async () => {
        await store.commit(
          batch([
            result(0, { outputs: ['lie', 'lie', 'lie'] }),
            { type: 'resultsRevoked', job: a.id, from: 0, to: 2, device: deviceId('d'), because: 'It lied.' },
            { type: 'tasksDecided', job: a.id, from: 0, to: 3, device: deviceId('d'), how: 'unchecked' },
            result(0, { device: 'e', outputs: ['true'] }),
          ]),
        )
        store = await backend.reopen()
        expect((await store.decided(a.id)).map(({ from, to, device }) => [from, to, device])).toEqual([
          [0, 1, 'e'],
          [2, 3, 'd'],
        ])
        expect(await outputTexts(store, 'a', 0, 1)).toEqual(['true'])
      })

      test('[S11] an agreeing result needs no bytes, even where it comes to decide', async () => {
        await store.commit(batch([result(0, { outputs: ['one', 'two'] })]))
        const before = (await store.job(a.id))?.outputBytes
        await store.commit(
          batch([
            result(0, { device: 'e', state: 'agreed', outputs: ['one', 'two'] }),
            { type: 'resultsRevoked', job: a.id, from: 0, to: 2, device: deviceId('d'), because: 'It lied elsewhere.' },
            { type: 'tasksDecided', job: a.id, from: 0, to: 2, device: deviceId('e'), how: 'unchecked' },
          ]),
        )
        store = await backend.reopen()
        expect((await store.job(a.id))?.outputBytes).toBe(before)
        expect(await outputTexts(store, 'a', 0, 2)).toEqual(['one', 'two'])
        expect((await store.decided(a.id)).map(({ device }) => device)).toEqual(['e'])
      })

      test('[S12] history is replayed in the order of the commits, with prices and digests', async () => {
        const first = result(0, { outputs: ['a', 'bb', 'ccc'], price: 9 })
        const second = result(3, { device: 'e', state: 'pending', outputs: ['d'] })
        const decided = { type: 'tasksDecided', job: a.id, from: 3, to: 4, device: deviceId('e'), how: 'host' } as const
        const validated = { type: 'tasksValidated', job: a.id, from: 0, to: 2 } as const
        const revoked = {
          ...({ type: 'resultsRevoked', job: a.id, from: 2, to: 3 } as const),
          ...{ device: deviceId('d'), because: 'No.' },
        }
        const attempt = {
          ...({ type: 'attemptCounted', job: a.id, task: 4, attempts: 2 } as const),
          ...{ alone: [failure('d'), failure('e')], message: 'Out of memory.' },
        }
        await store.commit(batch([first, attempt, second]))
        await store.commit(batch([decided, validated, revoked]))
        store = await backend.reopen()
        const plain = ({ change }: typeof first) => ({
          ...change,
          prices: [...change.prices],
          digests: [...change.digests],
          ref: 0,
        })
        expect(await historyOf(store, 'a')).toEqual([plain(first), attempt, plain(second), decided, validated, revoked])
        const restored = (await store.load()).jobs[0]
        expect(restored?.volunteerOf(deviceId('e'))).toBe('v-e')
        expect([...(restored?.history ?? [])].length).toBe([...(restored?.history ?? [])].length)
      })

      test('[S13] finished jobs that rest on a distrusted device alone are doubted, once, task by task', async () => {
        const distrusted = { type: 'deviceDistrusted', device: deviceId('d'), at: NOON, because: 'It lied.' } as const
        await store.addJob(newJob('b'))
        await store.commit(
          batch([
            result(0, { outputs: ['0', '1', '2'] }),
            { type: 'tasksValidated', job: a.id, from: 0, to: 1 },
            result(3, { device: 'e', outputs: ['3'] }),
            result(0, { job: 'b', outputs: ['0'] }),
            ...[credit(9), credit(3, { device: deviceId('e') }), credit(1, { job: jobId('b') })],
            progressOf(newJob('b'), { status: 'running' }),
          ]),
        )
        await store.commit(batch([progressOf(a, { status: 'done', finishedAt: NOON }), distrusted]))
        await store.commit(batch([distrusted]))
        store = await backend.reopen()
        expect((await store.job(a.id))?.doubted).toBe(2)
        expect((await store.job(jobId('b')))?.doubted).toBe(0)
        await store.commit(batch([{ ...distrusted, device: deviceId('e') }]))
        expect((await store.job(a.id))?.doubted).toBe(3)
      })

      test('[S14] retention removes the outputs of jobs long finished and nothing else', async () => {
        await store.addJob(newJob('b'))
        const kept = (ranMs: number) => store.forgetOutputs({ ranMs, keptMs: 5_000 })
        await store.commit(
          batch([
            ...[result(0, { outputs: ['abc'] }), credit(3), result(0, { job: 'b', outputs: ['abcd'] })],
            // What the host's clock said when it ended does not matter.
            progressOf(a, { status: 'done', finishedAt: 1, credit: 3 }),
          ]),
        )
        expect(await kept(1_000)).toBe(0)
        await store.commit(batch([progressOf(newJob('b'), { status: 'done', finishedAt: 1 })]))
        store = await backend.reopen()
        expect(await kept(5_999)).toBe(0)
        expect(await kept(6_000)).toBe(3)
        expect(await kept(6_000)).toBe(0)
        // A backup was put back, and the pool has run less than it had.
        expect(await kept(10)).toBe(0)
        expect(await kept(5_009)).toBe(0)
        store = await backend.reopen()
        expect(await store.job(a.id)).toMatchObject({ hasOutputs: false, outputBytes: 0, progress: { credit: 3 } })
        await expect(outputTexts(store, 'a', 0, 1)).rejects.toThrow(OutputsMissing)
        expect(await outputTexts(store, 'b', 0, 1)).toEqual(['abcd'])
        expect((await store.contributions(a.id)).length).toBe(1)
        expect((await store.diskUse()).outputsBytes).toBe(4)
        expect(await store.forgetOutputs({ ranMs: 5_010, keptMs: 5_000 })).toBe(4)
      })
    })

    describe('credit', () => {
      beforeEach(async () => {
        for (const name of ['a', 'b']) await store.addJob(newJob(name))
        for (const name of ['v-d', 'v-e', 'v-f']) await store.saveVolunteer(volunteer(name))
        for (const name of ['d', 'd2']) await store.saveDevice(device(name, 'v-d'))
        for (const name of ['e', 'f']) await store.saveDevice(device(name, `v-${name}`))
      })
      const by = (name: string, more = {}) => ({ device: deviceId(name), volunteer: volunteerId(`v-${name}`), ...more })
      const board = async (query: Partial<Parameters<Store['leaderboard']>[0]>) =>
        (await store.leaderboard({ by: 'volunteer', days: null, now: NOON, limit: 10, ...query })).items.map(
          ({ rank, id, credit, tasks }) => [rank, id, credit, tasks],
        )

      test('[S15] who did what: one line per volunteer and device, shares of the credit, most first', async () => {
        await store.commit(
          batch([credit(3), credit(3, { day: '2026-11-20' }), credit(2, by('e')), credit(50, { job: jobId('b') })]),
        )
        await store.commit(batch([credit(-2, by('e', { tasks: -1 }))]))
        await store.commit(batch([credit(2, { device: deviceId('d2') })]))
        store = await backend.reopen()
        expect(await store.contributions(a.id)).toEqual([
          {
            volunteer: { id: 'v-d', name: 'The v-d' },
            device: { id: 'd', name: 'Box d', kind: 'agent' },
            ...{ tasks: 2, credit: 6, share: 0.75, computeMs: 3 },
          },
          {
            volunteer: { id: 'v-d', name: 'The v-d' },
            device: { id: 'd2', name: 'Box d2', kind: 'agent' },
            ...{ tasks: 1, credit: 2, share: 0.25, computeMs: 1.5 },
          },
          {
            volunteer: { id: 'v-e', name: 'The v-e' },
            device: { id: 'e', name: 'Box e', kind: 'agent' },
            ...{ tasks: 0, credit: 0, share: 0, computeMs: 3 },
          },
        ])
      })

      test('[S16] the leaderboard counts UTC days: today, the week that ends today, all time', async () => {
        const on = (day: string) => ({ day })
        await store.commit(
          batch([
            ...[credit(1), credit(10, on('2026-11-15')), credit(100, on('2026-11-14'))],
            ...[credit(5, by('e')), credit(7, by('f', on('2026-11-20'))), credit(1000, by('f', on('2026-11-22')))],
          ]),
        )
        store = await backend.reopen()
        expect(await board({ days: 1 })).toEqual([
          [1, 'v-e', 5, 1],
          [2, 'v-d', 1, 1],
        ])
        expect(await board({ days: 7 })).toEqual([
          [1, 'v-d', 11, 2],
          [2, 'v-f', 7, 1],
          [3, 'v-e', 5, 1],
        ])
        expect(await board({})).toEqual([
          [1, 'v-f', 1007, 2],
          [2, 'v-d', 111, 3],
          [3, 'v-e', 5, 1],
        ])
        expect(await board({ by: 'device', days: 1 })).toEqual([
          [1, 'e', 5, 1],
          [2, 'd', 1, 1],
        ])
      })

      test('[S17] equals share a rank, over pages too; nobody without credit, nobody hidden', async () => {
        await store.commit(
          batch([
            ...[credit(5), credit(5, by('e')), credit(2, { device: deviceId('d2'), volunteer: volunteerId('v-f') })],
            credit(3, by('g')),
          ]),
        )
        const ranked = [
          [1, 'v-d', 5, 1],
          [1, 'v-e', 5, 1],
          [3, 'v-f', 2, 1],
        ]
        for (const days of [null, 1, 7]) {
          expect(await board({ days })).toEqual(ranked)
          const seen: unknown[] = []
          for (let cursor: string | null | undefined; cursor !== null; ) {
            const query = { by: 'volunteer', days, now: NOON, limit: 1, ...(cursor && { cursor }) } as const
            const found = await store.leaderboard(query)
            seen.push(...found.items.map(({ rank, id }) => [rank, id]))
            cursor = found.next
          }
          expect(seen).toEqual(ranked.map(([rank, id]) => [rank, id]))
        }
        expect(await store.volunteerTotals(volunteerId('v-e'))).toEqual({ credit: 5, tasks: 1, rank: 1, volunteers: 4 })
        expect(await store.volunteerTotals(volunteerId('new'))).toEqual({ credit: 0, tasks: 0, rank: 5, volunteers: 5 })
        await store.commit(batch([credit(-2, { device: deviceId('d2'), volunteer: volunteerId('v-f') })]))
        await store.saveVolunteer(volunteer('v-d', { hidden: true }))
        expect(await board({})).toEqual([[1, 'v-e', 5, 1]])
        expect(await board({ by: 'device' })).toEqual([[1, 'e', 5, 1]])
      })

      test('[S18] the recent average halves in seven days and tends to what is earned a day', async () => {
        const recentAt = async (now: number) =>
          (await store.leaderboard({ by: 'volunteer', days: null, now, limit: 1 })).items[0]?.recent
        await store.commit(batch([credit(1000)], NOON))
        const first = await recentAt(NOON)
        expect(first).toBeCloseTo((1000 * Math.LN2) / 7, 6)
        expect(await recentAt(NOON + 7 * DAY_MS)).toBeCloseTo(first! / 2, 6)
        for (let day = 1; day <= 100; day++) await store.commit(batch([credit(1000)], NOON + day * DAY_MS))
        expect(await recentAt(NOON + 100.5 * DAY_MS)).toBeCloseTo(1000, -1)
      })
    })

    describe('devices, volunteers, events', () => {
      test('[S45] newcomers come together, and are there afterwards', async () => {
        await store.saveNewcomers({
          volunteers: [volunteer('n-1'), volunteer('n-2')],
          devices: [device('nd-1', 'n-1'), device('nd-2', 'n-1'), device('nd-3', 'n-2')],
        })
        store = await backend.reopen()
        expect(await store.volunteer(volunteerId('n-2'))).toEqual(volunteer('n-2'))
        expect(await store.deviceByToken('hash-nd-3')).toEqual(device('nd-3', 'n-2'))
        await expect(
          store.saveNewcomers({ volunteers: [volunteer('n-3')], devices: [device('nd-1', 'n-3')] }),
        ).rejects.toThrow()
        expect(await store.volunteer(volunteerId('n-3'))).toBeUndefined()
      })

      test('[S46] people are saved and looked up while commits run, and neither waits for the other in vain', async () => {
        await store.addJob(newJob('busy', { taskCount: 50 }))
        const comings = Array.from({ length: 50 }, async (_, i) => {
          await store.saveVolunteer(volunteer(`v-${i}`))
          await store.saveDevice(device(`d-${i}`, `v-${i}`))
          expect((await store.deviceByToken(`hash-d-${i}`))?.volunteer).toBe(`v-${i}`)
        })
        for (let task = 0; task < 50; task++)
          await store.commit(batch([result(task, { job: 'busy', outputs: [`${task}`] }), credit(1)]))
        await Promise.all(comings)
        expect(await outputTexts(store, 'busy')).toHaveLength(50)
        expect((await store.devices({ limit: 100 })).items).toHaveLength(50)
      })

      test('[S19] devices and volunteers are found by id and by secret, and replaced whole but for the reputation', async () => {
        await store.saveVolunteer(volunteer('v'))
        await store.saveDevice(device('d', 'v'))
        await store.commit(batch([{ type: 'reputationChanged', device: deviceId('d'), reputation: reputation() }]))
        await store.saveDevice(device('d', 'w', { name: 'Other', removed: true, lastSeenAt: NOON + 9 }))
        await store.saveVolunteer(volunteer('v', { name: '', hidden: true }))
        store = await backend.reopen()
        const wanted = device('d', 'w', {
          name: 'Other',
          removed: true,
          lastSeenAt: NOON + 9,
          reputation: reputation(),
        })
        expect(await store.device(deviceId('d'))).toEqual(wanted)
        expect(await store.deviceByToken('hash-d')).toEqual(wanted)
        expect(await store.volunteer(volunteerId('v'))).toEqual(volunteer('v', { name: '', hidden: true }))
        expect((await store.volunteerByToken('hash-v'))?.id).toBe('v')
        expect(await store.deviceByToken('hash-x')).toBeUndefined()
        expect(await store.device(deviceId('x'))).toBeUndefined()
        expect(await store.volunteerByToken('hash-x')).toBeUndefined()
        expect(await store.volunteer(volunteerId('x'))).toBeUndefined()
      })

      test('[S20] devices are listed newest first, page by page, and by when they were last seen', async () => {
        for (const [i, name] of ['a', 'b', 'c'].entries())
          await store.saveDevice(device(name, 'v', { createdAt: NOON + i, lastSeenAt: NOON - i }))
        await store.commit(batch([{ type: 'reputationChanged', device: deviceId('b'), reputation: reputation() }]))
        const first = await store.devices({ limit: 2 })
        expect(first.items.map(({ id, reputation }) => [id, reputation?.agreements])).toEqual([
          ['c', undefined],
          ['b', 5],
        ])
        const rest = await store.devices({ limit: 2, cursor: first.next! })
        expect(rest.items.map(({ id }) => id)).toEqual(['a'])
        expect(rest.next).toBeNull()
        expect((await store.devices({ ...page, seenSince: NOON - 1 })).items.map(({ id }) => id)).toEqual(['b', 'a'])
      })

      test('[S21] refusals, revocations and lost attempts are kept for "why?", newest first', async () => {
        await store.addJob(a)
        const refused = {
          ...({ type: 'resultRefused', device: deviceId('d'), job: a.id, lease: leaseId('l') } as const),
          ...{ from: 1, to: 3, reason: 'invalid' as const, message: 'Too short.' },
        }
        const attempt = {
          type: 'attemptCounted',
          job: a.id,
          task: 4,
          attempts: 1,
          alone: [failure('e')],
          message: 'Boom.',
        } as const
        await store.commit(batch([refused, attempt], NOON))
        await store.commit(
          batch(
            [{ type: 'resultsRevoked', job: a.id, from: 0, to: 1, device: deviceId('d'), because: 'It lied.' }],
            NOON + 1,
          ),
        )
        store = await backend.reopen()
        const ofJob = await store.events({ job: a.id, limit: 10 })
        expect(ofJob.map(({ at }) => at)).toEqual([NOON + 1, NOON, NOON])
        expect(ofJob.map(({ what }) => what)).toEqual([
          'The result of d for task 0 was revoked. It lied.',
          'One attempt at task 4 failed. Boom.',
          'The result of d for tasks 1 to 2 was refused (invalid). Too short.',
        ])
        expect((await store.events({ device: deviceId('d'), limit: 1 })).map(({ at }) => at)).toEqual([NOON + 1])
        expect(await store.events({ job: jobId('b'), limit: 10 })).toEqual([])
      })
    })
  })
}
