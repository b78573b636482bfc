import type { Effect } from '../../coordinator/pool/effects.ts'
import type { JobProgress } from '../../coordinator/pool/job.ts'
import { type Agenda, agenda } from './agenda.ts'
import type { Book } from './book.ts'
import { chanceOf, oneOf } from './chance.ts'
import { coordinator } from './coordinator.ts'
import type { WorldOptions } from './options.ts'
import { count, type Score, score } from './score.ts'
import { society } from './society.ts'
import { submitters } from './submitters.ts'
import type { World } from './surroundings.ts'

/** A commit takes this long; whatever is decided meanwhile waits for the next. */
const COMMIT_MS = 20
const DOWN_MS = 500
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Devices that come to the rescue when misfortune ends, and how long they may take. */
const RESCUERS = 6
const PATIENCE_MS = 6 * HOUR_MS

/** Runs the real pool in virtual time, and answers what came of it. Same options, same score. */
export function runWorld(options: WorldOptions): Score {
  const chance = chanceOf(options.seed)
  const plan = agenda()
  const result = score()
  let refs = 0
  let down = false
  let ending = false

  const world: World = {
    chance,
    agenda: plan,
    faults: options.faults,
    sendEveryMs: options.sendEveryMs,
    hear: (event) => {
      if (!down) pool.hear(event)
    },
    nextRef: () => ++refs,
    job: (id) => people.jobs.get(id),
    reputation: (device) => pool.reputation(device),
    leftForGood: ({ id }) => room.gone.has(id),
    isDown: () => down,
    isEnding: () => ending,
  }
  const people = submitters(world, options)
  const room = society(world, options)

  const perform = (effect: Effect) => {
    if (effect.type === 'jobChanged') {
      if (effect.job.waiting?.includes('accept what is there unchecked')) people.offered(effect.job.id)
    } else if ('device' in effect && effect.type !== 'taskAccepted') room.devices.get(effect.device)?.receive(effect)
  }
  const over = (progress: JobProgress, book: Book) => {
    const job = people.jobs.get(progress.id)
    const record = book.jobs.get(progress.id)
    if (!job || !record) return
    people.jobs.delete(progress.id)
    count(result, progress, record, job)
    people.another()
  }
  const pool = coordinator(
    {
      seed: options.seed,
      auditKey: Uint8Array.from({ length: 16 }, () => Math.floor(chance() * 256)),
      run: 'sim',
      colluding: 0.1,
    },
    { now: () => plan.now, perform, over },
    options.invariantsEvery,
  )

  const every = (ms: number, act: () => void) => {
    act()
    plan.plan(ms, () => every(ms, act))
  }
  const kill = () => {
    down = true
    result.restarts++
    for (const device of room.devices.values()) device.cutOff()
    plan.plan(DOWN_MS, () => {
      down = false
      pool.restart()
    })
  }
  const jumpClock = () => {
    pool.clockOffset += oneOf(chance, [-DAY_MS, -HOUR_MS, -5000, 5000, HOUR_MS, DAY_MS])
  }

  if (options.host) room.host()
  for (let i = 0; i < options.devices; i++) room.recruit()
  for (let i = 0; i < options.jobsAtOnce; i++) people.submit()
  every(1000, () => world.hear({ type: 'ticked' }))
  every(COMMIT_MS, () => {
    if (!down) pool.commit()
  })
  room.repeat(options.faults.killEveryMs, kill)
  room.repeat(options.faults.clockJumpEveryMs, jumpClock)

  runUntil(plan, options.hours * HOUR_MS, () => false)
  result.virtualMs = plan.now
  // Everything submitted must come to its end now.
  ending = true
  for (let i = 0; i < RESCUERS; i++) room.reliable()
  runUntil(plan, plan.now + PATIENCE_MS, () => people.jobs.size === 0)
  result.stuck = people.jobs.size
  result.events = pool.events()
  return result
}

function runUntil(plan: Agenda, end: number, enough: () => boolean): void {
  while (!enough() && plan.step(end)) {}
}
