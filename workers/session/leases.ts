import type { InputPlace, JobBrief, Lease } from '../../protocol/device.ts'
import type { LeaseInput } from '../compute/thread.ts'
import type { SessionPorts } from './ports.ts'

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

/** Shared inputs kept in memory; at least one, whatever it measures. */
const CACHE_BYTES = 128 * 1024 * 1024
const ATTEMPTS = 5
const FIRST_PAUSE_MS = 500

type Bytes = Uint8Array<ArrayBuffer>

/** What tasks read: shared inputs once per device, sliced ones once per lease. Rejects after some attempts. */
export function createInputs({ fetchBytes, disk, clock }: Pick<SessionPorts, 'fetchBytes' | 'disk' | 'clock'>) {
  const shared = new Map<string, { readonly bytes: number; readonly body: Promise<Bytes> }>()

  async function fetchOfLength(url: string, bytes: number, wanted: () => boolean): Promise<Bytes> {
    for (let attempt = 1; ; attempt++) {
      try {
        const body = await fetchBytes(url)
        if (body.length === bytes) return body
        throw new Error(`The input should have ${bytes} bytes and had ${body.length}.`)
      } catch (error) {
        if (attempt === ATTEMPTS || !wanted()) throw error
        await new Promise<void>((go) => clock.after(FIRST_PAUSE_MS * 2 ** attempt, go))
      }
    }
  }

  async function isHere(place: InputPlace | undefined): Promise<boolean> {
    return place !== undefined && disk !== undefined && (await disk.has(place))
  }

  async function whole({ url, bytes, place }: NonNullable<JobBrief['sharedInput']>): Promise<Bytes> {
    return place && (await isHere(place))
      ? disk!.read(place, place.start, bytes)
      : fetchOfLength(url, bytes, () => true)
  }

  function forget() {
    let total = [...shared.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    for (const [key, { bytes }] of shared) {
      if (total <= CACHE_BYTES || shared.size === 1) return
      shared.delete(key)
      total -= bytes
    }
  }

  return {
    async sharedInput({ sharedInput: input }: JobBrief): Promise<Bytes | undefined> {
      if (!input) return undefined
      const entry = shared.get(input.key) ?? { bytes: input.bytes, body: whole(input) }
      // The latest used is last, so that the first is the one to forget.
      shared.delete(input.key)
      shared.set(input.key, entry)
      forget()
      return entry.body.catch((error) => {
        if (shared.get(input.key) === entry) shared.delete(input.key)
        throw error
      })
    },
    async leaseInput({ slicedInput: input, from }: Lease, wanted: () => boolean): Promise<LeaseInput | undefined> {
      if (!input) return undefined
      const { url, lengths, place } = input
      if (place && (await isHere(place))) return { type: 'file', from, lengths, path: place.path, starts: place.starts }
      const bytes = lengths.reduce((sum, length) => sum + length, 0)
      return { type: 'bytes', from, lengths, bytes: await fetchOfLength(url, bytes, wanted) }
    },
  }
}
