import { usefulFlights } from '../../coordinator/pool/cases.ts'
import { isNewcomer } from '../../coordinator/pool/checks.ts'
import { has, runs } from '../../coordinator/pool/intervals.ts'
import { type Contributor, isOver, type Job } from '../../coordinator/pool/job-state.ts'
import { canWork, type PoolState } from '../../coordinator/pool/state.ts'
import * as tasks from '../../coordinator/pool/tasks.ts'

// Looks at everything, so it is far too slow for a running pool: tests call it after every event.

/** Throws, naming the rule of SPEC.md, when the state contradicts itself. */
export function checkInvariants(state: PoolState): void {
  for (const job of state.jobs.values()) {
    checkTasks(state, job)
    checkCases(job)
    checkCredit(job)
  }
  checkLeases(state)
  checkDevices(state)
}

function demand(holds: boolean, rule: string, detail: () => unknown): void {
  if (!holds) throw new Error(`${rule} ${JSON.stringify(detail())}`)
}

function checkTasks(state: PoolState, job: Job): void {
  const { taskCount } = job.spec
  const lent = new Set<number>()
  for (const lease of job.leases)
    for (const [from, to] of runs(lease.remaining)) for (let t = from; t < to; t++) lent.add(t)
  let decided = 0
  let undecided = 0
  const byDecider = new Map<number, number>()
  for (let task = 0; task < taskCount; task++) {
    const now = tasks.stateOf(job.tasks, task)
    const open = has(job.open, task)
    const story = () => ({ job: job.spec.id, task, now, open, lent: lent.has(task), trust: job.spec.trust })
    if (now === tasks.OPEN)
      demand(open || lent.has(task), '[P2] no task without result is forgotten: it is open or lent', story)
    else demand(!open, '[P2] a task with a result is not open', story)
    if (now === tasks.PENDING) undecided++
    if (now === tasks.PENDING) demand(job.cases.has(task), '[P2] an undecided task waits for opinions', story)
    if (now < tasks.ACCEPTED) continue
    decided++
    const decider = tasks.deciderOf(job.tasks, task)
    byDecider.set(decider, (byDecider.get(decider) ?? 0) + 1)
    demand(job.contributors[decider] !== undefined, '[P3] a decided task knows its device', story)
    demand(!has((job.contributors[decider] as Contributor).agreed, task), '[C2] nobody is paid twice for a task', story)
  }
  demand(decided === job.decided && undecided === job.undecided, '[P2] no event loses or invents a task', () => ({
    job: job.spec.id,
    decided,
    counted: job.decided,
    undecided,
    countedUndecided: job.undecided,
  }))
  for (const by of job.contributors) {
    demand((byDecider.get(by.index) ?? 0) === by.decided, '[P2] no event loses or invents a task', () => ({
      device: by.device.id,
    }))
  }
  demand(!isOver(job.status), '[P2] a job that is over is not scheduled', () => job.spec.id)
  demand(state.jobs.get(job.spec.id) === job, '[P2] a job is known by its id', () => job.spec.id)
}

function checkCases(job: Job): void {
  let wanted = 0
  for (const [task, of] of job.cases) {
    const story = () => ({
      job: job.spec.id,
      task,
      opinions: of.opinions.map(({ by }) => by.device.id),
      flight: of.flight.map(({ device, why, claims }) => ({ device: device.id, why, claims })),
    })
    const now = tasks.stateOf(job.tasks, task)
    demand(
      now === tasks.PENDING || now === tasks.ACCEPTED,
      '[T1] only undecided or audited tasks wait for opinions',
      story,
    )
    demand(now === tasks.ACCEPTED || of.opinions.length > 0, '[T1] an undecided task has opinions', story)
    const devices = new Set(of.opinions.map(({ by }) => by))
    demand(devices.size === of.opinions.length, '[P3] a device has one opinion on a task', story)
    for (const { by } of of.opinions)
      demand(has(by.pending, task), '[C3] pending results are known to be pending', story)
    for (const lease of of.flight) {
      demand(!lease.ended && has(lease.remaining, task), '[P2] an opinion on its way is on its way', story)
    }
    demand(
      usefulFlights(job, task, of) > 0 || of.bucket !== null,
      '[P2] none stuck: an opinion that lacks is asked for or on its way',
      story,
    )
    if (of.bucket) wanted++
    if (of.bucket) demand(has(of.bucket.tasks, task), '[P2] a wanted opinion can be found', story)
  }
  const inBuckets = job.wantedList.reduce((sum, { tasks: each }) => sum + each.size, 0)
  demand(
    inBuckets === wanted && job.wantedList.length === job.wanted.size,
    '[T1] buckets hold the wanted cases and nothing else',
    () => job.spec.id,
  )
}

