import type {
  ContributionView,
  DevicePatch,
  DeviceView,
  LeaderboardItem,
  Page,
  VolunteerPatch,
} from '../../protocol/api.ts'
import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import type { Directory } from '../gateway/device/connection.ts'
import { ANONYMOUS, cleanName } from '../gateway/names.ts'
import type { Turn } from '../gateway/turn/turn.ts'
import type { Standing } from '../pool/job.ts'
import type { DecidedRun, DeviceRecord, Store, VolunteerRecord } from '../store/port.ts'
import { type Api, ApiProblem } from './port.ts'
import { deviceView } from './views.ts'

/** What the admin's pause says where the device asks why. */
const PAUSED_BY_ADMIN = 'The admin of this pool paused this device.'
const RESUMED_BY_ADMIN = 'The admin of this pool resumed this device.'

/** What is remembered of a device that has not worked yet. */
const NEWCOMER: Standing = {
  ...{ checkedLeases: 0, agreements: 0, disagreements: 0, failuresInRow: 0 },
  ...{ pausedBecause: null, msPerCredit: {} },
}

export interface PeopleParts {
  readonly store: Store
  readonly turn: Turn
  readonly directory: Directory
  changed(): void
}

/** Volunteers, their devices and what they did. */
export function createPeople({ store, turn, directory, changed }: PeopleParts) {
  /** Asked together, so that a big room costs one wait. */
  async function volunteers(ids: Iterable<VolunteerId>): Promise<Map<VolunteerId, VolunteerRecord>> {
    const found = await Promise.all([...new Set(ids)].map((id) => store.volunteer(id)))
    return new Map(found.flatMap((volunteer) => (volunteer ? [[volunteer.id, volunteer]] : [])))
  }

  /** As pages may show it: hidden and anonymous volunteers have no name. */
  function publicName(volunteer: VolunteerRecord | undefined): string {
    return volunteer && !volunteer.hidden && volunteer.name !== '' ? volunteer.name : ANONYMOUS
  }

  async function view(record: DeviceRecord): Promise<DeviceView> {
    const here = directory.get(record.id)
    const volunteer = here?.volunteer ?? (await store.volunteer(record.volunteer))
    return deviceView(here?.record ?? record, volunteer, here, turn.pool()?.device(record.id))
  }

  async function device(id: DeviceId): Promise<DeviceRecord> {
    const found = directory.get(id)?.record ?? (await store.device(id))
    if (!found) throw new ApiProblem(404, 'There is no such device.')
    return found
  }

  async function saveVolunteer(volunteer: VolunteerRecord): Promise<void> {
    await store.saveVolunteer(volunteer)
    for (const connection of directory.of(volunteer.id)) connection.volunteer = volunteer
    changed()
  }

  /** The pool decides about devices it knows; of one that is away the store remembers the admin's word. */
  async function setPaused(record: DeviceRecord, paused: boolean): Promise<void> {
    const { id: device, standing } = record
    const because = paused ? PAUSED_BY_ADMIN : RESUMED_BY_ADMIN
    if (!turn.post({ type: 'devicePaused', device, paused, because }) || !(await turn.settled()))
      throw new ApiProblem(503, turn.trouble() ?? 'The pool is starting. Try again in a moment.')
    if (directory.get(device)) return
    const now = { ...NEWCOMER, ...standing, failuresInRow: 0, pausedBecause: paused ? because : null }
    const changes = [{ type: 'standingChanged', device, standing: now } as const]
    await store.commit({ at: Date.now(), changes, outputs: new Map() })
  }

  return {
    publicName,
    device,
    saveVolunteer,
    async nameDecided(runs: readonly DecidedRun[]): Promise<readonly (DecidedRun & { volunteerName: string })[]> {
      const known = await volunteers(runs.map((run) => run.volunteer))
      return runs.map((run) => ({ ...run, volunteerName: publicName(known.get(run.volunteer)) }))
    },
    async nameContributions(items: readonly ContributionView[]): Promise<readonly ContributionView[]> {
      const known = await volunteers(items.map((item) => item.volunteer.id))
      return items.map((item) => {
        const { id } = item.volunteer
        return { ...item, volunteer: { id, name: publicName(known.get(id)) } }
      })
    },
    async leaderboard(query: Parameters<Api['leaderboard']>[0]): Promise<Page<LeaderboardItem>> {
      const { by, window, limit, cursor } = query
      const days = window === 'all' ? null : window === 'week' ? 7 : 1
      const page = await store.leaderboard({ by, days, now: Date.now(), limit, ...(cursor ? { cursor } : {}) })
      return { ...page, items: page.items.map((item) => ({ ...item, name: item.name || ANONYMOUS })) }
    },
    async devices(query: { limit: number; cursor?: string }): Promise<Page<DeviceView>> {
      const page = await store.devices(query)
      const items: DeviceView[] = []
      for (const record of page.items) items.push(await view(record))
      return { ...page, items }
    },
    async patchDevice(id: DeviceId, patch: DevicePatch): Promise<DeviceView> {
      const found = await device(id)
      const { paused, removed } = patch
      const record: DeviceRecord = {
        ...found,
        ...(patch.name === undefined ? {} : { name: cleanName(patch.name) }),
        ...(removed === undefined ? {} : { removed }),
      }
      const here = directory.get(id)
      if (here) here.record = record
      await store.saveDevice(record)
      if (paused !== undefined) await setPaused(record, paused)
      if (removed === true) {
        turn.post({ type: 'deviceRemoved', device: id })
        here?.socket.emit('tell', { level: 'error', text: 'The admin of this pool removed this device.' })
        here?.socket.disconnect(true)
      }
      changed()
      return view((await store.device(id)) ?? record)
    },
    async patchVolunteer(id: VolunteerId, patch: VolunteerPatch): Promise<void> {
      const found = await store.volunteer(id)
      if (!found) throw new ApiProblem(404, 'There is no such volunteer.')
      await saveVolunteer({
        ...found,
        ...(patch.name === undefined ? {} : { name: cleanName(patch.name) }),
        ...(patch.hidden === undefined ? {} : { hidden: patch.hidden }),
      })
    },
  }
}
export type People = ReturnType<typeof createPeople>
