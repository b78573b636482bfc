import type { KernelRef } from '../../protocol/device.ts'
import type { PaintedTile, Report, StretchEnd, Thread } from '../compute/thread.ts'
import type { Held } from './leases.ts'
import type { SessionPorts } from './ports.ts'

/** Computing between two looks at the owner’s wishes: under a second in any case; what it finishes is one message. */
const STRETCH_MS = 200
/** A thread whose work is not wanted any more may finish its task within this; then it is ended. */
const GRACE_MS = 700
/** Rests shorter than this are added up: a timer is not exact enough for them. */
const SHORTEST_REST_MS = 20
/** After a long task with a low duty the rest is still bounded. */
const LONGEST_REST_MS = 60_000
/** A kernel reports at least every second. After this many silent ticks of a second it hangs. */
const SILENT_TICKS = 60

/** `go`: compute. `wait`: keep leases, start nothing. `leave`: give leases back, a running task may end. `drop`: as leave, soon. */
export type Policy = 'go' | 'wait' | 'leave' | 'drop'

export interface ComputeThreadOwner {
  policy(): Policy
  /** Share of the time threads may compute, above 0. */
  duty(): number
  paint(): boolean
  probe(): boolean
  takeLease(): Held | undefined
  outputs(held: Held, from: number, outputs: Uint8Array<ArrayBuffer>[], computeMs: number): void
  painted(held: Held, tile: PaintedTile): void
  probed(speed: number): void
  done(held: Held): void
  handBack(held: Held): void
  failed(held: Held, task: number, message: string): void
  /** The kernel could not be had; says nothing about the task. */
  unloadable(held: Held, message: string): void
  /** A thread died or could not start: pause a little before the next try. */
  threadFailed(): void
  /** A thread works. */
  threadWorked(): void
}

