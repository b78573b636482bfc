import { StoreError } from './port.ts'

/** Codes of Node, SQLite (names, and base numbers as Prisma's adapter gives them) and PostgreSQL (SQLSTATE), by what they mean. */
const sentences: readonly { readonly codes: RegExp; readonly sentence: string }[] = [
  {
    codes: /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|sqlite:13|53100)$/,
    sentence: 'The disk is full. Free some space; the pool goes on by itself.',
  },
  {
    codes: /^(EROFS|EACCES|EPERM|SQLITE_READONLY|SQLITE_PERM|sqlite:(3|8))$/,
    sentence: 'The data folder cannot be written. Make it writable for the user that runs the pool.',
  },
  {
    codes: /^(SQLITE_CANTOPEN|sqlite:14)$/,
    sentence: 'The database file cannot be opened. Its folder must be there, writable for the user that runs the pool.',
  },
  {
    codes: /^(ENOTDIR|EEXIST)$/,
    sentence: 'The data folder is not a folder. Choose another with POOL_DATA_DIR.',
  },
  {
    codes: /^(SQLITE_BUSY|SQLITE_LOCKED|sqlite:[56]|SocketTimeout|55P03)$/,
    sentence: 'Another program keeps the database locked. Close it; the pool goes on by itself.',
  },
  {
    codes: /^(SQLITE_CORRUPT|SQLITE_NOTADB|sqlite:(11|26)|XX00[12])$/,
    sentence: 'The database is damaged. Stop the pool and put the last backup back: npm run restore -- <backup>.',
  },
  {
    codes: /^(SQLITE_IOERR|sqlite:10|EIO|58030)$/,
    sentence: 'The disk reports an error. Check it, and look after your backup.',
  },
  {
    codes: /^(28P01|28000|InvalidPassword|AuthenticationFailed)$/,
    sentence: 'PostgreSQL refused the user name or password in DATABASE_URL.',
  },
  {
    codes: /^(42501|25006)$/,
    sentence: 'PostgreSQL does not let the user in DATABASE_URL write. Give the pool a database that this user owns.',
  },
  {
    codes: /^(3D000|DatabaseDoesNotExist)$/,
    sentence: 'PostgreSQL has no database of the name in DATABASE_URL. Create it, for example with createdb.',
  },
  {
    codes: /^(53300|TooManyConnections)$/,
    sentence: 'PostgreSQL has no connection left for the pool. The pool tries again by itself.',
  },
  {
    codes:
      /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0[1-5]|08...|25P03|57014|P1001|P1017|DatabaseNotReachable|ConnectionClosed)$/,
    sentence: 'PostgreSQL cannot be reached at the address in DATABASE_URL. The pool tries again by itself.',
  },
  {
    codes: /^(OVERTAKEN)$/,
    sentence: 'Another pool has taken over this database. Stop one of the two.',
  },
  { codes: /^(EMFILE|ENFILE)$/, sentence: 'Too many files are open on this machine. The pool tries again by itself.' },
]

/** Errors that carry no code. */
const texts: readonly { readonly text: RegExp; readonly code: string }[] = [
  // A commit counts itself by a null where none may be, if the epoch is not its own (plan.ts).
  { text: /NOT NULL constraint failed: Head\.commits|"commits" of relation "Head"/, code: 'OVERTAKEN' },
  { text: /Unable to open connection to local database/, code: 'SQLITE_CANTOPEN' },
  {
    text: /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/,
    code: 'ECONNRESET',
  },
]

/** What the outside world did, in words; bugs come back as they are. */
export function storeErrorOf(error: unknown): unknown {
  if (error instanceof StoreError) return error
  for (const code of codesOf(error, 0)) {
    const known = sentences.find(({ codes }) => codes.test(code))
    if (known !== undefined) return new StoreError(known.sentence, error)
  }
  return error
}

/** Codes anywhere in an error and its causes: Prisma wraps what its adapters wrapped. */
function* codesOf(error: unknown, depth: number): Iterable<string> {
  if (typeof error !== 'object' || error === null || depth > 6) return
  const fields = error as Record<string, unknown>
  const { code, kind, originalCode, message } = fields
  if (typeof code === 'string') yield code
  if (typeof kind === 'string') yield kind
  if (typeof originalCode === 'string')
    yield /^\d{1,4}$/.test(originalCode) ? `sqlite:${Number(originalCode) & 0xff}` : originalCode
  for (const { text, code: meaning } of texts) if (typeof message === 'string' && text.test(message)) yield meaning
  for (const inner of [fields['cause'], (fields['meta'] as Record<string, unknown>)?.['driverAdapterError']])
    yield* codesOf(inner, depth + 1)
  if (Array.isArray(fields['errors'])) for (const inner of fields['errors']) yield* codesOf(inner, depth + 1)
}

/** Where an error's message has several lines the last says what happened. Addresses lose their passwords. */
export function lastLine(error: unknown): string {
  const text = String((error as { message?: unknown } | null)?.message ?? error)
  const last = text.trim().split('\n').at(-1) ?? ''
  return last.replace(/\/\/[^/@]*@/g, '//…@').replace(/\.$/, '')
}
