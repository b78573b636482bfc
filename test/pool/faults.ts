import type { Step } from './steps.ts'
import { CAUGHT, CROWD, HOST_THERE, OVERRULED, STAYS } from './stories.ts'

export type Module = Record<string, (...given: never[]) => unknown>

export interface Fault {
  readonly name: string
  /** File under coordinator/pool. */
  readonly file: string
  readonly plant: (original: Module) => Module
  readonly caughtBy: readonly string[]
  /** What random steps hardly ever come to. */
  readonly story?: readonly Step[]
}

/** By the area of code they are planted into. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  lease: [
    {
      name: 'the tasks of a device that leaves are not given back',
      file: 'leases',
      plant: () => ({ giveBack: () => {} }),
      caughtBy: ['[P2] no task without result is forgotten', '[P2] an opinion on its way is on its way'],
    },
    {
      name: 'a lease that brought everything is kept',
      file: 'leases',
      plant: () => ({ endLease: () => {} }),
      caughtBy: ['[L1] a lease that brought everything is over', '[L2] a device that is gone holds nothing'],
    },
    {
      name: 'leases never expire',
      file: 'clock',
      plant: () => ({ due: () => [] }),
      caughtBy: ['[P2] every task ends: none stuck', '[L18] no lease gets older than it may'],
    },
    {
      name: 'an empty lease is lent',
      file: 'leases',
      plant: () => ({ leaseLength: () => 0 }),
      caughtBy: ['[L1] a lease'],
    },
    {
      name: 'a device that is paused gets work',
      file: 'reputation',
      plant: ({ pause }) => ({
        pause: ((state: never, device: { reputation: object }, because: string) => {
          pause?.(state, device as never, because as never)
          device.reputation = { ...device.reputation, pausedBecause: null }
        }) as Module[string],
      }),
      caughtBy: ['[L4] the pool knows who is here', '[L2]'],
    },
    {
      name: 'a lease lives for as long as it reports',
      file: 'leases',
      plant: () => ({ oldestMs: () => Number.POSITIVE_INFINITY }),
      caughtBy: ['[L18] no lease gets older than it may'],
      story: STAYS,
    },
    {
      name: 'devices behind one address are many voters',
      file: 'attempts',
      plant: () => ({
        votersOf: ((voters: never) => ({ voters, people: new Set() })) as Module[string],
        isNewVoter: (({ voters }: { voters: { device: string }[] }, { id }: { id: string }) =>
          voters.every(({ device }) => device !== id)) as unknown as Module[string],
      }),
      caughtBy: ['[L10] independent voters fail a job'],
      story: CROWD,
    },
    {
      name: 'a job fails without its host',
      file: 'attempts',
      plant: ({ countAttempt }) => ({
        countAttempt: ((state: { hostWorkers: number }, lease: { device: { host: boolean } }, ...given: never[]) => {
          const { hostWorkers } = state
          state.hostWorkers = 0
          const outcome = countAttempt?.(state as never, lease as never, ...given)
          state.hostWorkers = hostWorkers
          return outcome
        }) as Module[string],
      }),
      caughtBy: ['[L10] where the host is here, only it fails a job'],
      story: HOST_THERE,
    },
    {
      name: 'a caught device keeps its leases',
      file: 'leases',
      plant: () => ({ withdrawLeases: () => {} }),
      caughtBy: ['[T9] whoever is caught loses its leases at once'],
      story: CAUGHT,
    },
    {
      name: 'who joins and leaves is not counted',
      file: 'speed',
      plant: () => ({ recount: () => {} }),
      caughtBy: ['[L4] the pool knows who is here'],
    },
    {
      name: 'priorities are ignored',
      file: 'choose',
      plant: ({ firstOf }) => ({
        firstOf: ((state: { levels: unknown[] }, attempt: never) => {
          state.levels.reverse()
          const choice = firstOf?.(state as never, attempt)
          state.levels.reverse()
          return choice
        }) as Module[string],
      }),
      caughtBy: ['[L5] higher priority first'],
    },
  ],
  validation: [
    {
      name: 'a volunteer checks their own work',
      file: 'cases',
      plant: () => ({ mayVote: () => true }),
      caughtBy: ['[T2] replicas go to another volunteer'],
    },
    {
      name: 'results that must wait do not',
      file: 'checks',
      plant: () => ({ mustWait: () => false }),
      caughtBy: ['[T3] a quorum of different volunteers agreed'],
    },
    {
      name: 'one agreeing volunteer too few is enough',
      file: 'checks',
      plant: ({ quorumOf }) => ({
        quorumOf: ((trust: never, colluding: never) =>
          Math.max(1, (quorumOf?.(trust, colluding) as number) - 1)) as Module[string],
      }),
      caughtBy: ['[T3] a quorum of different volunteers agreed'],
    },
    {
      name: 'nothing is audited',
      file: 'checks',
      plant: () => ({ auditOf: () => () => false }),
      caughtBy: ['[T4] every task drawn is computed twice'],
    },
    {
      name: 'a job is done while audits are under way',
      file: 'jobs',
      plant: ({ over }) => ({
        finishIfDone: ((state: never, job: { decided: number; spec: { taskCount: number }; status: string }) => {
          if (job.status === 'running' && job.decided === job.spec.taskCount)
            over?.(state, job as never, 'done' as never)
        }) as Module[string],
      }),
      caughtBy: ['[T4] every task drawn is computed twice'],
    },
    {
      name: 'any second result settles a task',
      file: 'verdict',
      plant: ({ classify }) => ({
        classify: ((
          job: { cases: Map<number, { opinions: { by: unknown }[] }> },
          by: never,
          task: number,
          ...digest: never[]
        ) => {
          const outcome = classify?.(job as never, by, task as never, ...digest) as { type: string }
          const first = job.cases.get(task)?.opinions[0]?.by
          if (outcome.type !== 'waits' || !first) return outcome
          return { type: 'settles', decider: first, stands: false, overruled: [], losers: [], right: [] }
        }) as Module[string],
      }),
      caughtBy: ['[P3] only what equals the deciding output agrees with it', '[T3]', '[P3] one output decides a task'],
    },
    {
      name: 'a duplicate counts again',
      file: 'verdict',
      plant: ({ classify }) => ({
        classify: ((...given: never[]) => {
          const outcome = classify?.(...given) as { type: string }
          return outcome.type === 'duplicate' ? { type: 'agrees', vouches: false, solicited: true } : outcome
        }) as Module[string],
      }),
      caughtBy: ['[P3] a result counts once', '[C2] nobody is paid twice'],
    },
    {
      name: 'different outcomes are taken for the same',
      file: 'verdict',
      plant: () => ({ isSame: () => true }),
      caughtBy: ['[P2] no task without result is forgotten', '[P3]', '[C1]', '[T'],
    },
    {
      name: 'the bytes of every opinion are kept',
      file: 'verdict',
      plant: ({ classify }) => ({
        classify: ((...given: never[]) => {
          const outcome = classify?.(...given) as { type: string }
          return outcome.type === 'waits' ? { ...outcome, leads: true } : outcome
        }) as Module[string],
      }),
      caughtBy: ['[T11] of what is undecided the bytes of the leading output alone are kept'],
    },
    {
      name: 'the bytes of no opinion but the first are kept, whoever agrees',
      file: 'verdict',
      plant: ({ classify }) => ({
        classify: ((...given: never[]) => {
          const outcome = classify?.(...given) as { type: string; right?: { bytes?: boolean }[]; decider?: unknown }
          // Decides by whoever was first to say so, with bytes or without.
          return outcome.type === 'settles' ? { ...outcome, decider: outcome.right?.[0] ?? null } : outcome
        }) as Module[string],
      }),
      caughtBy: ['[T11] what decides a task has its bytes kept'],
    },
    {
      name: 'nothing of a caught device is revoked',
      file: 'tasks',
      plant: () => ({ eachDecidedBy: () => {} }),
      caughtBy: ['[T5] nothing rests only on a device that was caught'],
    },
    {
      name: 'being caught has no consequences',
      file: 'trust',
      plant: () => ({ convict: () => {} }),
      caughtBy: ['[T5] whoever was overruled is a newcomer again'],
    },
    {
      name: 'revocations are lost by a restart',
      file: 'pool',
      plant: ({ restoreJob }) => ({
        restoreJob: ((state: never, saved: { history: Iterable<{ type: string }> }) =>
          restoreJob?.(state, {
            ...saved,
            history: [...saved.history].filter(({ type }) => type !== 'resultsRevoked'),
          } as never)) as Module[string],
      }),
      caughtBy: ['[P1] nothing saved is lost by a restart', '[P2] no event loses or invents a task'],
      story: OVERRULED,
    },
  ],
  credit: [
    {
      name: 'revoked work stays paid',
      file: 'credit',
      plant: ({ pay }) => ({
        pay: ((state: never, device: never, volunteer: never, job: never, tasks: number, credit: number, ms: never) => {
          if (tasks > 0) pay?.(state, device, volunteer, job, tasks as never, credit as never, ms)
        }) as Module[string],
      }),
      caughtBy: ['[C1] the ledger is the sum'],
    },
    {
      name: 'everything is paid twice',
      file: 'credit',
      plant: ({ pay }) => ({
        pay: ((state: never, device: never, volunteer: never, job: never, tasks: never, credit: number, ms: never) =>
          pay?.(state, device, volunteer, job, tasks, (2 * credit) as never, ms)) as Module[string],
      }),
      caughtBy: ['[C1] the ledger is the sum'],
    },
    {
      name: 'ledger lines are forgotten',
      file: 'credit',
      plant: () => ({
        saveLines: ((state: { lines: unknown[] }) => state.lines.splice(0)) as unknown as Module[string],
      }),
      caughtBy: ['[C1] the ledger is the sum'],
    },
    {
      name: 'ledger lines stand under the day before',
      file: 'clock',
      plant: ({ dayOf }) => ({
        today: ((clock: { at: number }) => dayOf?.((clock.at - 86_400_000) as never)) as unknown as Module[string],
      }),
      caughtBy: ["[C4] a ledger line stands under the commit's UTC day"],
    },
    {
      name: 'the price is read wrongly when credit is given back',
      file: 'tasks',
      plant: ({ priceOf }) => ({
        priceOf: ((...given: never[]) => (priceOf?.(...given) as number) + 1) as Module[string],
      }),
      caughtBy: ['[C1]'],
    },
  ],
}
