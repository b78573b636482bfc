import type {
  ContributionView,
  DevicePatch,
  DeviceView,
  LeaderboardItem,
  Page,
  VolunteerPatch,
} from '../../protocol/api.ts'
import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import type { Committer } from '../committer/committer.ts'
import type { Connection, Directory } from '../devices/connection.ts'
import { ANONYMOUS, cleanName } from '../devices/identity.ts'
import { NEWCOMER } from '../pool/devices.ts'
import type { DeviceProgress } from '../pool/job.ts'
import { ApiProblem } from '../problem.ts'
import type { DecidedRun, DeviceRecord, Store, VolunteerRecord } from '../store/port.ts'
import { postDurably, time } from './jobs.ts'

/** What the admin's pause says where the device asks why. */
const PAUSED_BY_ADMIN = 'The admin of this pool paused this device.'
const RESUMED_BY_ADMIN = 'The admin of this pool resumed this device.'

const REMEMBERED_MS = 10_000
const REMEMBERED = 5000

export interface PeopleParts {
  readonly store: Store
  readonly committer: Committer
  readonly directory: Directory
  changed(): void
}

/** Volunteers, their devices and what they did. */
export function createPeople({ store, committer, directory, changed }: PeopleParts) {
  const remembered = new Map<
    VolunteerId,
    { readonly until: number; readonly found: Promise<VolunteerRecord | undefined> }
  >()

  /** Lists are drawn every second while somebody watches; who is not here is asked of the store more rarely. */
  function volunteer(id: VolunteerId): Promise<VolunteerRecord | undefined> {
    const [here] = directory.of(id)
    if (here) return Promise.resolve(here.volunteer)
    const known = remembered.get(id)
    if (known && known.until > Date.now()) return known.found
    const found = store.volunteer(id)
    found.catch(() => remembered.delete(id))
    remembered.delete(id)
    remembered.set(id, { until: Date.now() + REMEMBERED_MS, found })
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!)
    return found
  }

  /** Asked together, so that a big room costs one wait. */
  async function volunteers(ids: Iterable<VolunteerId>): Promise<Map<VolunteerId, VolunteerRecord>> {
    const found = await Promise.all([...new Set(ids)].map(volunteer))
    return new Map(found.flatMap((volunteer) => (volunteer ? [[volunteer.id, volunteer]] : [])))
  }

  /** As pages may show it: hidden and anonymous volunteers have no name. */
  function publicName(volunteer: VolunteerRecord | undefined): string {
    return volunteer && !volunteer.hidden && volunteer.name !== '' ? volunteer.name : ANONYMOUS
  }

  async function view(record: DeviceRecord): Promise<DeviceView> {
    const here = directory.get(record.id)
    const owner = here?.volunteer ?? (await volunteer(record.volunteer))
    return deviceView(here?.record ?? record, owner, here, committer.pool()?.device(record.id))
  }

  async function device(id: DeviceId): Promise<DeviceRecord> {
    const found = directory.get(id)?.record ?? (await store.device(id))
    if (!found) throw new ApiProblem(404, 'There is no such device.')
    return found
  }

  async function saveVolunteer(saved: VolunteerRecord): Promise<void> {
    await store.saveVolunteer(saved)
    remembered.delete(saved.id)
    for (const connection of directory.of(saved.id)) connection.volunteer = saved
    changed()
  }

  /** The pool decides about devices it knows; of one that is away the store remembers the admin's word. */
  async function setPaused(record: DeviceRecord, paused: boolean): Promise<void> {
    const { id: device, reputation } = record
    const because = paused ? PAUSED_BY_ADMIN : RESUMED_BY_ADMIN
    await postDurably(committer, { type: 'devicePaused', device, paused, because })
    if (directory.get(device)) return
    const now = { ...NEWCOMER, ...reputation, failuresInRow: 0, pausedBecause: paused ? because : null }
    const changes = [{ type: 'reputationChanged', device, reputation: now } as const]
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
    async leaderboard(query: {
      by: 'volunteer' | 'device'
      window: 'day' | 'week' | 'all'
      limit: number
      cursor?: string
    }): Promise<Page<LeaderboardItem>> {
      const { by, window, limit, cursor } = query
      const days = window === 'all' ? null : window === 'week' ? 7 : 1
      const page = await store.leaderboard({ by, days, now: Date.now(), limit, ...(cursor ? { cursor } : {}) })
      return { ...page, items: page.items.map((item) => ({ ...item, name: item.name || ANONYMOUS })) }
    },
    async devices(query: { limit: number; cursor?: string }): Promise<Page<DeviceView>> {
      const page = await store.devices(query)
      return { ...page, items: await Promise.all(page.items.map(view)) }
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
        committer.post({ type: 'deviceRemoved', device: id })
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

/** From what the store and the pool know of a device to its shape in the API. */
function deviceView(
  record: DeviceRecord,
  volunteer: VolunteerRecord | undefined,
  here: Connection | undefined,
  live: DeviceProgress | undefined,
): DeviceView {
  const temperature = here?.state?.temperatureC
  const reputation = live?.reputation ?? record.reputation
  return {
    id: record.id,
    volunteer: { id: record.volunteer, name: volunteer?.name || ANONYMOUS },
    hidden: volunteer?.hidden ?? false,
    name: record.name,
    kind: record.kind,
    threads: here?.threads ?? record.threads,
    speed: live?.speed ?? 0,
    state: stateOf(record, here, live, reputation?.pausedBecause ?? null),
    lastSeen: time(here ? Date.now() : record.lastSeenAt),
    version: record.version,
    platform: record.platform,
    host: here?.host ?? record.host,
    busyThreads: live ? Math.min(live.leases, live.threads) : 0,
    ...(temperature === undefined ? {} : { temperatureC: temperature }),
  }
}

function stateOf(
  record: DeviceRecord,
  here: Connection | undefined,
  live: DeviceProgress | undefined,
  pausedBecause: string | null,
): DeviceView['state'] {
  if (record.removed) return 'removed'
  if (pausedBecause !== null) return 'paused'
  if (!here) return 'away'
  return here.working ? (live?.state ?? 'idle') : 'paused'
}
