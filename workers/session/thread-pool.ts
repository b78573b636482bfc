import type { KernelRef } from '../../protocol/device.ts'
import { type ComputeThread, type ComputeThreadOwner, createComputeThread } from './compute-thread.ts'
import { createBackoff } from './link.ts'
import type { SessionPorts } from './ports.ts'

export type ThreadPoolOwner = Omit<ComputeThreadOwner, 'threadFailed' | 'threadWorked'>

/** All threads of this device. after one failed, all pause a little: what ails one mostly ails all. */
export function createThreadPool(ports: Pick<SessionPorts, 'spawn' | 'clock' | 'random'>, owner: ThreadPoolOwner) {
  const { clock } = ports
  const all: ComputeThread[] = []
  const backoff = createBackoff(ports.random)
  let coolUntil = Number.NEGATIVE_INFINITY
  const cooling = () => clock.now() < coolUntil

  function wake() {
    for (const thread of all) thread.look()
  }

  function threadFailed() {
    const ms = backoff.nextMs()
    coolUntil = clock.now() + ms
    clock.after(ms, wake)
  }

  const threadOwner: ComputeThreadOwner = {
    ...owner,
    policy: () => (owner.policy() === 'go' && cooling() ? 'wait' : owner.policy()),
    threadFailed,
    threadWorked: backoff.reset,
  }

  return {
    wake,
    /** Threads without work get ready for this kernel. */
    warm(kernel: KernelRef) {
      for (const thread of all) thread.warm(kernel)
    },
    threadFailed,
    cooling,
    resize(wanted: number) {
      while (all.length < wanted) all.push(createComputeThread(ports, threadOwner))
      all.forEach((thread, index) => {
        thread.need(index < wanted)
      })
    },
    dutyChanged() {
      for (const thread of all) thread.forgive()
    },
    tick() {
      for (const thread of all) thread.tick()
    },
    running: () => all.filter((thread) => thread.running()).length,
    /** Leases on threads, those that rest included. */
    held: () => all.flatMap((thread) => thread.held() ?? []),
    busyMs: () => all.reduce((sum, thread) => sum + thread.busyMs(), 0),
    close() {
      for (const thread of all) thread.close()
      all.length = 0
    },
  }
}
