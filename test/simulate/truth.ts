import { mix } from './chance.ts'

// What tasks of simulated jobs really give. An output is its digest; its price follows from the digest, as a kind's
// price follows from the bytes.

export interface Digest {
  readonly high: number
  readonly low: number
}

export function truth(job: number, task: number): Digest {
  return { high: mix(job, task, 1), low: mix(job, task, 2) }
}

/** Everybody's own lie differs from everybody else's. */
export function ownLie(job: number, task: number, device: number): Digest {
  return { high: mix(job, task, device, 3), low: mix(job, task, device, 4) }
}

/** The lie all colluders have agreed on. */
export function sharedLie(job: number, task: number): Digest {
  return { high: mix(job, task, 5), low: mix(job, task, 6) }
}

export function priceOf({ low }: Digest): number {
  return 1 + (low % 7)
}

export function isTrue(job: number, task: number, high: number, low: number): boolean {
  return high === mix(job, task, 1) && low === mix(job, task, 2)
}
