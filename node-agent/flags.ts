import { availableParallelism, hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { MAX_NAME_LENGTH, MAX_THREADS } from '../protocol/limits.ts'

export interface Settings {
  /** For example `http://pool.local:3000`. */
  readonly origin: string
  readonly name: string
  readonly threads: number
  readonly duty: number
  readonly poolKey?: string
  readonly stateDir?: string
  readonly hostSecretOnStdin: boolean
}

export type Command =
  | { readonly type: 'run'; readonly settings: Settings }
  | { readonly type: 'install-service'; readonly settings: Settings }
  | { readonly type: 'help' }
  | { readonly type: 'version' }
  /** One sentence. */
  | { readonly type: 'wrong'; readonly because: string }

export const HELP = `Lends this machine's cores to a pool.

  agent http://host:3000 [flags]
  agent install-service http://host:3000 [flags]   starts the agent with this machine (systemd)

  --name NAME         the volunteer's name; the same name on this machine is the same volunteer
                      (AGENT_NAME, else this machine's name)
  --threads N         cores to lend (AGENT_THREADS, else all)
  --duty PERCENT      share of the time they may compute, 5 to 100 (AGENT_DUTY, else 100)
  --key KEY           the pool's key, if it asks for one (POOL_KEY)
  --state-dir FOLDER  where this device remembers who it is (else $XDG_STATE_HOME/poolparty)
  --version, --help

The address may also come from POOL_URL, or be the join link with its key in it.
Ctrl-C once sends what is running and stops; twice stops at once.
`

const options = {
  name: { type: 'string' },
  threads: { type: 'string' },
  duty: { type: 'string' },
  key: { type: 'string' },
  'state-dir': { type: 'string' },
  'host-secret-stdin': { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export function readCommand(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help) return { type: 'help' }
    if (values.version) return { type: 'version' }
    const service = positionals[0] === 'install-service'
    const [address = env['POOL_URL'], ...extra] = service ? positionals.slice(1) : positionals
    if (extra.length > 0) throw new Wrong(`There is one address too many. ${youWrote(extra.join(' '))}`)
    const { origin, key } = readAddress(address)
    const poolKey = readKey(values.key ?? key ?? env['POOL_KEY'] ?? '')
    const stateDir = values['state-dir']
    const settings = {
      origin,
      name: readName(values.name ?? env['AGENT_NAME'] ?? hostname().slice(0, MAX_NAME_LENGTH)),
      threads: readThreads(values.threads ?? env['AGENT_THREADS']),
      duty: readWhole('--duty', values.duty ?? env['AGENT_DUTY'] ?? '100', 5, 100) / 100,
      hostSecretOnStdin: values['host-secret-stdin'] ?? false,
      ...(poolKey && { poolKey }),
      ...(stateDir && { stateDir }),
    }
    return { type: service ? 'install-service' : 'run', settings }
  } catch (error) {
    return { type: 'wrong', because: sentence(error) }
  }
}

/** Letters of a wrong value that are repeated. */
const MOST_SHOWN = 60

class Wrong extends Error {}

function readAddress(text: string | undefined): { origin: string; key: string | undefined } {
  if (!text) throw new Wrong('The address of the pool is missing: agent http://host:3000.')
  const url = parseUrl(text)
  if (url?.username || url?.password)
    throw new Wrong('The address of the pool must look like http://host:3000, without a name or a password in it.')
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new Wrong(`The address of the pool must look like http://host:3000. ${youWrote(text)}`)
  const key = new URLSearchParams(url.hash.slice(1)).get('key') ?? undefined
  return { origin: url.origin, key }
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function readName(text: string): string {
  const name = text.trim()
  if (name.length > MAX_NAME_LENGTH)
    throw new Wrong(`--name must have at most ${MAX_NAME_LENGTH} characters. You wrote ${name.length}.`)
  if (/\p{Cc}/u.test(name)) throw new Wrong('--name must be one line of letters and signs.')
  return name
}

/** What a pool takes as its key; anything else could only be refused. */
function readKey(text: string): string {
  if (!/^[\x21-\x7e]{0,200}$/.test(text))
    throw new Wrong('--key must be at most 200 plain letters, digits and signs, without spaces.')
  return text
}

/** More threads than cores would only take turns. */
function readThreads(text: string | undefined): number {
  const cores = Math.min(MAX_THREADS, availableParallelism())
  return text === undefined ? cores : Math.min(cores, readWhole('--threads', text, 1, MAX_THREADS))
}

function readWhole(flag: string, text: string, from: number, to: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < from || value > to)
    throw new Wrong(`${flag} must be a whole number from ${from} to ${to}. ${youWrote(text)}`)
  return value
}

/** As much as a sentence carries, and nothing in it that a terminal would obey. */
function youWrote(text: string): string {
  const plain = text.trim().replace(/\p{Cc}/gu, '·')
  return `You wrote ${plain === '' ? 'nothing' : plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain}.`
}

function sentence(error: unknown): string {
  if (error instanceof Wrong) return error.message
  const message = error instanceof Error ? error.message : String(error)
  // parseArgs says the rest in a second sentence about "--".
  const [first = message] = message.split('. ')
  return `${first.replace(/\.$/, '')}. Try --help.`
}
