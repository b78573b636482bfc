import type { Change } from '../../coordinator/pool/effects.ts'
import type { AloneFailure, JobProgress, Reputation } from '../../coordinator/pool/job.ts'
import { dayOf } from '../../coordinator/store/ledger.ts'
import type { Batch, DeviceRecord, NewJob, Store, VolunteerRecord } from '../../coordinator/store/port.ts'
import { newProgress } from '../../coordinator/store/records.ts'
import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'

// Small things to put into a store.

export const NOON = Date.UTC(2026, 10, 21, 12)
export const DAY_MS = 86_400_000
export const jobId = (name: string) => name as JobId
export const deviceId = (name: string) => name as DeviceId
export const volunteerId = (name: string) => name as VolunteerId
export const leaseId = (name: string) => name as LeaseId

export function newJob(name: string, more: Partial<NewJob> = {}): NewJob {
  return {
    id: jobId(name),
    kind: 'squares',
    title: `Squares of ${name}`,
    params: { upTo: 7, names: ['a', null] },
    kernelHash: 'k1',
    taskCount: 10,
    priority: 2,
    trust: { maxWrong: 0.01 },
    devices: 'all',
    submitter: 'admin',
    createdAt: NOON,
    ...more,
  }
}

export function progressOf(job: NewJob, more: Partial<JobProgress> = {}): Change {
  return { type: 'jobChanged', job: { ...newProgress(job), status: 'running', startedAt: NOON, ...more } }
}

export function volunteer(name: string, more: Partial<VolunteerRecord> = {}): VolunteerRecord {
  return {
    id: volunteerId(name),
    name: `The ${name}`,
    tokenHash: `hash-${name}`,
    hidden: false,
    createdAt: NOON,
    ...more,
  }
}

export function device(name: string, owner: string, more: Partial<DeviceRecord> = {}): DeviceRecord {
  return {
    id: deviceId(name),
    volunteer: volunteerId(owner),
    name: `Box ${name}`,
    kind: 'agent',
    tokenHash: `hash-${name}`,
    threads: 3,
    cores: 4,
    platform: 'linux arm64',
    version: '1',
    host: false,
    removed: false,
    createdAt: NOON,
    lastSeenAt: NOON,
    reputation: null,
    ...more,
  }
}

export const reputation = (more: Partial<Reputation> = {}): Reputation => ({
  checkedLeases: 2,
  agreements: 5,
  disagreements: 0,
  failuresInRow: 0,
  pausedBecause: null,
  msPerCredit: { squares: 1.5 },
  ...more,
})

interface Result {
  readonly job?: string
  readonly device?: string
  readonly state?: 'accepted' | 'pending' | 'noted' | 'agreed'
  readonly price?: number
  /** One output per task, as text. */
  readonly outputs: readonly string[]
}

let lastRef = 0

/** A kept result for the tasks from `from` on, and the outputs it brings. The owner of device `d` is volunteer `v-d`. */
export function result(from: number, { job = 'a', device = 'd', state = 'accepted', price = 3, outputs }: Result) {
  const ref = ++lastRef
  const change: Extract<Change, { type: 'resultKept' }> = {
    type: 'resultKept',
    job: jobId(job),
    from,
    to: from + outputs.length,
    device: deviceId(device),
    volunteer: volunteerId(`v-${device}`),
    state,
    prices: Uint32Array.from(outputs, () => price),
    digests: Uint32Array.from(outputs.flatMap((text, i) => [from + i, text.length])),
    ref,
  }
  return { change, bytes: { from, outputs: outputs.map((text) => new TextEncoder().encode(text)) } }
}

export function credit(amount: number, more: Partial<Extract<Change, { type: 'credited' }>> = {}): Change {
  return {
    type: 'credited',
    volunteer: volunteerId('v-d'),
    device: deviceId('d'),
    job: jobId('a'),
    day: dayOf(NOON),
    tasks: Math.sign(amount),
    credit: amount,
    computeMs: 1.5,
    ...more,
  }
}

type Part = Change | ReturnType<typeof result>

export function batch(parts: readonly Part[], at = NOON): Batch {
  const outputs = new Map<number, ReturnType<typeof result>['bytes']>()
  const changes = parts.map((part): Change => {
    if ('type' in part) return part
    outputs.set(part.change.ref, part.bytes)
    return part.change
  })
  return { at, changes, outputs }
}

export async function outputTexts(store: Store, job: string, from?: number, to?: number): Promise<string[]> {
  const texts: string[] = []
  for await (const output of store.outputs(jobId(job), from, to)) texts.push(new TextDecoder().decode(output))
  return texts
}

/** History with plain arrays, which compare well; `ref` means nothing in it. */
export async function historyOf(store: Store, job: string): Promise<unknown[]> {
  const { jobs } = await store.load()
  const restored = jobs.find(({ spec }) => spec.id === job)
  return [...(restored?.history ?? [])].map((change) =>
    change.type === 'resultKept'
      ? { ...change, prices: [...change.prices], digests: [...change.digests], ref: 0 }
      : change,
  )
}

export function failure(device: string): AloneFailure {
  return { device: deviceId(device), voter: `v-${device}`, network: `n-${device}`, times: 1 }
}
