import type { PackedChange } from './core.ts'
import { adding, quote, type Statement, upsert, type Value } from './database.ts'

/** Totals over all time and over the last seven days, beside those of days. */
export const ALL_TIME = 'all'
export const WEEK = 'week'

type Credited = Extract<PackedChange, { type: 'credited' }>

const ledgerKeys = ['jobId', 'volunteerId', 'deviceId', 'day']
const ledgerSums = ['tasks', 'credit', 'computeMs']
const totalSums = ['tasks', 'credit', 'recent']

/**
 * The ledger lines of a commit, and every sum that is kept of them. `weekEnds` is the last day of the week whose sums are
 * there; a commit on a later day begins the next one.
 */
export function creditStatements(changes: readonly PackedChange[], at: number, weekEnds: string): Statement[] {
  const lines = changes.filter((change): change is Credited => change.type === 'credited')
  const week = weekOf(at, weekEnds)
  const weight = recentWeight(at)
  const ledger = summed(
    lines.map((line) => ({
      keys: [line.job, line.volunteer, line.device, line.day],
      sums: [line.tasks, line.credit, line.computeMs],
    })),
  )
  const periodsOf = (day: string) =>
    week.begins || day < week.first || day > week.last ? [day, ALL_TIME] : [day, ALL_TIME, WEEK]
  const totals = (owner: 'volunteer' | 'device') =>
    summed(
      lines.flatMap((line) =>
        periodsOf(line.day).map((period) => ({
          keys: [line[owner], period],
          sums: [line.tasks, line.credit, line.credit * weight],
        })),
      ),
    )
  const table = (name: string, keys: string[], sums: string[], rows: Value[][]) =>
    upsert(name, [...keys, ...sums], rows, adding(name, keys, sums))
  return [
    ...table('Ledger', ledgerKeys, ledgerSums, ledger),
    ...table('VolunteerTotal', ['volunteerId', 'period'], totalSums, totals('volunteer')),
    ...table('DeviceTotal', ['deviceId', 'period'], totalSums, totals('device')),
    ...(week.begins ? beginWeek(week.first, week.last) : []),
  ]
}

/** The seven days that a commit at `at` finds or begins; a clock that was set back changes nothing. */
export function weekOf(at: number, weekEnds: string): { first: string; last: string; begins: boolean } {
  const today = dayOf(at)
  const last = today > weekEnds ? today : weekEnds
  return { ...windowOf(7, Date.parse(last)), begins: last !== weekEnds }
}

/** Once a day the sums of the week are taken anew from those of its days. */
function beginWeek(first: string, last: string): Statement[] {
  const tables = [
    ['VolunteerTotal', 'volunteerId'],
    ['DeviceTotal', 'deviceId'],
  ] as const
  const sums = totalSums.map((sum) => `SUM(${quote(sum)})`).join()
  return [
    ...tables.flatMap(([table, id]) => [
      { sql: `DELETE FROM ${quote(table)} WHERE "period" = '${WEEK}'`, args: [] },
      {
        sql: `INSERT INTO ${quote(table)} (${[id, 'period', ...totalSums].map(quote).join()})
          SELECT ${quote(id)}, '${WEEK}', ${sums} FROM ${quote(table)}
          WHERE "period" >= $1 AND "period" <= $2 GROUP BY ${quote(id)}`,
        args: [first, last],
      },
    ]),
    { sql: 'UPDATE "Head" SET "weekEnds" = $1 WHERE "id" = 1', args: [last] },
  ]
}

/** One row per key: neither database adds to a row twice in one statement. */
function summed(lines: readonly { keys: readonly string[]; sums: readonly number[] }[]): Value[][] {
  const rows = new Map<string, { keys: readonly string[]; sums: number[] }>()
  for (const { keys, sums } of lines) {
    const key = keys.join(' ')
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { keys, sums: [...sums] })
    else row.sums = row.sums.map((sum, i) => sum + (sums[i] ?? 0))
  }
  return [...rows.values()].map(({ keys, sums }) => [...keys, ...sums])
}

/** A volunteer who stops halves their recent average every week, as in BOINC. */
const HALF_LIFE_DAYS = 7
const DAY_MS = 86_400_000
const HALF_LIFE_MS = HALF_LIFE_DAYS * DAY_MS
/** Weights are relative to this moment. A double holds 2^±1022, so sums stay in range from 2021 to 2059. */
const LANDMARK_MS = Date.UTC(2040, 0, 1)

/**
 * What one credit earned at `at` adds to a weighted sum that never needs decaying: newer credit weighs more instead
 * (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009). So the sum is additive, like every
 * other total, and its order is the order of the recent averages at any moment.
 */
export function recentWeight(at: number): number {
  return 2 ** ((at - LANDMARK_MS) / HALF_LIFE_MS)
}

/**
 * Recent average credit per day at `now`: Σ creditᵢ × (ln 2 / 7 days) × 2^(−(now − atᵢ) / 7 days), which for a steady
 * earner tends to what they earn a day. A revocation weighs a little more than what it revokes; never below zero.
 */
export function recentPerDay(weightedSum: number, now: number): number {
  return Math.max(0, ((weightedSum * Math.LN2) / HALF_LIFE_DAYS) * 2 ** ((LANDMARK_MS - now) / HALF_LIFE_MS))
}

/** UTC calendar day, YYYY-MM-DD. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** First and last day of the `days` UTC calendar days that end with today. */
export function windowOf(days: number, now: number): { first: string; last: string } {
  return { first: dayOf(now - (days - 1) * DAY_MS), last: dayOf(now) }
}
