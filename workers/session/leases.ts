import type { JobBrief, Lease } from '../../protocol/device.ts'
import type { LeaseInput } from '../compute/messages.ts'

/** A lease this device still has tasks of to compute. */
export interface Held {
  readonly lease: Lease
  readonly brief: JobBrief
  /** First task not computed. */
  next: number
  /** What the worker last said of the task it is on. */
  progress: { readonly task: number; readonly share: number }
  /** False while its input is on the way. */
  ready: boolean
  /** What every task of the job reads. */
  sharedInput: Uint8Array<ArrayBuffer> | undefined
  /** What its own tasks read; gone once a thread has it, from then on the lease stays there. */
  slices: LeaseInput | undefined
  /** Done, handed back, failed or released: nothing more of it is wanted. */
  dropped: boolean
}

/** What is lent to this device, in order; which thread has what is the thread pool's business. */
export function createLeases() {
  const all = new Map<string, Held>()
  const waiting: Held[] = []

  return {
    add(lease: Lease, brief: JobBrief): Held {
      const progress = { task: lease.from, share: 0 }
      const inputs = { ready: false, sharedInput: undefined, slices: undefined }
      const held: Held = { lease, brief, next: lease.from, progress, ...inputs, dropped: false }
      all.set(lease.token, held)
      waiting.push(held)
      return held
    },
    get: (token: string) => all.get(token),
    /** The next lease whose input is here. */
    take(): Held | undefined {
      const index = waiting.findIndex(({ ready }) => ready)
      return index < 0 ? undefined : waiting.splice(index, 1)[0]
    },
    drop(held: Held) {
      held.dropped = true
      all.delete(held.lease.token)
      const index = waiting.indexOf(held)
      if (index >= 0) waiting.splice(index, 1)
    },
    waiting: (): readonly Held[] => [...waiting],
    values: (): readonly Held[] => [...all.values()],
    count: () => all.size,
  }
}
