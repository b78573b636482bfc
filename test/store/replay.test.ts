import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { OutputsMissing, type Store } from '../../coordinator/store/port.ts'
import { DEVICES, happenings, JOBS, TASKS } from './arbitrary.ts'
import { createMemoryStore } from './memory-store.ts'
import { postgresPrograms, startPostgres } from './postgres-server.ts'
import { DAY_MS, device, deviceId, historyOf, jobId, NOON, newJob, volunteer, volunteerId } from './sample.ts'
import { createStraightModel } from './straight.ts'

/** Everything that a store answers, in plain values. */
async function answersOf(store: Store) {
  const jobs: Record<string, unknown> = {}
  for (const job of JOBS) {
    const texts = await textsOf(store, job)
    const decided = await store.decided(jobId(job))
    jobs[job] = {
      ...{ record: await store.job(jobId(job)), history: await historyOf(store, job), texts, decided },
      ...{
        contributions: await store.contributions(jobId(job)),
        events: await store.events({ job: jobId(job), limit: 500 }),
      },
    }
  }
  const boards: unknown[] = []
  for (const by of ['volunteer', 'device'] as const)
    for (const days of [null, 1, 7])
      for (let now = NOON; now <= NOON + 8 * DAY_MS; now += 2 * DAY_MS) {
        const { items, next } = await store.leaderboard({ by, days, now, limit: 2 })
        // Sums of doubles differ in their last bits by the order of adding.
        boards.push({ items: items.map((item) => ({ ...item, recent: Number(item.recent.toPrecision(9)) })), next })
      }
  const reputations = await Promise.all(DEVICES.map(async (id) => (await store.device(deviceId(id)))?.reputation))
  const totals = await Promise.all(DEVICES.map((id) => store.volunteerTotals(volunteerId(`v-${id}`))))
  const events = await Promise.all(DEVICES.map((id) => store.events({ device: deviceId(id), limit: 500 })))
  const loaded = (await store.load()).jobs.map(({ spec, progress }) => ({ spec, progress }))
  const { items: listed } = await store.jobs({ limit: 10 })
  return { jobs, boards, reputations, totals, events, loaded, listed, outputs: (await store.diskUse()).outputsBytes }
}

async function textsOf(store: Store, job: string): Promise<(string | null)[]> {
  const texts: (string | null)[] = Array(TASKS).fill(null)
  for (let task = 0; task < TASKS; task++) {
    try {
      for await (const output of store.outputs(jobId(job), task)) texts[task++] = new TextDecoder().decode(output)
    } catch (error) {
      if (!(error instanceof OutputsMissing)) throw error
      task = error.task
    }
  }
  return texts
}

async function prepare(store: Store): Promise<void> {
  for (const job of JOBS) await store.addJob(newJob(job, { taskCount: TASKS }))
  for (const name of DEVICES) {
    await store.saveVolunteer(volunteer(`v-${name}`))
    await store.saveDevice(device(name, `v-${name}`))
  }
}

async function replaysLikeMemory(runs: number, databaseUrl: () => Promise<string | null>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(happenings, async (sequence) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-store-'))
      const options = { databaseUrl: await databaseUrl(), dataDir }
      const memory = createMemoryStore()
      let ranMs = 0
      let store = await openPrismaStore(options)
      const models = new Map(JOBS.map((job) => [job, createStraightModel(TASKS)]))
      try {
        await prepare(memory)
        await prepare(store)
        for (const one of sequence) {
          switch (one.type) {
            case 'commit':
              await memory.commit(one.batch)
              await store.commit(one.batch)
              for (const [job, model] of models)
                model.commit({
                  ...one.batch,
                  changes: one.batch.changes.filter((change) => 'job' in change && change.job === job),
                })
              break
            case 'reopen':
              await store.close()
              store = await openPrismaStore(options)
              break
            case 'read':
              for (const job of JOBS) expect(await textsOf(store, job)).toEqual(await textsOf(memory, job))
              break
            case 'delete':
              expect(await store.deleteJob(jobId(one.job))).toBe(await memory.deleteJob(jobId(one.job)))
              models.delete(one.job)
              break
            case 'forget':
              await store.close()
              store = await openPrismaStore(options)
              ranMs += 1
              expect(await store.forgetOutputs({ ranMs, keptMs: 1 })).toBe(
                await memory.forgetOutputs({ ranMs, keptMs: 1 }),
              )
          }
        }
        // What a commit has begun to write anew is written when the store is closed.
        await store.close()
        store = await openPrismaStore(options)
        const answers = await answersOf(store)
        expect(answers).toEqual(await answersOf(memory))
        for (const [job, model] of models) {
          const wanted = (await memory.job(jobId(job)))?.hasOutputs ? model.texts() : model.texts().map(() => null)
          expect(await textsOf(store, job)).toEqual(wanted)
          const deciders: (string | null)[] = Array(TASKS).fill(null)
          for (const { from, to, device } of await store.decided(jobId(job))) deciders.fill(device, from, to)
          expect(deciders).toEqual(model.devices())
        }
      } finally {
        await store.close()
        await rm(dataDir, { recursive: true })
      }
    }),
    { numRuns: runs },
  )
}

test('[S29] any sequence of commits gives the same answers from SQLite, from memory and by the straight rules', () =>
  replaysLikeMemory(25, async () => null))

const programs = await postgresPrograms()
if (programs !== undefined) {
  const starting = startPostgres(programs)
  afterAll(async () => (await starting).stop())
  test('[S29] any sequence of commits gives the same answers from PostgreSQL', () =>
    replaysLikeMemory(8, async () => (await starting).createDatabase()))
}
