import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openPrismaStore } from '../../coordinator/store/open-prisma.ts'
import { batch, jobId, newJob, progressOf, result } from '../store/sample.ts'
import { scratchFolder } from '../store/scratch.ts'
import { prepare } from './harness.ts'
import { runServer } from './run-server.ts'

beforeAll(prepare, 120_000)

test('[S51] a start with the data folder of nobody ends with code 2, and the open job is still open', async () => {
  const folder = await scratchFolder()
  const databaseUrl = `file:${folder}/elsewhere.db`
  const [own, empty] = [join(folder, 'own'), join(folder, 'not-mounted')]
  const store = await openPrismaStore({ databaseUrl, dataDir: own })
  await store.addJob(newJob('a'))
  await store.commit(batch([result(0, { outputs: ['zero'] }), progressOf(newJob('a'))]))
  await store.close()

  const flags = ['--port', '0', '--no-work', '--no-sample', '--prices', 'off', '--database-url', databaseUrl]
  const refused = await runServer([...flags, '--data-dir', empty])
  expect(refused.code).toBe(2)
  expect(refused.error).toMatch(/^The data folder .*not-mounted is not the one that belongs to .*Mount the disk.*\n$/)
  expect(await readdir(empty)).toEqual(['lock'])

  const other = join(folder, 'other')
  await mkdir(other)
  await writeFile(join(other, 'pool-id'), 'of another pool\n')
  const strangers = await runServer([...flags, '--data-dir', other])
  expect(strangers.code).toBe(2)
  expect(strangers.error).toMatch(/^The data folder .*other and the database .* are of two different pools\..*\n$/)
  expect((await readdir(other)).sort()).toEqual(['lock', 'pool-id'])

  const again = await openPrismaStore({ databaseUrl, dataDir: own })
  expect((await again.load()).jobs.map(({ spec }) => spec.id)).toEqual(['a'])
  expect((await again.job(jobId('a')))?.progress.status).toBe('running')
  await again.close()
}, 60_000)
