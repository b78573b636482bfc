import type { Effect, VerdictRun } from '../../coordinator/pool/effects.ts'
import type { JobProgress, JobSpec, LeaseClaims } from '../../coordinator/pool/job.ts'
import type { PoolOptions } from '../../coordinator/pool/state.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { type Coordinator, coordinator, EPOCH, type Unstamped } from '../simulate/coordinator.ts'
import { type Digest, ownLie, priceOf, sharedLie, truth } from '../simulate/truth.ts'

/** What a device says when asked for task t: the truth, its own lie, or the lie several share. */
export type Says = 'truth' | 'own' | 'shared'

/** The real pool with people moved by hand. Every law and invariant is checked after every event. */
export interface Rig {
  readonly coordinator: Coordinator
  /** Since the rig was made, newest last; performed at once, as if every commit were instant. */
  readonly effects: Effect[]
  hear(event: Unstamped): void
  /** Time passes, with a tick every second where nothing else is said. */
  pass(ms: number, tickMs?: number): void
  /** Sets the host's clock. */
  jump(ms: number): void
  now(): number
  restart(): void
  join(name: string, also?: Partial<Joining>): void
  leave(name: string, goodbye?: boolean): void
  ask(name: string, leases?: number): void
  /** Leases the device holds, as it knows them. */
  held(name: string): LeaseClaims[]
  give(name: string, claims: LeaseClaims, from?: number, to?: number, says?: Says): readonly VerdictRun[]
  /** The kernel throws on a task; the device drops the lease. */
  fail(name: string, claims: LeaseClaims, task: number): void
  /** Everybody named asks and returns everything until nobody has anything. */
  work(names: readonly string[], says?: (name: string, task: number) => Says): void
  submit(name: string, also?: Partial<JobSpec>): void
  job(name: string): JobProgress | undefined
  said<Type extends Effect['type']>(type: Type): Extract<Effect, { type: Type }>[]
}

export interface Joining {
  volunteer: string
  network: string
  threads: number
  host: boolean
  /** Milliseconds it needs for a task. */
  taskMs: number
  /** Past its first leases. */
  known: boolean
  held: readonly LeaseClaims[]
}

export const POOL: PoolOptions = {
  seed: 1,
  auditKey: Uint8Array.from({ length: 16 }, (_, i) => i),
  run: 'test',
  colluding: 0.1,
}

/** What a task of a rig's job takes where nothing else is said, milliseconds. */
const TASK_MS = 100

/** Looking at everything after every event is too slow for jobs of many thousand tasks: those say `every`. */
export function rig(options: Partial<PoolOptions> = {}, every = 1): Rig {
  let now = 0
  let refs = 0
  const effects: Effect[] = []
  const held = new Map<string, LeaseClaims[]>()
  const numbers = new Map<string, number>()
  const speeds = new Map<string, number>()
  const of = (name: string) => held.get(name) ?? held.set(name, []).get(name) ?? []
  const perform = (effect: Effect) => {
    effects.push(effect)
    if (effect.type === 'lend') of(effect.device).push(effect.claims)
    if (effect.type === 'release') drop(effect.device, effect.claims)
  }
  const drop = (name: string, claims: LeaseClaims) => {
    held.set(
      name,
      of(name).filter(({ lease }) => lease !== claims.lease),
    )
  }
  const numberOf = (name: string) => numbers.get(name) ?? numbers.set(name, numbers.size + 1).get(name) ?? 0
  const it = coordinator({ ...POOL, ...options }, { now: () => now, perform, over: () => {} }, every)

  const self: Rig = {
    coordinator: it,
    effects,
    hear(event) {
      it.hear(event)
      it.commit()
    },
    pass(ms, tickMs = 1000) {
      for (const end = now + ms; now < end; ) {
        now += Math.min(tickMs, end - now)
        self.hear({ type: 'ticked' })
      }
    },
    jump(ms) {
      it.clockOffset += ms
    },
    now: () => EPOCH + now + it.clockOffset,
    restart: () => it.restart(),
    join(
      name,
      {
        volunteer = `v-${name}`,
        network = `n-${name}`,
        threads = 1,
        host = false,
        known = false,
        taskMs = TASK_MS,
        held: claims = [],
      } = {},
    ) {
      const reputation = it.reputation(name as DeviceId) ?? (known ? { ...KNOWN } : null)
      held.set(name, [...claims])
      speeds.set(name, taskMs)
      self.hear({
        type: 'deviceJoined',
        device: name as DeviceId,
        volunteer: volunteer as VolunteerId,
        network,
        threads,
        host,
        reputation,
        held: claims,
      })
    },
    leave(name, goodbye = false) {
      self.hear({ type: 'deviceLeft', device: name as DeviceId, goodbye })
    },
    ask(name, leases = 1) {
      self.hear({ type: 'workAsked', device: name as DeviceId, leases })
    },
    held: (name) => [...of(name)],
    give(name, claims, from = claims.from, to = claims.to, says = 'truth') {
      const count = to - from
      const prices = new Uint32Array(count)
      const digests = new Uint32Array(2 * count)
      for (let i = 0; i < count; i++) {
        const digest = output(numberOf(claims.job), numberOf(name), from + i, says)
        prices[i] = priceOf(digest)
        digests[2 * i] = digest.high
        digests[2 * i + 1] = digest.low
      }
      const ref = ++refs
      self.hear({
        type: 'resultReturned',
        device: name as DeviceId,
        claims,
        from,
        prices,
        digests,
        bytes: count,
        computeMs: (speeds.get(name) ?? TASK_MS) * count,
        ref,
      })
      if (to === claims.to) drop(name, claims)
      const answer = effects.findLast((effect) => effect.type === 'acknowledge' && effect.ref === ref)
      return answer?.type === 'acknowledge' ? answer.runs : []
    },
    fail(name, claims, task) {
      drop(name, claims)
      self.hear({ type: 'taskErrored', device: name as DeviceId, claims, task, message: 'RangeError: out of memory' })
    },
    work(names, says = () => 'truth') {
      for (let idle = 0; idle < 3; ) {
        idle++
        for (const name of names) {
          self.ask(name, Math.max(0, 2 - of(name).length))
          for (const claims of self.held(name)) {
            idle = 0
            now += TASK_MS * (claims.to - claims.from)
            for (let task = claims.from; task < claims.to; task++) {
              if (of(name).some(({ lease }) => lease === claims.lease))
                self.give(name, claims, task, task + 1, says(name, task))
            }
          }
        }
        self.pass(1000)
      }
    },
    submit(name, also = {}) {
      numberOf(name)
      self.hear({
        type: 'jobSubmitted',
        job: {
          id: name as JobId,
          kind: 'test',
          kernelHash: 'kernel',
          taskCount: 10,
          priority: 0,
          trust: 'fast',
          devices: 'all',
          submitter: 'someone',
          createdAt: self.now(),
          ...also,
        },
      })
    },
    job: (name) => it.pool().job(name as JobId),
    said: (type) => effects.filter((effect): effect is never => effect.type === type),
  }
  return self
}

function output(job: number, device: number, task: number, says: Says): Digest {
  if (says === 'truth') return truth(job, task)
  return says === 'own' ? ownLie(job, task, device) : sharedLie(job, task)
}

const KNOWN = {
  checkedLeases: 2,
  agreements: 20,
  disagreements: 0,
  failuresInRow: 0,
  pausedBecause: null,
  msPerCredit: { test: TASK_MS / 4 },
}
