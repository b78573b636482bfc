import type { Change } from '../../coordinator/pool/effects.ts'
import { recentPerDay, recentWeight, windowOf } from '../../coordinator/store/ledger.ts'
import type { Store } from '../../coordinator/store/port.ts'
import { pageOf, parseOffset } from '../../coordinator/store/records.ts'
import type { LeaderboardItem, Page } from '../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'

type Credited = Extract<Change, { type: 'credited' }>
type LeaderboardQuery = Parameters<Store['leaderboard']>[0]

export interface LedgerLine {
  readonly volunteer: VolunteerId
  readonly device: DeviceId
  readonly job: JobId
  readonly day: string
  tasks: number
  credit: number
  computeMs: number
}

/** The ledger of the memory store: lines as they are, sums taken when asked for. */
export interface Tally {
  add(line: Credited, at: number): void
  lines(): Iterable<LedgerLine>
  leaderboard(query: LeaderboardQuery, nameOf: (id: string) => string | undefined): Page<LeaderboardItem>
  totals(id: VolunteerId): { credit: number; tasks: number; rank: number; volunteers: number }
}

export function createTally(): Tally {
  const lines = new Map<string, LedgerLine>()
  const recent = { volunteer: new Map<string, number>(), device: new Map<string, number>() }

  function sums(by: 'volunteer' | 'device', counts: (line: LedgerLine) => boolean) {
    const totals = new Map<string, { id: VolunteerId | DeviceId; credit: number; tasks: number }>()
    for (const line of lines.values()) {
      if (!counts(line)) continue
      const total = totals.get(line[by]) ?? { id: line[by], credit: 0, tasks: 0 }
      total.credit += line.credit
      total.tasks += line.tasks
      totals.set(line[by], total)
    }
    return totals
  }

  return {
    add({ volunteer, device, job, day, tasks, credit, computeMs }, at) {
      const key = [volunteer, device, job, day].join(' ')
      const line = lines.get(key) ?? { volunteer, device, job, day, tasks: 0, credit: 0, computeMs: 0 }
      line.tasks += tasks
      line.credit += credit
      line.computeMs += computeMs
      lines.set(key, line)
      const weighted = credit * recentWeight(at)
      recent.volunteer.set(volunteer, (recent.volunteer.get(volunteer) ?? 0) + weighted)
      recent.device.set(device, (recent.device.get(device) ?? 0) + weighted)
    },
    lines: () => lines.values(),
    leaderboard({ by, days, now, limit, cursor }, nameOf) {
      const window = days === null ? null : windowOf(days, now)
      const totals = sums(by, ({ day }) => window === null || (day >= window.first && day <= window.last))
      const shown = [...totals.values()]
        .filter(({ id, credit }) => credit > 0 && nameOf(id) !== undefined)
        .sort((a, b) => b.credit - a.credit || (a.id < b.id ? -1 : 1))
      const skipped = parseOffset(cursor)
      const items = shown.slice(skipped, skipped + limit + 1).map(({ id, credit, tasks }) => ({
        rank: 1 + shown.findIndex((other) => other.credit === credit),
        id,
        name: nameOf(id)!,
        credit,
        tasks,
        recent: recentPerDay(recent[by].get(id) ?? 0, now),
      }))
      return pageOf(items, limit, () => String(skipped + limit))
    },
    totals(id) {
      const totals = sums('volunteer', () => true)
      const { credit, tasks } = totals.get(id) ?? { credit: 0, tasks: 0 }
      const earners = [...totals.values()].filter((total) => total.credit > 0)
      const rank = 1 + earners.filter((total) => total.credit > credit).length
      return { credit, tasks, rank, volunteers: earners.length + (credit > 0 ? 0 : 1) }
    },
  }
}
