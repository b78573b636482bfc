import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConfig } from '../../coordinator/config.ts'
import { storeErrorOf } from '../../coordinator/store/store-error.ts'
import { startSentence } from '../../coordinator/terminal.ts'
import { market } from '../../market/server/market.ts'

const config = (argv: string[], env: Record<string, string> = {}) => {
  const parsed = parseConfig(argv, env, market.settings)
  if (parsed.type !== 'config') throw new Error(JSON.stringify(parsed))
  return parsed.config
}

test('[G60] every setting has its default', () => {
  expect(config([])).toEqual({
    ...{ port: 3000, host: '0.0.0.0', url: null, dataDir: resolve('data'), name: hostname().slice(0, 60) },
    ...{
      adminKey: null,
      poolKey: null,
      databaseUrl: null,
      filesDir: null,
      keepDays: 30,
      work: true,
      sample: true,
      dev: false,
    },
    applications: {},
  })
})

test('[G61] a flag wins over its variable, and an empty variable is none', async () => {
  expect(config(['--port', '0'], { PORT: '5000' }).port).toBe(0)
  expect(config(['--port=7'], { PORT: '5000' }).port).toBe(7)
  expect(config([], { PORT: '' }).port).toBe(3000)
  expect(config(['--keep-days', '0']).keepDays).toBe(null)
  const folder = await mkdtemp(join(tmpdir(), 'files-'))
  expect(
    config(['--no-work', '--no-sample', '--prices', 'kraken'], {
      ...{ HOST: '127.0.0.1', POOL_URL: 'https://pool.example/', POOL_DATA_DIR: '/x', POOL_NAME: ' Party ' },
      ...{
        POOL_ADMIN_KEY: 'administrator',
        POOL_KEY: 'open-sesame',
        DATABASE_URL: 'postgresql://a@b/c',
        POOL_FILES_DIR: folder,
      },
    }),
  ).toEqual({
    ...{ port: 3000, host: '127.0.0.1', url: 'https://pool.example', dataDir: '/x', name: 'Party', dev: false },
    ...{ adminKey: 'administrator', poolKey: 'open-sesame', databaseUrl: 'postgresql://a@b/c', filesDir: folder },
    ...{ keepDays: 30, work: false, sample: false },
    applications: { prices: 'kraken' },
  })
  await rm(folder, { recursive: true })
})

test('[G62] a wrong value is one sentence that names it, and never shows a secret', () => {
  const wrong: [string[], Record<string, string>, RegExp][] = [
    [['--port', '70000'], {}, /port must be a whole number from 0 to 65535.*"70000"/],
    [[], { PORT: 'abc' }, /PORT was "abc"/],
    [['--url', 'pool.example'], {}, /URL must look like/],
    [['--url', 'http://pool.example/deep'], {}, /without a path/],
    [[], { POOL_KEY: '7-signs' }, /^The pool key must be at least 8 characters long\. POOL_KEY was "…"\.$/],
    [['--pool-key', '1234'], {}, /pool key must be at least 8 characters/],
    [['--colour', 'red'], {}, /no setting "--colour"/],
    [['--port'], {}, /--port needs a value/],
    [['--no-work=yes'], {}, /stands alone/],
    [['--files-dir', '/nowhere/at/all'], {}, /files folder/],
    [[], { DATABASE_URL: 'mysql://root:secret@x/y' }, /must look like postgresql:\/\//],
    ...[
      'u:secret#1@h/d',
      'u:12#secret@h/d',
      'u:12/secret@h/d',
      'u:12?secret@h/d',
      'u:a@secret@h/d',
      'u:%zsecret@h/d',
    ].map((rest): [string[], Record<string, string>, RegExp] => [
      [],
      { DATABASE_URL: `postgresql://${rest}` },
      /with % codes: # as %23.*DATABASE_URL was "…"/,
    ]),
    [[], { DATABASE_URL: 'postgresql://h:port/d' }, /must look like postgresql/],
    [[], { DATABASE_URL: 'file://elsewhere/pool.db' }, /must look like postgresql/],
    [[], { POOL_NAME: 'x'.repeat(61) }, /at most 60/],
    [['--admin-key', 'abc'], {}, /at least 4/],
    [['--keep-days', '-1'], {}, /results are kept must be a whole number/],
    [['--url', 'https://ada:secret@pool.example'], {}, /without a path or a password/],
    [['--name', 'a\u001b[31mb'], {}, /one line/],
    [['--name', 'x'.repeat(10_000)], {}, /at most 60.*x…"\.$/],
    [['y'.repeat(10_000)], {}, /no setting "y+…"/],
  ]
  for (const [argv, env, sentence] of wrong) {
    const parsed = parseConfig(argv, env, market.settings)
    expect(parsed).toMatchObject({ type: 'wrong', sentence: expect.stringMatching(sentence) })
    expect(JSON.stringify(parsed)).not.toMatch(/secret|abc…|\\u001b/)
    expect(JSON.stringify(parsed).length).toBeLessThan(250)
  }
})

test('[G61] a database URL that drivers read is a setting', () => {
  for (const url of [
    'postgresql://u:p%23%40%2F@h:5432/d?sslmode=require',
    ...['postgres://h/d', 'postgresql://u@/d', 'postgresql:///d', 'postgresql://u:p@%2Frun%2Fpg/d'],
    ...['file:./pool.db', 'file:/a b/'.replace(' ', '%20'), 'file:///folder/pool.db'],
  ])
    expect(parseConfig([], { DATABASE_URL: url })).toMatchObject({ config: { databaseUrl: url } })
})

test('[G63] whatever stands on the command line is a config, the help, or one sentence', () => {
  const word = fc.oneof(
    fc.constantFrom('--port', '--host', '--name', '--no-work', '--dev', '--url', '--data-dir'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      const parsed = parseConfig(argv, {}, market.settings)
      if (parsed.type === 'wrong') expect(parsed.sentence).toMatch(/\S.*[."]$/su)
    }),
  )
  const help = parseConfig(['--help'], {}, market.settings)
  for (const name of ['--port', 'POOL_URL', '--no-sample', 'POOL_FILES_DIR'])
    expect(help.type === 'help' && help.text).toContain(name)
})

test('[G64] what stops a start is told with what to do', () => {
  const sentence = (error: object) => startSentence(error, { dataDir: '/data', port: 3000, host: 'nowhere' })
  expect(sentence({ code: 'EADDRINUSE' })).toBe(
    'Port 3000 is taken by another program. Start with PORT=3001 npm start.',
  )
  expect(sentence({ code: 'EROFS' })).toMatch(/\/data cannot be written/)
  expect(sentence({ code: 'EACCES', syscall: 'listen' })).toMatch(/more rights/)
  expect(sentence({ code: 'ENAMETOOLONG' })).toMatch(/too long.*POOL_DATA_DIR/)
  expect(sentence({ code: 'ENOTFOUND' })).toMatch(/^nowhere is not an address.*HOST/)
  // Nothing goes on by itself where nothing has begun.
  for (const code of ['ENOSPC', 'SQLITE_BUSY', 'ECONNREFUSED', '53300'])
    expect(sentence(storeErrorOf({ code }) as object)).toMatch(/start again\.$/)
  expect(sentence(storeErrorOf({ code: '42501' }) as object)).toMatch(/does not let the user .* write.*owns/)
  expect(sentence(new TypeError('a bug\nat postgresql://u:secret@h/d.'))).toBe(
    'The pool could not start: at postgresql://…@h/d. The line above says where.',
  )
})