/** One thread: has at most one lease, computes it in stretches, rests as the duty cycle asks, and is replaced when it dies. */
export function createComputeThread(ports: Pick<SessionPorts, 'spawn' | 'clock'>, owner: ComputeThreadOwner) {
  const { clock } = ports
  let thread: Thread | undefined
  /** The thread answered once: what ends it from now on is the work, not a script that could not be loaded. */
  let answered = false
  let held: Held | undefined
  let phase: 'free' | 'running' | 'resting' = 'free'
  /** False when there are fewer threads now. */
  let needed = true
  /** Raised whenever what the thread says next is of the past. */
  let turn = 0
  let sinceMs = 0
  let busyMs = 0
  let silentTicks = 0
  /** Rest still owed for what was computed. */
  let debtMs = 0
  let impatient = false
  let cancelRest = () => {}

  const unwanted = () =>
    held !== undefined && (held.dropped || !needed || owner.policy() === 'leave' || owner.policy() === 'drop')

  /** Looks again after anything changed. */
  function look() {
    if (phase === 'running') return hurry()
    if (unwanted()) letGo()
    if (!needed) return dismiss()
    if (phase === 'resting' || owner.policy() !== 'go') return
    if (debtMs >= SHORTEST_REST_MS) return rest()
    held ??= owner.takeLease()
    if (held) void run(held)
  }

  function letGo() {
    const gone = held!
    held = undefined
    wakeUp()
    if (!gone.dropped) owner.handBack(gone)
  }

  /** Running what nobody wants: ends the thread if the task does not end soon. Finish waits for it. */
  function hurry() {
    const hasty = () => unwanted() && (held?.dropped || !needed || owner.policy() === 'drop')
    if (impatient || !hasty()) return
    impatient = true
    const mine = turn
    clock.after(GRACE_MS, () => {
      if (turn !== mine) return
      impatient = false
      if (phase !== 'running' || !hasty()) return
      dismiss()
      look()
    })
  }

  async function run(mine: Held) {
    const now = ++turn
    phase = 'running'
    sinceMs = clock.now()
    silentTicks = 0
    impatient = false
    try {
      thread ??= ports.spawn()
      const current = thread
      let end = await stretch(current, mine, now)
      if (turn === now) answered = true
      if (end.type === 'unprepared' && turn === now) {
        const failure = await prepare(current, mine)
        if (turn !== now) return
        if (failure?.type === 'unloadable') return unloadable(mine, failure.message)
        end = failure ? { ...failure, task: mine.next, computeMs: 0 } : await stretch(current, mine, now)
      }
      if (turn === now) ended(mine, end)
    } catch (error) {
      if (turn !== now) return
      const why = error instanceof Error ? error.message : String(error)
      if (answered) died(mine, why)
      else unloadable(mine, why)
    }
  }

  function stretch(current: Thread, mine: Held, now: number) {
    const { lease, brief, next, slices } = mine
    const range = { job: brief.id, lease: lease.token, from: next, to: lease.to, budgetMs: STRETCH_MS }
    const order = { ...range, paint: owner.paint(), probe: owner.probe() }
    mine.slices = undefined
    return current.run(slices ? { ...order, input: slices } : order, (report) => {
      if (turn === now) reported(mine, report)
    })
  }

  async function prepare(current: Thread, { brief, sharedInput }: Held) {
    const { id, params, kernel } = brief
    const order = { job: id, params, kernelUrl: kernel.url, kernelHash: kernel.hash }
    const end = await current.prepare(sharedInput ? { ...order, sharedInput } : order)
    return end.type === 'ready' ? undefined : end
  }

  function reported(mine: Held, report: Report) {
    silentTicks = 0
    if (report.type === 'progress') {
      mine.progress = report
      return
    }
    mine.next = report.from + report.lengths.length
    mine.progress = { task: mine.next, share: 0 }
    if (mine.dropped) return
    let end = 0
    const outputs = report.lengths.map((length) => {
      end += length
      return report.bytes.subarray(end - length, end)
    })
    owner.outputs(mine, report.from, outputs, report.computeMs)
    for (const tile of report.tiles) owner.painted(mine, tile)
  }

  function ended(mine: Held, end: StretchEnd) {
    toFree()
    switch (end.type) {
      case 'ran':
        owner.threadWorked()
        owe(end.computeMs)
        if (end.speed !== undefined) owner.probed(end.speed)
        if (mine.next >= mine.lease.to && !mine.dropped) {
          held = undefined
          owner.done(mine)
        }
        break
      case 'threw':
        owner.threadWorked()
        owe(end.computeMs)
        held = undefined
        if (!mine.dropped) owner.failed(mine, end.task, end.message)
        break
      case 'unprepared':
        return unloadable(mine, 'The thread forgot the job it was prepared for.')
      default:
        end satisfies never
    }
    look()
  }

  function died(mine: Held, why: string) {
    dismiss()
    held = undefined
    owner.threadFailed()
    if (!mine.dropped) owner.failed(mine, Math.max(mine.next, mine.progress.task), why)
  }

  function unloadable(mine: Held, why: string) {
    // A browser remembers a failed import for the life of the worker, so the next try gets a new one.
    dismiss()
    held = undefined
    owner.threadFailed()
    if (!mine.dropped) owner.unloadable(mine, why)
  }

  function owe(computeMs: number) {
    debtMs = Math.min(LONGEST_REST_MS, debtMs + computeMs * (1 / owner.duty() - 1))
  }

  function rest() {
    phase = 'resting'
    sinceMs = clock.now()
    cancelRest = clock.after(debtMs, () => {
      wakeUp()
      look()
    })
  }

  function wakeUp() {
    if (phase !== 'resting') return
    cancelRest()
    // What a late timer rested too long is given back, within bounds.
    debtMs = Math.max(-STRETCH_MS, debtMs - (clock.now() - sinceMs))
    phase = 'free'
  }

  function toFree() {
    if (phase === 'running') busyMs += clock.now() - sinceMs
    phase = 'free'
  }

  /** Ends the thread; the next run starts another. */
  function dismiss() {
    wakeUp()
    toFree()
    turn++
    thread?.terminate()
    thread = undefined
    answered = false
  }

  return {
    look,
    /** Whether this thread is among those the owner lends. */
    need(wish: boolean) {
      needed = wish
      look()
    },
    /** The duty cycle is new: what is owed under the old one is forgotten. */
    forgive() {
      wakeUp()
      debtMs = 0
      look()
    },
    tick() {
      if (phase === 'running' && held && ++silentTicks >= SILENT_TICKS)
        died(held, `The kernel said nothing for ${SILENT_TICKS} s; its thread was ended.`)
    },
    /** What it will compute is on its way: the thread starts and gets the kernel meanwhile. */
    warm(kernel: KernelRef) {
      if (phase !== 'free' || !needed || owner.policy() !== 'go') return
      try {
        thread ??= ports.spawn()
        thread.load({ kernelUrl: kernel.url, kernelHash: kernel.hash })
      } catch {
        // Tried again, and told, when there is something to run.
      }
    },
    running: () => phase === 'running',
    held: () => held,
    /** Time spent computing so far, by this clock. */
    busyMs: () => busyMs + (phase === 'running' ? clock.now() - sinceMs : 0),
    close() {
      held = undefined
      dismiss()
    },
  }
}
export type ComputeThread = ReturnType<typeof createComputeThread>
