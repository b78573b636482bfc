import type { Change } from '../../coordinator/pool/effects.ts'
import type { JobProgress, Reputation } from '../../coordinator/pool/job.ts'
import { contributionsOf } from '../../coordinator/store/board.ts'
import { keepsBytes } from '../../coordinator/store/core.ts'
import { type EventLine, endsWithDead, eventLine } from '../../coordinator/store/plan.ts'
import {
  type Batch,
  type DeviceRecord,
  type JobRecord,
  type NewJob,
  OutputsMissing,
  type Store,
  type VolunteerRecord,
} from '../../coordinator/store/port.ts'
import { isDue, isWorthIt } from '../../coordinator/store/reclaim.ts'
import { cursorAfter, type Listed, newProgress, pageOf, parseCursor } from '../../coordinator/store/records.ts'
import { createRuns, type Runs } from '../../coordinator/store/runs.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { isFinal } from '../../protocol/ids.ts'
import { createTally } from './tally.ts'

interface HeldJob {
  readonly job: NewJob
  progress: JobProgress
  history: Change[]
  runs: Runs<Uint8Array[]>
  outputBytes: number
  /** Outputs that are kept, needed or not, and how many were left when they were last looked at. */
  outputs: number
  seen: number
  doubted: number
  hasOutputs: boolean
  /** Running time at which retention first saw it finished. */
  keptSince: number | null
}