function checkCredit(job: Job): void {
  let credit = 0
  let pending = 0
  for (let task = 0; task < job.spec.taskCount; task++) {
    if (tasks.isDecided(job.tasks, task)) credit += tasks.priceOf(job.tasks, task)
  }
  for (const { agreed } of job.contributors) {
    for (const [from, to] of runs(agreed))
      for (let task = from; task < to; task++) credit += tasks.priceOf(job.tasks, task)
  }
  for (const { opinions } of job.cases.values()) for (const { price } of opinions) pending += price
  demand(credit === job.credit, '[C1] credit is the sum of the prices of what counts', () => ({
    job: job.spec.id,
    credit,
    told: job.credit,
  }))
  demand(pending === job.pendingCredit, '[C3] pending credit is the sum of what is kept', () => ({
    job: job.spec.id,
    pending,
    told: job.pendingCredit,
  }))
}

function checkLeases(state: PoolState): void {
  for (const lease of state.leases.values()) {
    const { claims, job, device } = lease
    const story = () => ({ claims, why: lease.why, ended: lease.ended })
    demand(
      !lease.ended && job.leases.has(lease) && device.leases.has(lease),
      '[L1] a lease is known to its job and device',
      story,
    )
    demand(device.connected, '[L2] a device that is gone holds nothing', story)
    demand(state.jobs.get(claims.job) === job && job.status === 'running', '[L1] only running jobs are lent', story)
    demand(lease.remaining.size > 0, '[L1] a lease that brought everything is over', story)
    for (const [from, to] of runs(lease.remaining))
      demand(from >= claims.from && to <= claims.to, '[L1] a lease stays within its claims', story)
    demand(!lease.partner || lease.partner.partner === lease, '[L6] a double knows its original', story)
    demand(state.deadlines.slots.get(lease.slot)?.has(lease) === true, '[L3] every lease has a deadline', story)
  }
}

function checkDevices(state: PoolState): void {
  let workers = 0
  let known = 0
  let strength = 0
  for (const device of state.devices.values()) {
    for (const lease of device.leases)
      demand(
        state.leases.get(lease.claims.lease) === lease,
        '[L1] a device holds leases the pool knows',
        () => device.id,
      )
    let pending = 0
    for (const job of device.contributes) {
      for (const { opinions } of job.cases.values()) {
        for (const { by, price } of opinions) if (by.device === device) pending += price
      }
    }
    demand(pending === device.pendingCredit, '[C3] pending credit is the sum of what is kept', () => ({
      device: device.id,
      pending,
      told: device.pendingCredit,
    }))
    if (!canWork(device)) continue
    workers++
    strength += device.threads * device.pace
    if (!isNewcomer(device)) known++
  }
  const sums = {
    workers,
    known,
    counted: state.workers,
    countedKnown: state.known,
    strength,
    countedStrength: state.strength,
  }
  const close = Math.abs(strength - state.strength) <= 1e-6 * Math.max(1, strength)
  demand(workers === state.workers && known === state.known && close, '[L4] the pool knows who is here', () => sums)
}
