import type { Core } from './core.ts'
import { type Database, replacing, type Statement, upsert, type Value } from './database.ts'
import { cursorAfter, deviceRecord, deviceRow, olderThan, pageOf, volunteerRecord, volunteerRow } from './records.ts'

type People = Pick<
  Core,
  | 'deviceByToken'
  | 'device'
  | 'devices'
  | 'volunteerByToken'
  | 'volunteer'
  | 'saveNewcomers'
  | 'saveVolunteer'
  | 'saveDevice'
  | 'events'
>

/** Devices, the people they belong to, and what is remembered about them. */
export function createPeople({ prisma, transact }: Database): People {
  async function findDevice(where: { id: string } | { tokenHash: string }) {
    const row = await prisma.device.findUnique({ where })
    if (row === null) return undefined
    return deviceRecord(row, await prisma.reputation.findUnique({ where: { deviceId: row.id } }))
  }

  async function findVolunteer(where: { id: string } | { tokenHash: string }) {
    const row = await prisma.volunteer.findUnique({ where })
    return row === null ? undefined : volunteerRecord(row)
  }

  /** One statement: two connections of the same device may say hello at once. */
  const save = (table: string, row: Row) => transact(insert(table, [row], replacing(['id'], Object.keys(row))))

  return {
    deviceByToken: (tokenHash) => findDevice({ tokenHash }),
    device: (id) => findDevice({ id }),
    async devices({ limit, cursor, seenSince }) {
      const rows = await prisma.device.findMany({
        where: { ...(seenSince !== undefined && { lastSeenAt: { gte: seenSince } }), ...olderThan(cursor) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      })
      const reputations = await prisma.reputation.findMany({ where: { deviceId: { in: rows.map(({ id }) => id) } } })
      const byDevice = new Map(reputations.map((reputation) => [reputation.deviceId, reputation]))
      const records = rows.map((row) => deviceRecord(row, byDevice.get(row.id)))
      return pageOf(records, limit, cursorAfter)
    },
    volunteerByToken: (tokenHash) => findVolunteer({ tokenHash }),
    volunteer: (id) => findVolunteer({ id }),
    saveNewcomers: ({ volunteers, devices }) =>
      transact([...insert('Volunteer', volunteers.map(volunteerRow)), ...insert('Device', devices.map(deviceRow))]),
    saveVolunteer: (volunteer) => save('Volunteer', volunteerRow(volunteer)),
    saveDevice: (device) => save('Device', deviceRow(device)),
    async events({ job, device, limit }) {
      const rows = await prisma.event.findMany({
        where: { ...(job && { jobId: job }), ...(device && { deviceId: device }) },
        orderBy: { id: 'desc' },
        take: limit,
      })
      return rows.map(({ at, what }) => ({ at: Number(at), what }))
    },
  }
}

type Row = Readonly<Record<string, Value>>

function insert(table: string, rows: readonly Row[], conflict?: string): Statement[] {
  const columns = Object.keys(rows[0] ?? {})
  return upsert(
    table,
    columns,
    rows.map((row) => Object.values(row)),
    conflict,
  )
}
