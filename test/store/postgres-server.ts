import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const INSTALLED = '/usr/lib/postgresql'

/** A PostgreSQL of this test's own, on loopback. */
export interface PostgresServer {
  /** A fresh, empty database; answers its URL. */
  createDatabase(): Promise<string>
  /** Ends every connection, as a restart of the server does; new ones are welcome at once. */
  disconnectAll(): Promise<void>
  stop(): Promise<void>
}

/** Where the newest PostgreSQL's programs are; undefined, said loudly, where none is installed. */
export async function postgresPrograms(): Promise<string | undefined> {
  const versions = (await readdir(INSTALLED).catch(() => [])).sort((a, b) => Number(b) - Number(a))
  if (versions[0] !== undefined) return join(INSTALLED, versions[0], 'bin')
  console.warn('\n*** PostgreSQL is not installed here: nothing of the store was tested on it. ***\n')
  return undefined
}

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'poolparty-pg-'))
  const user = await ownUser()
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  const port = await freePort()
  const call = (program: string, args: string[]) => run(join(programs, program), args, { cwd: folder, ...user })
  await call('initdb', ['-D', `${folder}/data`, '-A', 'trust', '-U', 'pool', '-E', 'UTF8', '--locale=C', '--no-sync'])
  // It is thrown away afterwards: nothing need survive a power cut.
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`
  await call('pg_ctl', ['start', '-w', '-D', `${folder}/data`, '-l', `${folder}/log`, '-o', options])
  const url = (database: string) => `postgresql://pool@127.0.0.1:${port}/${database}`
  let databases = 0
  async function ask(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: url('postgres') })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  return {
    async createDatabase() {
      const name = `pool${++databases}`
      await ask(`CREATE DATABASE ${name}`)
      return url(name)
    },
    disconnectAll: () => ask('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
    async stop() {
      await call('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', `${folder}/data`])
      await rm(folder, { recursive: true })
    },
  }
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
async function ownUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const idOf = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
