import { accessSync, constants, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import * as z from 'zod/mini'

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
  /** What was given of the settings that applications have. */
  readonly applications: Readonly<Record<string, string | undefined>>
  /** Pages are compiled as they are asked for. */
  readonly dev: boolean
}

export type Parsed =
  | { readonly type: 'config'; readonly config: Config }
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'wrong'; readonly sentence: string }

export interface Setting {
  readonly flag: string
  readonly env?: string
  /** Name of the value in the help; absent for switches. */
  readonly value?: string
  readonly about: string
  /** Parses the value; its first message is what a person reads. */
  readonly schema?: z.ZodMiniType<string>
}

const key = (what: string, least: number) =>
  z
    .string()
    .check(
      z.minLength(least, `${what} must be at least ${least} characters long.`),
      z.maxLength(200, `${what} must be at most 200 characters long.`),
      z.regex(/^[\x21-\x7e]+$/, `${what} must be of plain letters, digits and signs, without spaces.`),
    )

const holding = (rule: (text: string) => boolean, sentence: string) => z.string().check(z.refine(rule, sentence))

/** Letters of a wrong value that are repeated. */
const MOST_SHOWN = 60

const settings = {
  port: {
    env: 'PORT',
    flag: '--port',
    value: 'NUMBER',
    about: 'port to listen on, 3000; 0 picks a free one',
    schema: holding(
      (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535,
      'The port must be a whole number from 0 to 65535.',
    ),
  },
  host: {
    env: 'HOST',
    flag: '--host',
    value: 'ADDRESS',
    about: 'address to listen on, 0.0.0.0',
    schema: holding((text) => /^[\w.:-]+$/.test(text), 'The host must be an address or a name of this machine.'),
  },
  url: {
    env: 'POOL_URL',
    flag: '--url',
    value: 'URL',
    about: 'address people open, where a proxy stands in front',
    schema: holding(isOrigin, 'The URL must look like https://pool.example, without a path or a password.'),
  },
  dataDir: { env: 'POOL_DATA_DIR', flag: '--data-dir', value: 'FOLDER', about: 'where everything is kept, ./data' },
  name: {
    env: 'POOL_NAME',
    flag: '--name',
    value: 'NAME',
    about: "the pool's name, the host's name",
    schema: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, 'The name must not be empty.'),
        z.maxLength(60, 'The name has at most 60 letters.'),
        z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'The name must be one line of letters and signs.'),
      ),
  },
  adminKey: {
    env: 'POOL_ADMIN_KEY',
    flag: '--admin-key',
    value: 'KEY',
    about: 'made at the first start by default',
    schema: key('The admin key', 4),
  },
  poolKey: {
    env: 'POOL_KEY',
    flag: '--pool-key',
    value: 'KEY',
    about: 'asked of everyone who joins, at least 8 characters; none by default',
    schema: key('The pool key', 8),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    flag: '--database-url',
    value: 'URL',
    about: 'SQLite in the data folder',
    schema: z.string().check(
      z.superRefine((text, context) => {
        const message = databaseUrlProblem(text)
        if (message !== null) context.addIssue({ code: 'custom', message })
      }),
    ),
  },
  filesDir: {
    env: 'POOL_FILES_DIR',
    flag: '--files-dir',
    value: 'FOLDER',
    about: 'files the admin may name by path',
    schema: holding(isReadableFolder, 'The files folder must be a folder that can be read.'),
  },
  keepDays: {
    env: 'POOL_KEEP_DAYS',
    flag: '--keep-days',
    value: 'DAYS',
    about: 'results are kept so long, 30; 0 for ever',
    schema: holding(
      (text) => /^\d{1,5}$/.test(text),
      'The days for which results are kept must be a whole number from 0 to 99999.',
    ),
  },
  noWork: { flag: '--no-work', about: 'this machine does not compute' },
  noSample: { flag: '--no-sample', about: 'no pictures are computed just to show how it looks' },
  dev: { flag: '--dev', about: 'compile pages as they are asked for' },
} as const satisfies Record<string, Setting>

