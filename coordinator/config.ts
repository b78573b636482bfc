import { accessSync, constants, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { databaseUrlProblem } from './database-url.ts'
import type { PricesConfig } from './prices/source.ts'

/** Every setting of a start, parsed. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Address that people reach the pool at, when it is not this machine's own; without a trailing slash. */
  readonly url: string | null
  readonly dataDir: string
  readonly name: string
  /** Null: made at the first start and kept in the data folder. */
  readonly adminKey: string | null
  readonly poolKey: string | null
  readonly databaseUrl: string | null
  readonly filesDir: string | null
  /** Days for which outputs of finished jobs are kept; null: for ever. */
  readonly keepDays: number | null
  /** The host's own agent computes too. */
  readonly work: boolean
  readonly sample: boolean
  readonly prices: PricesConfig
  /** Pages are compiled as they are asked for. */
  readonly dev: boolean
}

export type Parsed =
  | { readonly type: 'config'; readonly config: Config }
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'wrong'; readonly sentence: string }

interface Setting {
  readonly flag: string
  readonly env?: string
  /** Name of the value in the help; absent for switches. */
  readonly value?: string
  readonly about: string
}

const settings = {
  port: { env: 'PORT', flag: '--port', value: 'NUMBER', about: 'port to listen on, 3000; 0 picks a free one' },
  host: { env: 'HOST', flag: '--host', value: 'ADDRESS', about: 'address to listen on, 0.0.0.0' },
  url: { env: 'POOL_URL', flag: '--url', value: 'URL', about: 'address people open, where a proxy stands in front' },
  dataDir: { env: 'POOL_DATA_DIR', flag: '--data-dir', value: 'FOLDER', about: 'where everything is kept, ./data' },
  name: { env: 'POOL_NAME', flag: '--name', value: 'NAME', about: "the pool's name, the host's name" },
  adminKey: { env: 'POOL_ADMIN_KEY', flag: '--admin-key', value: 'KEY', about: 'made at the first start by default' },
  poolKey: {
    env: 'POOL_KEY',
    flag: '--pool-key',
    value: 'KEY',
    about: 'asked of everyone who joins, at least 8 characters; none by default',
  },
  databaseUrl: { env: 'DATABASE_URL', flag: '--database-url', value: 'URL', about: 'SQLite in the data folder' },
  filesDir: { env: 'POOL_FILES_DIR', flag: '--files-dir', value: 'FOLDER', about: 'files the admin may name by path' },
  keepDays: {
    env: 'POOL_KEEP_DAYS',
    flag: '--keep-days',
    value: 'DAYS',
    about: 'results are kept so long, 30; 0 for ever',
  },
  noWork: { flag: '--no-work', about: 'this machine does not compute' },
  noSample: { flag: '--no-sample', about: 'no pictures are computed just to show how it looks' },
  prices: { env: 'POOL_PRICES', flag: '--prices', value: 'SOURCE', about: 'replay, kraken, coinbase or off; replay' },
  replay: { env: 'POOL_REPLAY', flag: '--replay', value: 'FILE', about: 'recorded prices, the synthetic sample' },
  replaySpeed: {
    env: 'POOL_REPLAY_SPEED',
    flag: '--replay-speed',
    value: 'NUMBER',
    about: 'recorded seconds a second, 15',
  },
  dev: { flag: '--dev', about: 'compile pages as they are asked for' },
} as const satisfies Record<string, Setting>
type Name = keyof typeof settings

const key = (what: string, least: number) =>
  z
    .string()
    .check(
      z.minLength(least, `${what} must be at least ${least} characters long.`),
      z.maxLength(200, `${what} must be at most 200 characters long.`),
      z.regex(/^[\x21-\x7e]+$/, `${what} must be of plain letters, digits and signs, without spaces.`),
    )

const webAddress = z.string().check(
  z.refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
  }, 'The URL must look like https://pool.example, without a path or a password.'),
)

/** Letters of a wrong value that are repeated. */
const MOST_SHOWN = 60

const SOURCES = ['replay', 'kraken', 'coinbase', 'off'] as const
const SPEED = 'The replay speed must be a number from 0.1 to 1000000.'

