import { fileURLToPath } from 'node:url'

const SHAPE = 'The database URL must look like postgresql://user@host/name or file:/folder/pool.db.'
const SIGNS =
  'User name, password and database in the database URL must be written with % codes: # as %23, / as %2F, ? as %3F, @ as %40, % as %25.'

/** Why no database can be found by this text, in a sentence that repeats nothing of it; null where it can be read. */
export function databaseUrlProblem(text: string): string | null {
  if (/^file:\S+$/.test(text)) return text.startsWith('file://') && !isPath(text) ? SHAPE : null
  const rest = /^postgres(?:ql)?:\/\/(\S+)$/.exec(text)?.[1]
  if (rest === undefined) return SHAPE
  const user = rest.slice(0, Math.max(0, rest.lastIndexOf('@')))
  if (rest.includes('#') || /[/?@]/.test(user) || !isDecodable(rest)) return SIGNS
  // PostgreSQL allows a user without a host: that of this machine.
  return URL.canParse(text.replace('@/', '@localhost/')) ? null : SHAPE
}

function isPath(url: string): boolean {
  try {
    return fileURLToPath(url) !== ''
  } catch {
    return false
  }
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== ''
  } catch {
    return false
  }
}
