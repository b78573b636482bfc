import type { Effect } from '../../coordinator/pool/effects.ts'
import type { Standing } from '../../coordinator/pool/job.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { type Agenda, agenda } from './agenda.ts'
import type { Book } from './book.ts'
import { between, type Chance, chanceOf, oneOf, waitFor } from './chance.ts'
import { type Coordinator, coordinator, EPOCH, type Unstamped } from './coordinator.ts'
import { type SimDevice, simDevice } from './device.ts'
import { profile } from './population.ts'
import { isTrue } from './truth.ts'
import { type JobSizes, type SimJob, simJob } from './workload.ts'

export interface WorldOptions {
  readonly seed: number
  readonly devices: number
  /** Shares 0…1; `churn` of the devices leaves per hour. */
  readonly liars: number
  readonly colluding: number
  readonly churn: number
  readonly hours: number
  readonly host: boolean
  readonly sizes: JobSizes
  /** Jobs kept going at once. */
  readonly jobsAtOnce: number
  readonly faults: Faults
  /** Check all invariants after every so many events; 0: never, and no laws about effects either. */
  readonly invariantsEvery: number
}

/** Chances per message, and mean times between misfortunes of one device or the coordinator; 0: never. */
export interface Faults {
  readonly lostAcks: number
  readonly duplicates: number
  readonly malformed: number
  readonly outdated: number
  readonly freezeEveryMs: number
  readonly halfOpenEveryMs: number
  readonly killEveryMs: number
  readonly clockJumpEveryMs: number
}

export interface World {
  readonly chance: Chance
  readonly agenda: Agenda
  readonly faults: Faults
  hear(event: Unstamped): void
  nextRef(): number
  job(id: JobId): SimJob | undefined
  standing(device: DeviceId): Standing | null
  connect(device: SimDevice): void
  disconnect(device: SimDevice): void
  leftForGood(device: SimDevice): boolean
  isDown(): boolean
}

export interface Outcome {
  readonly done: Record<string, { jobs: number; tasks: number; wrong: number; results: number }>
  failed: number
  cancelled: number
  readonly stuck: number
  readonly poisoned: number
  poisonedDone: number
  restarts: number
  events: number
  /** Σ ledger − Σ priced results, over all jobs; 0. */
  creditImbalance: number
  credit: number
  virtualMs: number
  tasks: number
}

/** A commit takes this long; whatever is decided meanwhile waits for the next. */
const COMMIT_MS = 20
const DOWN_MS = 500
const DAY_MS = 86_400_000

