import type { JobBrief, Lease, Verdict, Welcome } from '../../protocol/device.ts'
import type { Computing } from '../state.ts'
import type { Policy } from './compute-thread.ts'
import { createInputs, createLeases, type Held } from './leases.ts'
import { createOutbox } from './outbox.ts'
import type { SessionPorts, Wire } from './ports.ts'
import { createThreadPool } from './thread-pool.ts'

/** Threads that rest half of the time gain nothing from a lease in advance, and it would only grow old. */
const PREFETCH_ABOVE_DUTY = 0.5
/** A device without work says again that it has room this often: a word lost anywhere must not leave it idle for ever. */
const ASK_AGAIN_TICKS = 30

export interface WorkOwner {
  /** What the owner's wishes allow now. */
  policy(): Exclude<Policy, 'wait'>
  duty(): number
  paint(): boolean
  probe(): boolean
  probed(speed: number): void
  kept(tasks: number, verdicts: readonly Verdict[]): void
  /** Something here is new; perhaps all is done. */
  changed(): void
}

/** Leases, threads and results: asks for work, computes it, returns it. What the owner wishes is the session's business. */
export function createWork(ports: SessionPorts, owner: WorkOwner) {
  const leases = createLeases()
  const inputs = createInputs(ports)
  const jobs = new Map<string, JobBrief>()
  let wire: Wire | undefined
  let threads = 0
  /** Room the pool still knows of. */
  let asked = 0
  let idle: string | null = null
  let emptyTicks = 0

  const outbox = createOutbox(ports.clock, {
    kept(message, runs) {
      const verdicts = runs.map(({ verdict }) => verdict)
      owner.kept(message.outputs.length, verdicts)
    },
    drained: () => refresh(),
  })

  const pool = createThreadPool(ports, {
    ...owner,
    policy: () => (owner.policy() === 'go' && outbox.full() ? 'wait' : owner.policy()),
    takeLease: leases.take,
    outputs(held, from, outputs, computeMs) {
      outbox.add({ lease: held.lease.token, from, outputs, computeMs })
    },
    painted: ({ brief }, tile) => ports.notify({ type: 'painted', job: brief.id, title: brief.title, tile }),
    done: dropped,
    handBack(held) {
      giveBack(held)
      refresh()
    },
    failed(held, task, message) {
      if (task < held.lease.to) {
        wire?.emit('failed', { lease: held.lease.token, task, message })
        warn(`Task ${task} of “${held.brief.title}” failed here: ${message}`)
      }
      dropped(held)
    },
    unloadable: (held, message) => cannotStart(held, `Its program could not be loaded: ${message}`),
  })

  function warn(text: string) {
    ports.notify({ type: 'message', level: 'warn', text })
  }

  function giveBack(held: Held) {
    // A thread ended between its last output and its last word left nothing to give back.
    if (held.next < held.lease.to) wire?.emit('handBack', { lease: held.lease.token, from: held.next })
    leases.drop(held)
  }

  function dropped(held: Held) {
    leases.drop(held)
    refresh()
  }

  function cannotStart(held: Held, why: string) {
    warn(`“${held.brief.title}” cannot be computed here now. ${why}`)
    giveBack(held)
    refresh()
  }

  function lent(fresh: readonly Lease[], briefs: readonly JobBrief[]) {
    for (const brief of briefs) jobs.set(brief.id, brief)
    asked = Math.max(0, asked - fresh.length)
    idle = null
    for (const lease of fresh) {
      const brief = jobs.get(lease.job)
      if (brief && !leases.get(lease.token)) void fetchInputs(leases.add(lease, brief))
    }
    refresh()
  }

  async function fetchInputs(held: Held) {
    if (!held.brief.sharedInput && !held.lease.slicedInput) {
      held.ready = true
      return
    }
    pool.warm(held.brief.kernel)
    try {
      held.slices = await inputs.leaseInput(held.lease, () => !held.dropped)
      held.sharedInput = await inputs.sharedInput(held.brief)
      held.ready = true
      refresh()
    } catch (error) {
      if (held.dropped) return
      pool.threadFailed()
      cannotStart(held, `Its input could not be fetched: ${error instanceof Error ? error.message : error}`)
    }
  }

  /** After anything changed: threads look again, unwanted leases go back, the pool hears how much room there is. */
  function refresh() {
    pool.wake()
    const spare = owner.policy() === 'go' ? leases.waiting().slice(threads + 1) : leases.waiting()
    for (const held of spare) giveBack(held)
    ask()
    owner.changed()
  }

  function ask() {
    if (!wire) return
    const most = threads + (owner.duty() > PREFETCH_ABOVE_DUTY ? 1 : 0)
    const open = owner.policy() === 'go' && !outbox.full() && !pool.cooling()
    const room = open ? Math.max(0, most - leases.count()) : 0
    if (room === asked) return
    asked = room
    wire.emit('ask', { leases: room })
  }

  return {
    refresh,
    attach(to: Wire) {
      to.on('lend', (message) => wire === to && lent(message.leases, message.jobs))
      to.on('idle', ({ because }) => {
        if (wire !== to) return
        idle = because
        owner.changed()
      })
      to.on('release', ({ lease }) => {
        const held = wire === to && leases.get(lease)
        if (held) dropped(held)
      })
    },
    online(to: Wire, { held }: Welcome) {
      wire = to
      asked = 0
      const still = new Set(held)
      for (const mine of leases.values()) if (!still.has(mine.lease.token)) leases.drop(mine)
      outbox.online(to)
      refresh()
    },
    offline() {
      wire = undefined
      outbox.offline()
      owner.changed()
    },
    /** Tokens of all work that is still on the way. */
    tokens: () => [...new Set([...leases.values().map(({ lease }) => lease.token), ...outbox.leases()])],
    resize(next: number) {
      threads = next
      pool.resize(next)
    },
    dutyChanged: pool.dutyChanged,
    tick() {
      pool.tick()
      outbox.tick()
      emptyTicks = leases.count() === 0 ? emptyTicks + 1 : 0
      if (emptyTicks > 0 && emptyTicks % ASK_AGAIN_TICKS === 0) asked = 0
      for (const { lease, progress } of pool.held())
        if (progress.task < lease.to)
          wire?.emit('progress', { lease: lease.token, task: progress.task, share: progress.share })
      refresh()
    },
    /** Tasks being computed or not yet acknowledged. */
    left: () => pool.running() + outbox.tasks(),
    sent: outbox.empty,
    busyMs: pool.busyMs,
    /** Why there is nothing to do; null while there is. */
    idle: () => (pool.held().length > 0 ? null : idle),
    computing(): readonly Computing[] {
      const byJob = new Map<string, Computing>()
      for (const { brief } of pool.held()) {
        const busy = (byJob.get(brief.id)?.threads ?? 0) + 1
        byJob.set(brief.id, { job: brief.id, kind: brief.kind, title: brief.title, threads: busy })
      }
      return [...byJob.values()]
    },
    /** Ends the threads at once. */
    halt() {
      pool.close()
    },
    close() {
      pool.close()
      for (const held of leases.values()) leases.drop(held)
    },
  }
}
