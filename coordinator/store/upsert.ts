import type { Statement, Value } from './database.ts'

/** SQLite takes 32,766 values in one statement, PostgreSQL 65,535. */
const MOST_VALUES = 30_000

/**
 * Rows in as few statements as the databases allow. `conflict` says what to do with rows that are there already; within one
 * call no two rows may be in conflict with each other.
 */
export function upsert(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  conflict = '',
): Statement[] {
  const statements: Statement[] = []
  const most = Math.floor(MOST_VALUES / columns.length)
  for (let start = 0; start < rows.length; start += most) {
    const some = rows.slice(start, start + most)
    let place = 1
    const values = some.map((row) => `(${row.map(() => `$${place++}`).join()})`).join()
    statements.push({
      sql: `INSERT INTO ${quote(table)} (${columns.map(quote).join()}) VALUES ${values} ${conflict}`,
      args: some.flat(),
    })
  }
  return statements
}

/** Adds to the rows that are there. */
export function adding(table: string, keys: readonly string[], sums: readonly string[]): string {
  const sets = sums.map((sum) => `${quote(sum)} = ${quote(table)}.${quote(sum)} + excluded.${quote(sum)}`)
  return `ON CONFLICT (${keys.map(quote).join()}) DO UPDATE SET ${sets.join()}`
}

/** Takes the place of the row that is there. */
export function replacing(keys: readonly string[], columns: readonly string[]): string {
  const sets = columns.map((column) => `${quote(column)} = excluded.${quote(column)}`)
  return `ON CONFLICT (${keys.map(quote).join()}) DO UPDATE SET ${sets.join()}`
}

export function quote(name: string): string {
  return `"${name}"`
}
