import type { Config } from './config.ts'
import { lastLine } from './store/store-error.ts'

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