const schemas = {
  port: z
    .string()
    .check(z.regex(/^\d{1,5}$/, 'The port must be a whole number from 0 to 65535.'))
    .check(z.refine((text) => Number(text) <= 65535, 'The port must be a whole number from 0 to 65535.')),
  host: z.string().check(z.regex(/^[\w.:-]+$/, 'The host must be an address or a name of this machine.')),
  url: webAddress,
  dataDir: z.string(),
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'The name must not be empty.'),
      z.maxLength(60, 'The name has at most 60 letters.'),
      z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'The name must be one line of letters and signs.'),
    ),
  adminKey: key('The admin key', 4),
  poolKey: key('The pool key', 8),
  databaseUrl: z.string().check(
    z.superRefine((text, context) => {
      const message = databaseUrlProblem(text)
      if (message !== null) context.addIssue({ code: 'custom', message })
    }),
  ),
  keepDays: z
    .string()
    .check(z.regex(/^\d{1,5}$/, 'The days for which results are kept must be a whole number from 0 to 99999.')),
  filesDir: z.string().check(z.refine(isReadableFolder, 'The files folder must be a folder that can be read.')),
  prices: z.enum(SOURCES, 'Prices must come from replay, kraken, coinbase or off.'),
  replay: z.string().check(z.refine(isReadableFile, 'The replay must be a file that can be read.')),
  replaySpeed: z
    .string()
    .check(
      z.refine((text) => /^\d{1,7}(\.\d{1,3})?$/.test(text) && Number(text) >= 0.1 && Number(text) <= 1_000_000, SPEED),
    ),
} satisfies Partial<Record<Name, z.ZodMiniType<string>>>

/** Flags win over the environment; an empty variable counts as unset. */
export function parseConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Parsed {
  if (argv.includes('--help') || argv.includes('-h')) return { type: 'help', text: help() }
  const given = new Map<Name, { text: string; from: string }>()
  for (const name of names()) {
    const setting: Setting = settings[name]
    const text = setting.env === undefined ? undefined : env[setting.env]
    if (text !== undefined && text !== '') given.set(name, { text, from: setting.env ?? '' })
  }
  for (let i = 0; i < argv.length; i++) {
    const [flag = '', ...rest] = (argv[i] ?? '').split('=')
    const name = names().find((n) => settings[n].flag === flag)
    if (name === undefined)
      return wrong(`There is no setting "${short(argv[i] ?? '')}"; npm start -- --help lists them all.`)
    const setting: Setting = settings[name]
    if (setting.value === undefined) {
      if (rest.length > 0) return wrong(`${flag} stands alone, without a value.`)
      given.set(name, { text: '', from: flag })
      continue
    }
    const text = rest.length > 0 ? rest.join('=') : argv[++i]
    if (text === undefined || text === '') return wrong(`${flag} needs a value: ${flag} ${setting.value}.`)
    given.set(name, { text, from: flag })
  }
  const values: Partial<Record<Name, string>> = {}
  for (const [name, { text, from }] of given) {
    if (!(name in schemas)) continue
    const parsed = schemas[name as keyof typeof schemas].safeParse(text)
    if (!parsed.success) return wrong(`${parsed.error.issues[0]?.message} ${from} was "${shown(name, text)}".`)
    values[name] = parsed.data
  }
  return {
    type: 'config',
    config: {
      port: Number(values.port ?? 3000),
      host: values.host ?? '0.0.0.0',
      url: values.url === undefined ? null : new URL(values.url).origin,
      dataDir: resolve(values.dataDir ?? 'data'),
      name: values.name ?? hostname().slice(0, 60),
      adminKey: values.adminKey ?? null,
      poolKey: values.poolKey ?? null,
      databaseUrl: values.databaseUrl ?? null,
      filesDir: values.filesDir === undefined ? null : resolve(values.filesDir),
      keepDays: Number(values.keepDays ?? 30) || null,
      work: !given.has('noWork'),
      sample: !given.has('noSample'),
      prices: {
        source: SOURCES.find((one) => one === values.prices) ?? 'replay',
        replay: values.replay === undefined ? null : resolve(values.replay),
        speed: Number(values.replaySpeed ?? 15),
      },
      dev: given.has('dev'),
    },
  }
}

function names(): Name[] {
  return Object.keys(settings) as Name[]
}

function wrong(sentence: string): Parsed {
  return { type: 'wrong', sentence }
}

/** Secrets are not repeated on a terminal or in a log. */
function shown(name: Name, text: string): string {
  return name === 'adminKey' || name === 'poolKey' || name === 'databaseUrl' ? '…' : short(text)
}

/** As much of a text as a sentence carries, and nothing in it that a terminal would obey. */
function short(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, '·').replace(/\/\/[^/@]*@/, '//…@')
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain
}

function isReadableFolder(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function help(): string {
  const lines = names().map((name) => {
    const { flag, env, value, about }: Setting = settings[name]
    return `  ${`${flag}${value ? ` ${value}` : ''}`.padEnd(22)}${(env ?? '').padEnd(16)}${about}`
  })
  return ['npm start -- [settings]', '', `  ${'flag'.padEnd(22)}${'variable'.padEnd(16)}`, ...lines].join('\n')
}
