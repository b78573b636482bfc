import fc from 'fast-check'
import type { LeaseClaims } from '../../coordinator/pool/job.ts'
import type { Trust } from '../../protocol/api.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { type Rig, rig, type Says } from './rig.ts'

// Anything that may happen to a pool, in any order: small steps, so that what breaks a law shrinks to a short story.

const DEVICES = ['a', 'b', 'c', 'd', 'e', 'host'] as const
const JOBS = ['j0', 'j1', 'j2', 'j3'] as const
const TRUSTS: readonly Trust[] = ['fast', 'normal', 'strict', { maxWrong: 0.05 }]

const device = fc.constantFrom(...DEVICES)
const job = fc.constantFrom(...JOBS)
const nth = fc.nat(5)
const says = fc.constantFrom<Says>('truth', 'truth', 'truth', 'own', 'shared')

export const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('join' as const), device, known: fc.boolean(), keeps: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), device, goodbye: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ask' as const), device, leases: fc.nat(3) }) },
  { weight: 14, arbitrary: fc.record({ do: fc.constant('give' as const), device, nth, part: fc.nat(3), says }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resend' as const), device, nth, says }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('forge' as const), device, nth, shift: fc.integer({ min: -3, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), device, nth }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('failAll' as const), by: fc.subarray([...DEVICES]), times: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('malformed' as const), device, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('handBack' as const), device, nth, part: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('progress' as const), device, nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      job,
      trust: fc.constantFrom(...TRUSTS),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('decree' as const),
      job,
      what: fc.constantFrom(
        'jobPaused' as const,
        'jobResumed' as const,
        'jobAcceptedUnchecked' as const,
        'jobCancelled' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('priority' as const), job, priority: fc.integer({ min: -2, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pauseDevice' as const), device, paused: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('threads' as const),
      device,
      threads: fc.integer({ min: 1, max: 3 }),
      working: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 1000, 5000, 20_000, 65_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(-86_400_000, -5000, 3_600_000) }),
  },
)
/** `linger` takes as long as a hundred others: only stories that need it have it. */
export type Step =
  | (typeof step extends fc.Arbitrary<infer S> ? S : never)
  | { readonly do: 'linger'; readonly device: (typeof DEVICES)[number]; readonly nth: number }

/** A pool in which steps are taken. */
export interface Stage {
  readonly it: Rig
  take(step: Step): void
  /** Misfortune ends: honest strangers come, and every job must come to its end. */
  comeToAnEnd(): void
}

export function stage(): Stage {
  const it = rig()
  /** Every lease ever lent to a device: tokens live on. */
  const ever = new Map<string, LeaseClaims[]>()
  const remember = () => {
    for (const name of DEVICES) {
      const known = ever.get(name) ?? []
      for (const claims of it.held(name)) if (!known.some(({ lease }) => lease === claims.lease)) known.push(claims)
      ever.set(name, known)
    }
  }
  const held = (name: string, n: number) => {
    const claims = it.held(name)
    return claims[n % Math.max(1, claims.length)]
  }
  const past = (name: string, n: number) => {
    const claims = ever.get(name) ?? []
    return claims[claims.length - 1 - (n % Math.max(1, claims.length))]
  }
  return {
    it,
    take(step) {
      remember()
      act(it, step, held, past)
    },
    comeToAnEnd() {
      const helpers = ['honest-1', 'honest-2', 'honest-3', 'honest-4']
      for (const name of JOBS) it.hear({ type: 'jobResumed', job: name as JobId })
      for (const name of helpers) it.join(name, { threads: 2 })
      it.pass(130_000)
      it.work(helpers)
      for (let i = 0; i < 20 && running(it).length > 0; i++) {
        it.pass(30_000)
        it.work(helpers)
      }
      const left = running(it)
      if (left.length > 0) throw new Error(`[P2] every task ends: none stuck ${JSON.stringify(left)}`)
    },
  }
}

function running(it: Rig) {
  return it.coordinator.pool().jobs()
}

type Find = (name: string, n: number) => LeaseClaims | undefined

function act(it: Rig, step: Step, held: Find, past: Find): void {
  switch (step.do) {
    case 'join':
      it.join(step.device, {
        known: step.known,
        host: step.device === 'host',
        threads: step.device === 'host' ? 2 : 1,
        // Two devices of one volunteer, two volunteers behind one address.
        volunteer: step.device === 'b' ? 'v-a' : `v-${step.device}`,
        network: step.device === 'd' ? 'n-c' : `n-${step.device}`,
        held: step.keeps ? it.held(step.device) : [],
      })
      return
    case 'leave':
      it.leave(step.device, step.goodbye)
      return
    case 'ask':
      it.ask(step.device, step.leases)
      return
    case 'give':
    case 'resend': {
      const claims = (step.do === 'give' ? held : past)(step.device, step.nth)
      if (!claims) return
      const length = claims.to - claims.from
      const to = step.do === 'give' ? claims.from + Math.max(1, Math.ceil((length * (step.part + 1)) / 4)) : claims.to
      it.give(step.device, claims, claims.from, to, step.device === 'host' ? 'truth' : step.says)
      return
    }
    default:
      actOnLease(it, step, held, past)
  }
}

function actOnLease(
  it: Rig,
  step: Exclude<Step, { do: 'join' | 'leave' | 'ask' | 'give' | 'resend' }>,
  held: Find,
  past: Find,
): void {
  switch (step.do) {
    case 'forge': {
      const claims = past(step.device, step.nth)
      if (!claims || claims.from + step.shift < 0) return
      it.give('c', claims, claims.from, claims.to)
      it.give(step.device, claims, claims.from + step.shift, claims.to + step.shift)
      return
    }
    case 'fail': {
      const claims = held(step.device, step.nth)
      if (claims) it.fail(step.device, claims, claims.from)
      return
    }
    case 'failAll':
      for (let i = 0; i <= step.times; i++) {
        for (const name of step.by) {
          it.ask(name, 2)
          for (const claims of it.held(name)) it.fail(name, claims, claims.from)
        }
      }
      return
    case 'linger':
      linger(it, step.device, held(step.device, step.nth))
      return
    case 'malformed': {
      const claims = held(step.device, step.nth)
      const device = step.device as DeviceId
      if (claims)
        it.hear({ type: 'resultMalformed', device, claims, task: claims.from, message: 'Too short.', ref: -1 })
      return
    }
    case 'handBack': {
      const claims = held(step.device, step.nth)
      if (!claims) return
      const from = Math.min(claims.to, claims.from + step.part)
      it.hear({ type: 'leaseHandedBack', device: step.device as DeviceId, claims, from })
      return
    }
    case 'progress': {
      const claims = past(step.device, step.nth)
      if (claims)
        it.hear({ type: 'progressed', device: step.device as DeviceId, claims, task: claims.from, share: 0.5 })
      return
    }
    default:
      actOnPool(it, step)
  }
}

/** Ever nearer to the end of a lease, for longer than any lease of these jobs may take. */
function linger(it: Rig, name: string, claims: LeaseClaims | undefined): void {
  for (let i = 1; claims && i < 100; i++) {
    it.hear({ type: 'progressed', device: name as DeviceId, claims, task: claims.to - 1, share: i / 100 })
    it.pass(8000, 4000)
    if (!it.held(name).includes(claims)) return
  }
}

type PoolStep = Extract<
  Step,
  { do: 'submit' | 'decree' | 'priority' | 'pauseDevice' | 'threads' | 'pass' | 'restart' | 'jump' }
>

function actOnPool(it: Rig, step: PoolStep): void {
  switch (step.do) {
    case 'submit':
      if (!it.coordinator.book.jobs.has(step.job as JobId))
        it.submit(step.job, { trust: step.trust, taskCount: step.count })
      return
    case 'decree':
      it.hear({ type: step.what, job: step.job as JobId })
      return
    case 'priority':
      it.hear({ type: 'jobReprioritised', job: step.job as JobId, priority: step.priority })
      return
    case 'pauseDevice':
      it.hear({
        type: 'devicePaused',
        device: step.device as DeviceId,
        paused: step.paused,
        because: 'The admin said so.',
      })
      return
    case 'threads':
      it.hear({ type: 'deviceChanged', device: step.device as DeviceId, threads: step.threads, working: step.working })
      return
    case 'pass':
      it.pass(step.ms)
      return
    case 'restart':
      it.restart()
      return
    case 'jump':
      it.jump(step.ms)
      return
    default:
      step satisfies never
  }
}
