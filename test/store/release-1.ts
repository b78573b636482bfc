import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/sqlite3'
import pg from 'pg'
import { type Migratable, migrate, readMigrations } from '../../coordinator/store/database.ts'

// A data folder as the first release left it, a job half done: written once, by hand, never changed. Every later release
// must open it and go on.

export const outputsOfRelease1 = ['zero', 'one', 'two', 'three']

type Words = (...numbers: number[]) => string
const hex: Words = (...numbers) => Buffer.from(Uint32Array.from(numbers).buffer).toString('hex')

const rowsWith = (words: Words) => `
UPDATE "Head" SET "epoch" = 3, "commits" = 17;
INSERT INTO "Volunteer" VALUES ('v-d', 'Ada', 'hash-v', false, 1795262400000);
INSERT INTO "Device" ("id", "volunteerId", "name", "kind", "tokenHash", "threads", "cores", "platform", "version", "host",
  "removed", "createdAt", "lastSeenAt") VALUES
  ('d', 'v-d', 'Ada''s phone', 'browser', 'hash-d', 1, 8, 'Android', '1', false, false, 1795262400000, 1795262400000);
INSERT INTO "Standing" VALUES ('d', '{"checkedLeases":1,"agreements":1,"disagreements":0,"failuresInRow":0,"pausedBecause":null,"msPerCredit":{}}');
INSERT INTO "Job" ("id", "kind", "title", "params", "kernelHash", "taskCount", "trust", "devices", "submitter", "createdAt",
  "status", "priority", "tasksDone", "startedAt", "credit", "outputBytes", "history") VALUES
  ('a', 'squares', 'Squares', '{"upTo":7}', 'k1', 5, '"normal"', 'all', 'admin', 1795262400000, 'running', 0, 3,
  1795262400000, 9, 15, 4);
INSERT INTO "Job" ("id", "kind", "title", "params", "kernelHash", "taskCount", "trust", "devices", "submitter", "createdAt",
  "status", "priority", "tasksDone", "finishedAt", "litter") VALUES
  ('b', 'squares', 'Squares', '{"upTo":7}', 'k1', 1, '"normal"', 'all', 'errand', 1795262400000, 'failed', -1, 0,
  1795262400000, true);
INSERT INTO "Run" ("jobId", "seq", "from", "to", "deviceId", "volunteerId", "state", "offset", "lengths", "prices", "digests")
  VALUES
  ('a', 0, 0, 1, 'd', 'v-d', 'accepted', 0, ${words(4)}, ${words(3)}, ${words(1, 2)}),
  ('a', 1, 1, 3, 'd', 'v-d', 'accepted', 4, ${words(3)}, ${words(3)}, ${words(1, 2, 3, 4)}),
  ('a', 3, 3, 4, 'd', 'v-d', 'pending', 10, ${words(5)}, ${words(3)}, ${words(5, 6)});
INSERT INTO "Decision" VALUES ('a', 2, 'validated', 0, 2, NULL, '');
INSERT INTO "Ledger" VALUES ('a', 'v-d', 'd', '2026-11-21', 3, 9, 120.5);
INSERT INTO "VolunteerTotal" VALUES ('v-d', '2026-11-21', 3, 9, 0), ('v-d', 'all', 3, 9, 0);
INSERT INTO "DeviceTotal" VALUES ('d', '2026-11-21', 3, 9, 0), ('d', 'all', 3, 9, 0);
`

interface Opened extends Migratable {
  close(): unknown
}

function sqlite(dataDir: string): Opened {
  const client = createClient({ url: `file:${join(dataDir, 'pool.db')}` })
  return {
    provider: 'sqlite',
    query: async (sql) => (await client.execute(sql)).rows,
    script: (sql) => client.executeMultiple(`BEGIN; ${sql}; COMMIT`),
    close: () => client.close(),
  }
}

async function postgresql(url: string): Promise<Opened> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    provider: 'postgresql',
    query: async (sql) => (await client.query(sql)).rows,
    script: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  }
}

/** @param databaseUrl of an empty PostgreSQL database; null for SQLite in the data folder */
export async function release1(dataDir: string, databaseUrl: string | null = null): Promise<void> {
  const database = databaseUrl === null ? sqlite(dataDir) : await postgresql(databaseUrl)
  const [first] = await readMigrations(database.provider)
  await migrate(database, first === undefined ? [] : [first])
  await database.script(
    rowsWith((...numbers) => (databaseUrl === null ? `X'${hex(...numbers)}'` : `'\\x${hex(...numbers)}'`)),
  )
  await database.close()
  await mkdir(join(dataDir, 'outputs'))
  await writeFile(join(dataDir, 'outputs', 'a'), `${outputsOfRelease1.join('')}and half of what never happened`)
}
