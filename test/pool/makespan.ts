import type { LeaseClaims } from '../../coordinator/pool/job.ts'
import { createPool } from '../../coordinator/pool/pool.ts'
import type { DeviceId, JobId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import { agenda } from '../simulate/agenda.ts'
import { POOL } from './rig.ts'

/** One way from device to pool or back, and what a commit takes. */
const LATENCY_MS = 3
const COMMIT_MS = 3
/** Devices send what they have this often, and at the end of a lease. */
const SEND_EVERY_MS = 200
const HOUR_MS = 3_600_000
const JOB = 'job' as JobId

interface Thread {
  readonly id: DeviceId
  readonly speed: number
  readonly held: Map<LeaseId, { readonly claims: LeaseClaims; next: number }>
  asked: number
  busy: boolean
}

/**
 * Milliseconds from submit to done of one job on one-thread devices of these speeds, in virtual time: the real pool,
 * devices as sessions are, messages that take a while. `costs`: milliseconds of each task at speed 1.
 */
export function makespan(costs: readonly number[], speeds: readonly number[]): number {
  const plan = agenda()
  const pool = createPool(POOL, { jobs: [] }, 0)
  let doneAt = Number.NaN
  let ref = 0

  function hear(event: { type: string }) {
    const effects = pool.handle({ ...event, at: plan.now } as unknown as Parameters<typeof pool.handle>[0])
    for (const effect of effects) {
      if (effect.type === 'jobChanged' && effect.job.status === 'done') doneAt = plan.now + COMMIT_MS
      if (effect.type !== 'lend' && effect.type !== 'release') continue
      const thread = threads.find(({ id }) => id === effect.device)!
      plan.plan(LATENCY_MS, () => {
        const { lease } = effect.claims
        if (effect.type === 'lend') {
          thread.held.set(lease, { claims: effect.claims, next: effect.claims.from })
          thread.asked--
        } else thread.held.delete(lease)
        look(thread)
      })
    }
  }
  const say = (event: { type: string; [field: string]: unknown }) => plan.plan(LATENCY_MS, () => hear(event))

  function look(thread: Thread) {
    const room = Math.max(0, 2 - thread.held.size)
    if (room !== thread.asked) {
      thread.asked = room
      say({ type: 'workAsked', device: thread.id, leases: room })
    }
    const [lease] = thread.held.values()
    if (thread.busy || !lease) return
    const from = lease.next
    let ms = 0
    while (lease.next < lease.claims.to && ms < SEND_EVERY_MS) ms += costs[lease.next++]! / thread.speed
    const to = lease.next
    thread.busy = true
    const share = (at: number) => () => {
      if (thread.held.get(lease.claims.lease) === lease)
        say({ type: 'progressed', device: thread.id, claims: lease.claims, task: from, share: at / ms })
    }
    for (let at = 1000; at < ms; at += 1000) plan.plan(at, share(at))
    plan.plan(ms, () => {
      thread.busy = false
      if (thread.held.get(lease.claims.lease) === lease) {
        if (to === lease.claims.to) thread.held.delete(lease.claims.lease)
        const prices = Uint32Array.from({ length: to - from }, (_, i) => Math.ceil(costs[from + i]!))
        const digests = Uint32Array.from({ length: 2 * (to - from) }, (_, i) => from + (i >> 1))
        const result = { type: 'resultReturned', device: thread.id, claims: lease.claims, from, prices, digests }
        say({ ...result, bytes: to - from, computeMs: ms, ref: ++ref })
      }
      look(thread)
    })
  }

  const threads = speeds.map((speed, i): Thread => {
    const id = `device-${i}` as DeviceId
    hear({
      ...{ type: 'deviceJoined', device: id, volunteer: `volunteer-${i}` as VolunteerId, network: `network-${i}` },
      ...{ threads: 1, host: false, reputation: null, held: [] },
    } as never)
    return { id, speed, held: new Map(), asked: 0, busy: false }
  })
  const spec = { id: JOB, kind: 'some', kernelHash: 'hash', taskCount: costs.length, priority: 0, trust: 'fast' }
  hear({ type: 'jobSubmitted', job: { ...spec, devices: 'all', submitter: 'me', createdAt: 0 } } as never)
  for (const thread of threads) look(thread)
  const tick = () => {
    hear({ type: 'ticked' })
    plan.plan(1000, tick)
  }
  tick()
  while (Number.isNaN(doneAt) && plan.step(HOUR_MS)) {}
  return doneAt
}