/** The store of tests and simulations: everything the port promises but durability. */
export function createMemoryStore(): Store {
  const jobs = new Map<JobId, HeldJob>()
  const devices = new Map<DeviceId, DeviceRecord>()
  const reputations = new Map<DeviceId, Reputation>()
  const volunteers = new Map<VolunteerId, VolunteerRecord>()
  const events: (EventLine & { at: number })[] = []
  const tally = createTally()

  const recordOf = ({ job, progress, outputBytes, doubted, hasOutputs }: HeldJob): JobRecord => ({
    ...job,
    priority: progress.priority,
    progress,
    outputBytes,
    doubted,
    hasOutputs,
  })
  const deviceOf = (device: DeviceRecord): DeviceRecord => ({
    ...device,
    reputation: reputations.get(device.id) ?? null,
  })

  function keep(change: Extract<Change, { type: 'resultKept' }>, batch: Batch) {
    const held = jobs.get(change.job)
    if (held === undefined) return
    const { from, to, ref } = change
    const message = batch.outputs.get(ref)
    let place: Uint8Array[] | null = null
    if (keepsBytes(change)) {
      if (message === undefined) throw new Error(`The outputs of result ${ref} are not in the batch.`)
      place = message.outputs.slice(from - message.from, to - message.from).map((output) => output.slice())
      for (const output of place) held.outputBytes += output.byteLength
      held.outputs += to - from
    }
    held.runs.keep({ ...change, place })
    held.history.push({ ...change, ref: 0, prices: change.prices.slice(), digests: change.digests.slice() })
  }

  /** Lets go of outputs that nobody needs any more, when the other stores do. */
  function reclaim(held: HeldJob, ended: boolean) {
    const needed = held.runs.needed(ended)
    const dead: [Uint8Array[], number][] = []
    let outputs = 0
    let bytes = 0
    for (const [index, { from, place }] of held.runs.kept().entries()) {
      for (const [i, output] of (place ?? []).entries()) {
        if (place !== null && !needed(index, from + i)) dead.push([place, i])
        else {
          bytes += output.byteLength
          outputs++
        }
      }
    }
    held.seen = held.outputs
    if (!isWorthIt(held.outputBytes, bytes)) return
    for (const [place, i] of dead) place[i] = new Uint8Array()
    held.outputBytes = bytes
    held.outputs = outputs
    held.seen = outputs
  }

  function distrust(device: DeviceId) {
    for (const held of jobs.values()) {
      if (held.progress.status !== 'done') continue
      held.runs.distrust(device)
      held.doubted = held.runs.doubted()
    }
  }

  function apply(change: Change, batch: Batch) {
    const line = eventLine(change)
    if (line !== null) events.push({ ...line, at: batch.at })
    switch (change.type) {
      case 'jobChanged': {
        const held = jobs.get(change.job.id)
        if (held === undefined) return
        held.progress = change.job
        if (isFinal(change.job.status)) held.history = []
        return
      }
      case 'resultKept':
        return keep(change, batch)
      case 'tasksDecided':
      case 'tasksValidated':
      case 'resultsRevoked': {
        const held = jobs.get(change.job)
        held?.history.push(change)
        held?.runs.decide(change)
        return
      }
      case 'attemptCounted':
        jobs.get(change.job)?.history.push(change)
        return
      case 'credited':
        return tally.add(change, batch.at)
      case 'reputationChanged':
        reputations.set(change.device, change.reputation)
        return
      case 'deviceDistrusted':
      case 'resultRefused':
        return
      default:
        change satisfies never
    }
  }

  /** Names for the leaderboard; undefined for those who stand on no public page. */
  function nameFor(by: 'volunteer' | 'device') {
    return (id: string): string | undefined => {
      const device = devices.get(id as DeviceId)
      const owner = volunteers.get(
        by === 'volunteer' ? (id as VolunteerId) : (device?.volunteer ?? ('' as VolunteerId)),
      )
      if (owner === undefined || owner.hidden) return undefined
      return by === 'volunteer' ? owner.name : device?.name
    }
  }

  return {
    async load() {
      const open = [...jobs.values()].filter(({ progress }) => !isFinal(progress.status))
      return {
        jobs: open.map(({ job, progress, history }) => {
          const owners = new Map<DeviceId, VolunteerId>()
          for (const change of history) if (change.type === 'resultKept') owners.set(change.device, change.volunteer)
          const { title: _title, params: _params, ...spec } = job
          return {
            spec: { ...spec, priority: progress.priority },
            progress,
            history: [...history],
            volunteerOf: (device) => owners.get(device)!,
          }
        }),
      }
    },
    async commit(batch) {
      const progress = new Map<JobId, JobProgress>()
      for (const change of batch.changes) {
        apply(change, batch)
        if (change.type === 'jobChanged') progress.set(change.job.id, change.job)
      }
      for (const [id, held] of jobs) {
        const now = progress.get(id)
        if (now && endsWithDead(now, held.outputs)) reclaim(held, true)
        else if (isDue(held.outputs, held.outputBytes, held.job.taskCount, held.seen)) reclaim(held, false)
      }
      for (const change of batch.changes) if (change.type === 'deviceDistrusted') distrust(change.device)
    },
    async addJob(job) {
      if (jobs.has(job.id)) throw new Error(`Job ${job.id} is already there.`)
      jobs.set(job.id, {
        job: structuredClone(job),
        progress: newProgress(job),
        history: [],
        runs: createRuns(job.taskCount),
        outputBytes: 0,
        outputs: 0,
        seen: 0,
        doubted: 0,
        hasOutputs: true,
        keptSince: null,
      })
    },
    async job(id) {
      const held = jobs.get(id)
      return held === undefined ? undefined : recordOf(held)
    },
    async jobs({ limit, cursor, status, submitter, but }) {
      const found = [...jobs.values()].filter(
        ({ job, progress }) =>
          (status === undefined || progress.status === status) &&
          (submitter === undefined || job.submitter === submitter) &&
          job.submitter !== but,
      )
      return pageOf(newest(found.map(recordOf), cursor).slice(0, limit + 1), limit, cursorAfter)
    },
    async deleteJob(id) {
      if (!jobs.delete(id)) return false
      for (let i = events.length - 1; i >= 0; i--) if (events[i]?.job === id) events.splice(i, 1)
      return true
    },
    async forgetOutputs({ ranMs, keptMs }) {
      let freed = 0
      for (const held of jobs.values()) {
        if (!held.hasOutputs || !isFinal(held.progress.status)) continue
        held.keptSince = Math.min(held.keptSince ?? ranMs, ranMs)
        if (held.keptSince > ranMs - keptMs) continue
        freed += held.outputBytes
        held.hasOutputs = false
        held.outputBytes = 0
        held.outputs = 0
      }
      return freed
    },
    async *outputs(id, from = 0, to) {
      const held = jobs.get(id)
      if (held === undefined || !held.hasOutputs) throw new OutputsMissing(id, from)
      for (const span of held.runs.sources(from, to ?? held.job.taskCount)) {
        if (span.run === undefined) throw new OutputsMissing(id, span.from)
        yield* span.run.place.slice(span.from - span.run.from, span.to - span.run.from)
      }
    },
    decided: async (id) => jobs.get(id)?.runs.decided() ?? [],
    async contributions(id) {
      const lines = [...tally.lines()].filter(({ job }) => job === id)
      return contributionsOf(lines, (line) => ({
        volunteer: { id: line.volunteer, name: volunteers.get(line.volunteer)?.name ?? '' },
        device: {
          id: line.device,
          name: devices.get(line.device)?.name ?? '',
          kind: devices.get(line.device)?.kind ?? 'browser',
        },
      }))
    },
    leaderboard: async (query) => tally.leaderboard(query, nameFor(query.by)),
    volunteerTotals: async (id) => tally.totals(id),
    async deviceByToken(tokenHash) {
      const device = [...devices.values()].find((one) => one.tokenHash === tokenHash)
      return device && deviceOf(device)
    },
    async device(id) {
      const device = devices.get(id)
      return device && deviceOf(device)
    },
    async devices({ limit, cursor, seenSince = 0 }) {
      const found = [...devices.values()].filter(({ lastSeenAt }) => lastSeenAt >= seenSince)
      return pageOf(newest(found.map(deviceOf), cursor).slice(0, limit + 1), limit, cursorAfter)
    },
    volunteerByToken: async (tokenHash) => [...volunteers.values()].find((one) => one.tokenHash === tokenHash),
    volunteer: async (id) => volunteers.get(id),
    async saveNewcomers(newcomers) {
      if (
        newcomers.devices.some(({ id }) => devices.has(id)) ||
        newcomers.volunteers.some(({ id }) => volunteers.has(id))
      )
        throw new Error('A newcomer is here already')
      for (const volunteer of newcomers.volunteers) volunteers.set(volunteer.id, volunteer)
      for (const device of newcomers.devices) devices.set(device.id, device)
    },
    saveVolunteer: async (volunteer) => void volunteers.set(volunteer.id, volunteer),
    saveDevice: async (device) => void devices.set(device.id, device),
    async events({ job, device, limit }) {
      return events
        .filter((line) => (job === undefined || line.job === job) && (device === undefined || line.device === device))
        .slice(-limit)
        .reverse()
        .map(({ at, what }) => ({ at, what }))
    },
    async diskUse() {
      let outputsBytes = 0
      for (const held of jobs.values()) outputsBytes += held.outputBytes
      return { databaseBytes: 0, outputsBytes, freeBytes: Number.MAX_SAFE_INTEGER }
    },
    close: async () => {},
  }
}

function newest<Item extends Listed>(items: readonly Item[], cursor: string | undefined): Item[] {
  const after = parseCursor(cursor)
  return items.filter((item) => after === undefined || compare(item, after) > 0).sort((a, b) => compare(a, b))
}

function compare(a: Listed, b: Listed): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
