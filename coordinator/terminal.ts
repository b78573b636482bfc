import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { toString as qrCode } from 'qrcode'
import type { Config } from './config.ts'
import { lastLine } from './store/store-error.ts'

/** Every address the pool can be opened at, the best for others in the room first. */
export async function poolUrls(config: Pick<Config, 'host' | 'url'>, port: number): Promise<readonly string[]> {
  const here = await hosts(config.host)
  const urls = here.map((host) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`)
  return config.url === null ? urls : [config.url, ...urls.filter((url) => url !== config.url)]
}

/** What people open or scan to join. The key stands behind the #, which browsers send nowhere. */
export function joinLink(url: string, poolKey: string | null): string {
  return `${url}/join${poolKey === null ? '' : `#key=${encodeURIComponent(poolKey)}`}`
}

/** What lends a machine from its command line: the pool's own package, and nothing else is installed. */
export function agentCommand(url: string, archive: string, poolKey: string | null): string {
  // A key may hold signs that a shell would read.
  const address = poolKey === null ? url : `'${joinLink(url, poolKey).replaceAll("'", '%27')}'`
  return `npx --yes ${url}${archive} ${address}`
}

/** Where this machine reaches its own pool. */
export function ownUrl(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

async function hosts(host: string): Promise<string[]> {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const found = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal && !address.address.startsWith('169.254.'))
    .map((address) => address.address)
  const first = await defaultRouteAddress()
  const ordered = [...new Set([...(first !== null && found.includes(first) ? [first] : []), ...found])]
  return [...ordered, 'localhost']
}

/** Connecting a UDP socket sends nothing; it only makes the system choose the address it would send from. */
function defaultRouteAddress(): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const answer = (address: string | null) => {
      socket.close()
      resolve(address)
    }
    socket.on('error', () => answer(null))
    // An address reserved for documentation: no such machine exists.
    socket.connect(9, '203.0.113.1', () => answer(socket.address().address))
  })
}

/** What a start says. */
export async function banner(parts: {
  name: string
  urls: readonly string[]
  poolKey: string | null
  agentCommand: string | null
  adminKeyFile: string | null
  dataDir: string
}): Promise<string> {
  const { name, urls, poolKey, agentCommand, adminKeyFile, dataDir } = parts
  const join = joinLink(urls[0] ?? '', poolKey)
  const others = urls.slice(1).map((url) => `             ${url}/join`)
  return [
    `${name} is open.`,
    '',
    await qrCode(join, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }),
    `  Join       ${join}`,
    ...others,
    ...(agentCommand === null ? [] : [`  Agent      ${agentCommand}`]),
    `  Admin      ${urls[0]}/admin`,
    `  Admin key  ${adminKeyFile === null ? 'the one you gave' : `in ${adminKeyFile}`}`,
    `  Data       ${dataDir}`,
    '',
    `Ready: ${urls[0]}`,
    '',
  ].join('\n')
}

/** A start that cannot succeed however often it is tried: one sentence for the person at the terminal. */
export class StartError extends Error {
  override name = 'StartError'
}

/** Whether an error is of a kind that a folder, a port or a database gives; of any other the log needs the details. */
export function isKnown(error: unknown, config: Where): boolean {
  return knownSentence(error, config) !== null
}

/** What to say of whatever kept a pool from starting. */
export function startSentence(error: unknown, config: Where): string {
  return knownSentence(error, config) ?? `The pool could not start: ${lastLine(error)}. The line above says where.`
}

type Where = Pick<Config, 'dataDir' | 'port' | 'host'>

function knownSentence(error: unknown, config: Where): string | null {
  const { dataDir, port, host } = config
  if (error instanceof StartError) return error.message
  const code = (error as { code?: unknown } | null)?.code
  const sentence = (error as { sentence?: unknown } | null)?.sentence
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Start with PORT=${port + 1} npm start.`
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
      return (error as { syscall?: unknown }).syscall === 'listen'
        ? `Port ${port} needs more rights than this user has. Start with PORT=3000 npm start.`
        : `The data folder ${dataDir} cannot be written. Make it yours, or choose another with POOL_DATA_DIR.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `The data folder ${dataDir} is not a folder. Choose another with POOL_DATA_DIR.`
    case 'ENAMETOOLONG':
      return 'The path of the data folder is too long. Choose another with POOL_DATA_DIR.'
    case 'ENOSPC':
      return `The disk that holds ${dataDir} is full. Free some space and start again.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine. Leave HOST (--host) out, or write one that is.`
    default:
      return typeof sentence === 'string' ? once(sentence) : null
  }
}

/** While a pool runs, the store's troubles pass by themselves; a start that failed has ended. */
function once(sentence: string): string {
  return sentence
    .replace('; the pool goes on by itself.', ', then start again.')
    .replace('The pool tries again by itself.', 'Mend that, then start again.')
    .replace('; it is being started again.', '. Start the pool again.')
}
