import type { Statement, Value } from './database.ts'
import type { PackedChange } from './pack.ts'
import { recentWeight } from './recent.ts'
import { adding, upsert } from './upsert.ts'

/** Totals over all time, beside those of days. */
export const ALL_TIME = 'all'

type Credited = Extract<PackedChange, { type: 'credited' }>

const ledgerKeys = ['jobId', 'volunteerId', 'deviceId', 'day']
const ledgerSums = ['tasks', 'credit', 'computeMs']
const totalSums = ['tasks', 'credit', 'recent']

/** The ledger lines of a commit, and every sum that is kept of them. */
export function creditStatements(changes: readonly PackedChange[], at: number): Statement[] {
  const lines = changes.filter((change): change is Credited => change.type === 'credited')
  const weight = recentWeight(at)
  const ledger = summed(
    lines.map((line) => ({
      keys: [line.job, line.volunteer, line.device, line.day],
      sums: [line.tasks, line.credit, line.computeMs],
    })),
  )
  const totals = (of: 'volunteer' | 'device') =>
    summed(
      lines.flatMap((line) =>
        [line.day, ALL_TIME].map((period) => ({
          keys: [line[of], period],
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
