import type { ContributionView, LeaderboardItem, Page } from '../../protocol/api.ts'
import type { DeviceKind } from '../../protocol/device.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { PrismaClient } from './generated/sqlite/client.ts'
import { ALL_TIME, recentPerDay, WEEK, windowOf } from './ledger.ts'
import type { Store } from './port.ts'
import { pageOf, parseOffset } from './records.ts'

type Query = Parameters<Store['leaderboard']>[0]
interface Sum {
  readonly id: string
  readonly credit: bigint
  readonly tasks: bigint
}

/** Who earned what: read from totals that every commit keeps, never summed from the ledger. */
export interface Board {
  leaderboard(query: Query): Promise<Page<LeaderboardItem>>
  volunteerTotals(id: VolunteerId): ReturnType<Store['volunteerTotals']>
  contributions(job: JobId): Promise<ContributionView[]>
}

export function createBoard(prisma: PrismaClient): Board {
  /** One period's sums, or several periods' added up; most credit first. */
  async function sums({ by, days, now }: Query, skip: number, take: number, above?: bigint): Promise<Sum[]> {
    const period = await periodOf(days, now)
    const single = typeof period === 'string'
    const credit = { gt: above ?? 0n }
    const ofVolunteers = { period, volunteer: { hidden: false } }
    const ofDevices = { period, device: { volunteer: { hidden: false } } }
    if (single && by === 'volunteer') {
      const orderBy = [{ credit: 'desc' as const }, { volunteerId: 'asc' as const }]
      const rows = await prisma.volunteerTotal.findMany({ where: { ...ofVolunteers, credit }, orderBy, skip, take })
      return rows.map((row) => ({ ...row, id: row.volunteerId }))
    }
    if (single) {
      const orderBy = [{ credit: 'desc' as const }, { deviceId: 'asc' as const }]
      const rows = await prisma.deviceTotal.findMany({ where: { ...ofDevices, credit }, orderBy, skip, take })
      return rows.map((row) => ({ ...row, id: row.deviceId }))
    }
    const _sum = { credit: true, tasks: true } as const
    const having = { credit: { _sum: credit } }
    const most = { _sum: { credit: 'desc' as const } }
    if (by === 'volunteer') {
      const orderBy = [most, { volunteerId: 'asc' as const }]
      const groups = await prisma.volunteerTotal.groupBy({
        by: 'volunteerId',
        where: ofVolunteers,
        _sum,
        having,
        orderBy,
        skip,
        take,
      })
      return groups.map((group) => ({
        id: group.volunteerId,
        credit: group._sum.credit ?? 0n,
        tasks: group._sum.tasks ?? 0n,
      }))
    }
    const orderBy = [most, { deviceId: 'asc' as const }]
    const groups = await prisma.deviceTotal.groupBy({
      by: 'deviceId',
      where: ofDevices,
      _sum,
      having,
      orderBy,
      skip,
      take,
    })
    return groups.map((group) => ({
      id: group.deviceId,
      credit: group._sum.credit ?? 0n,
      tasks: group._sum.tasks ?? 0n,
    }))
  }

  /** The period whose totals are kept, or else the days to add up. */
  async function periodOf(days: number | null, now: number): Promise<string | { gte: string; lte: string }> {
    if (days === null) return ALL_TIME
    const { first, last } = windowOf(days, now)
    if (first === last) return last
    const head = days === 7 ? await prisma.head.findUnique({ where: { id: 1 } }) : null
    return head?.weekEnds === last ? WEEK : { gte: first, lte: last }
  }

  /** Names, and recent averages, which are kept beside the totals over all time. */
  async function details(by: Query['by'], ids: string[]): Promise<Map<string, { name: string; recent: number }>> {
    if (by === 'volunteer') {
      const where = { volunteerId: { in: ids }, period: ALL_TIME }
      const rows = await prisma.volunteerTotal.findMany({ where, include: { volunteer: { select: { name: true } } } })
      return new Map(rows.map((row) => [row.volunteerId, { name: row.volunteer.name, recent: row.recent }]))
    }
    const where = { deviceId: { in: ids }, period: ALL_TIME }
    const rows = await prisma.deviceTotal.findMany({ where, include: { device: { select: { name: true } } } })
    return new Map(rows.map((row) => [row.deviceId, { name: row.device.name, recent: row.recent }]))
  }

  return {
    async leaderboard(query) {
      const skip = parseOffset(query.cursor)
      const found = await sums(query, skip, query.limit + 1)
      const first = found[0]
      const named = await details(
        query.by,
        found.map(({ id }) => id),
      )
      // Equals share a rank; the first of a later page may share it with the page before.
      let rank = 1
      if (first !== undefined && skip > 0) rank += (await sums(query, 0, skip, first.credit)).length
      const items = found.map(({ id, credit, tasks }, i): LeaderboardItem => {
        if (i > 0 && found[i - 1]!.credit !== credit) rank = skip + i + 1
        const { name, recent } = named.get(id) ?? { name: '', recent: 0 }
        return {
          rank,
          id: id as VolunteerId | DeviceId,
          name,
          credit: Number(credit),
          tasks: Number(tasks),
          recent: recentPerDay(recent, query.now),
        }
      })
      return pageOf(items, query.limit, () => String(skip + query.limit))
    },
    async volunteerTotals(id) {
      const own = await prisma.volunteerTotal.findUnique({
        where: { volunteerId_period: { volunteerId: id, period: ALL_TIME } },
      })
      const credit = own?.credit ?? 0n
      const [above, earners] = await Promise.all([
        prisma.volunteerTotal.count({ where: { period: ALL_TIME, credit: { gt: credit > 0n ? credit : 0n } } }),
        prisma.volunteerTotal.count({ where: { period: ALL_TIME, credit: { gt: 0n } } }),
      ])
      return {
        credit: Number(credit),
        tasks: Number(own?.tasks ?? 0n),
        rank: above + 1,
        volunteers: earners + (credit > 0n ? 0 : 1),
      }
    },
    async contributions(jobId) {
      const rows = await prisma.ledger.findMany({ where: { jobId } })
      const [volunteers, devices] = await Promise.all([
        prisma.volunteer.findMany({ where: { id: { in: [...new Set(rows.map((row) => row.volunteerId))] } } }),
        prisma.device.findMany({ where: { id: { in: [...new Set(rows.map((row) => row.deviceId))] } } }),
      ])
      const volunteerNames = new Map(volunteers.map(({ id, name }) => [id, name]))
      const devicesById = new Map(devices.map((device) => [device.id, device]))
      const lines = rows.map((row) => ({
        volunteer: row.volunteerId as VolunteerId,
        device: row.deviceId as DeviceId,
        tasks: Number(row.tasks),
        credit: Number(row.credit),
        computeMs: row.computeMs,
      }))
      return contributionsOf(lines, ({ volunteer, device }) => ({
        volunteer: { id: volunteer, name: volunteerNames.get(volunteer) ?? '' },
        device: {
          id: device,
          name: devicesById.get(device)?.name ?? '',
          kind: (devicesById.get(device)?.kind ?? 'browser') as DeviceKind,
        },
      }))
    },
  }
}

interface Line {
  readonly volunteer: VolunteerId
  readonly device: DeviceId
  readonly tasks: number
  readonly credit: number
  readonly computeMs: number
}

/** "Who did what": one item per volunteer and device over all days of a job, most credit first. */
export function contributionsOf(
  lines: readonly Line[],
  namesOf: (line: Line) => Pick<ContributionView, 'volunteer' | 'device'>,
): ContributionView[] {
  const sums = new Map<string, Line>()
  let credit = 0
  for (const line of lines) {
    const key = `${line.volunteer} ${line.device}`
    const sum = sums.get(key)
    credit += line.credit
    sums.set(key, {
      ...line,
      tasks: line.tasks + (sum?.tasks ?? 0),
      credit: line.credit + (sum?.credit ?? 0),
      computeMs: line.computeMs + (sum?.computeMs ?? 0),
    })
  }
  return [...sums.values()]
    .sort((a, b) => b.credit - a.credit || (a.device < b.device ? -1 : 1))
    .map((sum) => ({
      ...namesOf(sum),
      tasks: sum.tasks,
      credit: sum.credit,
      share: credit === 0 ? 0 : sum.credit / credit,
      computeMs: sum.computeMs,
    }))
}