export function runWorld(options: WorldOptions): Outcome {
  const chance = chanceOf(options.seed)
  const plan = agenda()
  const devices = new Map<DeviceId, SimDevice>()
  const gone = new Set<SimDevice>()
  const jobs = new Map<JobId, SimJob>()
  const outcome = {
    done: {} as Outcome['done'],
    failed: 0,
    cancelled: 0,
    stuck: 0,
    poisoned: 0,
    poisonedDone: 0,
    restarts: 0,
    events: 0,
    creditImbalance: 0,
    credit: 0,
    virtualMs: 0,
    tasks: 0,
  }
  let refs = 0
  let jobNumber = 0
  let down = false
  let ending = false

  const perform = (effect: Effect) => {
    if ('device' in effect && effect.type !== 'taskAccepted') devices.get(effect.device)?.receive(effect)
    else if (effect.type === 'jobChanged' && effect.job.waiting?.includes('accept what is there unchecked')) {
      plan.plan(waitFor(chance, 300_000), () => world.hear({ type: 'jobAcceptedUnchecked', job: effect.job.id }))
    }
  }
  const over = (progress: { id: JobId; status: string }, live: Book) => {
    const job = jobs.get(progress.id)
    const record = live.jobs.get(progress.id)
    if (!job || !record) return
    jobs.delete(progress.id)
    if (job.poison >= 0) outcome.poisoned++
    outcome.creditImbalance += record.ledger - record.earned
    outcome.credit += record.ledger
    if (progress.status === 'failed') outcome.failed++
    if (progress.status === 'cancelled') outcome.cancelled++
    if (progress.status === 'done') {
      if (job.poison >= 0) outcome.poisonedDone++
      const trust = typeof job.spec.trust === 'string' ? job.spec.trust : `maxWrong ${job.spec.trust.maxWrong}`
      const sum = outcome.done[trust] ?? { jobs: 0, tasks: 0, wrong: 0, results: 0 }
      outcome.done[trust] = sum
      sum.jobs++
      for (const [task, { decider, results }] of record.tasks) {
        const deciding = decider === null ? undefined : results.get(decider)
        sum.tasks++
        outcome.tasks++
        sum.results += results.size
        if (deciding && !isTrue(job.number, task, deciding.high, deciding.low)) sum.wrong++
      }
    }
    if (!ending) plan.plan(waitFor(chance, 2000), submit)
  }
  const pool: Coordinator = coordinator(
    {
      seed: options.seed,
      auditKey: Uint8Array.from({ length: 16 }, () => Math.floor(chance() * 256)),
      run: 'sim',
      colluding: 0.1,
      sameVolunteerMayCheck: false,
    },
    { now: () => plan.now, perform, over },
    options.invariantsEvery,
  )
  const world: World = {
    chance,
    agenda: plan,
    faults: options.faults,
    hear: (event) => {
      if (!down) pool.hear(event)
    },
    nextRef: () => ++refs,
    job: (id) => jobs.get(id),
    standing: (device) => pool.standing(device),
    connect: (device) => devices.set(device.id, device),
    disconnect: () => {},
    leftForGood: (device) => gone.has(device),
    isDown: () => down,
  }

  const submit = () => {
    if (down) {
      plan.plan(1000, submit)
      return
    }
    const job = simJob(chance, jobNumber++, options.sizes, EPOCH + plan.now)
    jobs.set(job.spec.id, job)
    world.hear({ type: 'jobSubmitted', job: job.spec })
    meddle(job)
  }
  /** People pause, resume, cancel and change priorities. */
  const meddle = (job: SimJob) => {
    const { id } = job.spec
    const later = (act: () => void) => plan.plan(between(chance, 0, 120_000), act)
    const draw = chance()
    if (draw < 0.05) later(() => world.hear({ type: 'jobCancelled', job: id }))
    else if (draw < 0.15)
      later(() => {
        world.hear({ type: 'jobPaused', job: id })
        later(() => resume(id))
      })
    else if (draw < 0.2)
      later(() => world.hear({ type: 'jobReprioritised', job: id, priority: Math.floor(between(chance, -10, 11)) }))
  }
  /** Until it is heard: the coordinator may be down just then. */
  const resume = (id: JobId) => {
    if (down) plan.plan(1000, () => resume(id))
    else world.hear({ type: 'jobResumed', job: id })
  }

  const population: SimDevice[] = []
  let deviceNumber = 0
  const recruit = () => {
    const number = deviceNumber++
    // Some volunteers bring several devices, some networks many volunteers.
    const volunteer = `volunteer-${chance() < 0.2 ? Math.floor(number / 2) : number}` as VolunteerId
    const device = simDevice(
      world,
      number,
      volunteer,
      `network-${Math.floor(chance() * (options.devices / 4 + 1))}`,
      profile(chance, options),
      false,
    )
    population.push(device)
    devices.set(device.id, device)
    plan.plan(between(chance, 0, 10_000), () => device.join())
    live(device)
  }
  const live = (device: SimDevice) => {
    const { faults, churn } = options
    if (churn > 0) {
      plan.plan(waitFor(chance, 3_600_000 / churn), () => {
        device.leave(chance() < 0.5)
        const away = between(chance, 60_000, 1_200_000)
        if (chance() < 0.5) plan.plan(away, () => device.join())
        else {
          gone.add(device)
          if (!ending) plan.plan(away / 4, recruit)
        }
      })
    }
    repeat(faults.freezeEveryMs, () => device.freeze(between(chance, 2000, 300_000)))
    repeat(faults.halfOpenEveryMs, () => device.halfOpen(between(chance, 5000, 60_000)))
  }
  const repeat = (everyMs: number, act: () => void) => {
    if (everyMs <= 0) return
    const again = () =>
      plan.plan(waitFor(chance, everyMs), () => {
        if (ending) return
        act()
        again()
      })
    again()
  }
  const kill = () => {
    down = true
    outcome.restarts++
    for (const device of devices.values()) if (device.online()) device.cutOff()
    plan.plan(DOWN_MS, () => {
      down = false
      pool.restart()
    })
  }

  if (options.host) {
    const host = simDevice(
      world,
      deviceNumber++,
      'volunteer-host' as VolunteerId,
      'network-host',
      {
        type: 'laptop',
        threads: 2,
        speed: 1,
        latencyMs: 1,
        character: 'honest',
      },
      true,
    )
    devices.set(host.id, host)
    plan.plan(0, () => host.join())
  }
  for (let i = 0; i < options.devices; i++) recruit()
  for (let i = 0; i < options.jobsAtOnce; i++) submit()
  const second = () => {
    world.hear({ type: 'ticked' })
    plan.plan(1000, second)
  }
  const commit = () => {
    if (!down) pool.commit()
    plan.plan(COMMIT_MS, commit)
  }
  second()
  commit()
  repeat(options.faults.killEveryMs, kill)
  repeat(options.faults.clockJumpEveryMs, () => {
    pool.clockOffset += oneOf(chance, [-DAY_MS, -3_600_000, -5000, 5000, 3_600_000, DAY_MS])
  })

  const end = options.hours * 3_600_000
  while (plan.step(end)) {}
  outcome.virtualMs = plan.now
  finishUp()
  outcome.events = pool.events()
  return outcome

  /** No more misfortune: everything submitted must come to its end. What has not after a long while is stuck. */
  function finishUp(): void {
    ending = true
    for (let i = 0; i < 6; i++) recruitHonest()
    const patience = plan.now + 6 * 3_600_000
    while (jobs.size > 0 && plan.step(patience)) {}
    outcome.stuck = jobs.size
    if (process.env['SHOW']) for (const id of jobs.keys()) console.log(id, pool.pool().job(id), jobs.get(id))
  }
  function recruitHonest(): void {
    const number = deviceNumber++
    const device = simDevice(
      world,
      number,
      `volunteer-late-${number}` as VolunteerId,
      `network-late-${number}`,
      {
        type: 'workstation',
        threads: 8,
        speed: 2,
        latencyMs: 5,
        character: 'honest',
      },
      false,
    )
    devices.set(device.id, device)
    plan.plan(0, () => device.join())
  }
}