/**
 * Flags win over the environment; an empty variable counts as unset.
 * @param more settings of applications, by names that no other setting has
 */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, Setting>> = {},
): Parsed {
  const all: ReadonlyMap<string, Setting> = new Map(Object.entries({ ...settings, ...more }))
  if (argv.includes('--help') || argv.includes('-h')) return { type: 'help', text: help(all) }
  const given = new Map<string, { text: string; from: string }>()
  for (const [name, { env: variable }] of all) {
    const text = variable === undefined ? undefined : env[variable]
    if (text !== undefined && text !== '') given.set(name, { text, from: variable ?? '' })
  }
  const options = Object.fromEntries(
    [...all.values()].map(({ flag, value }) => [flag.slice(2), { type: value === undefined ? 'boolean' : 'string' }]),
  ) as ParseArgsConfig['options']
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true })
  for (const token of tokens) {
    const from = token.kind === 'option' ? token.rawName : ''
    const [name, setting] = [...all].find(([, { flag }]) => flag === from) ?? []
    if (token.kind !== 'option' || name === undefined || setting === undefined)
      return wrong(`There is no setting "${short(argv[token.index] ?? '')}"; npm start -- --help lists them all.`)
    if (setting.value === undefined) {
      if (token.value !== undefined) return wrong(`${from} stands alone, without a value.`)
      given.set(name, { text: '', from })
      continue
    }
    if (!token.value) return wrong(`${from} needs a value: ${from} ${setting.value}.`)
    given.set(name, { text: token.value, from })
  }
  const values: { [Name in keyof typeof settings]?: string } & Record<string, string | undefined> = {}
  for (const [name, { text, from }] of given) {
    const parsed = all.get(name)?.schema?.safeParse(text)
    if (parsed?.success === false)
      return wrong(`${parsed.error.issues[0]?.message} ${from} was "${shown(name, text)}".`)
    values[name] = parsed ? parsed.data : text
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
      applications: Object.fromEntries(Object.keys(more).map((name) => [name, values[name]])),
      dev: given.has('dev'),
    },
  }
}

function wrong(sentence: string): Parsed {
  return { type: 'wrong', sentence }
}

/** Secrets are not repeated on a terminal or in a log. */
function shown(name: string, text: string): string {
  return name === 'adminKey' || name === 'poolKey' || name === 'databaseUrl' ? '…' : short(text)
}

/** As much of a text as a sentence carries, and nothing in it that a terminal would obey. */
function short(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, '·').replace(/\/\/[^/@]*@/, '//…@')
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
}

function isReadableFolder(path: string): boolean {
  const readable = succeeds(() => accessSync(path, constants.R_OK | constants.X_OK))
  return readable && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

function help(all: ReadonlyMap<string, Setting>): string {
  const lines = [...all.values()].map(({ flag, env, value, about }) => {
    return `  ${`${flag}${value ? ` ${value}` : ''}`.padEnd(22)}${(env ?? '').padEnd(16)}${about}`
  })
  return ['npm start -- [settings]', '', `  ${'flag'.padEnd(22)}${'variable'.padEnd(16)}`, ...lines].join('\n')
}

const SHAPE = 'The database URL must look like postgresql://user@host/name or file:/folder/pool.db.'
const SIGNS =
  'User name, password and database in the database URL must be written with % codes: # as %23, / as %2F, ? as %3F, @ as %40, % as %25.'

/** Why no database can be found by this text, in a sentence that repeats nothing of it; null where it can be read. */
export function databaseUrlProblem(text: string): string | null {
  if (/^file:\S+$/.test(text)) return text.startsWith('file://') && !succeeds(() => fileURLToPath(text)) ? SHAPE : null
  const rest = /^postgres(?:ql)?:\/\/(\S+)$/.exec(text)?.[1]
  if (rest === undefined) return SHAPE
  const user = rest.slice(0, Math.max(0, rest.lastIndexOf('@')))
  if (rest.includes('#') || /[/?@]/.test(user) || !succeeds(() => decodeURIComponent(rest))) return SIGNS
  // PostgreSQL allows a user without a host: that of this machine.
  return URL.canParse(text.replace('@/', '@localhost/')) ? null : SHAPE
}
