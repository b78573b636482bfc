// What is small and used everywhere; no schemas, so that pages need none. Ids are URL-safe text made by the coordinator; branded so that one kind of id is never passed for another.

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type JobId = Branded<'job'>
export type DeviceId = Branded<'device'>
export type VolunteerId = Branded<'volunteer'>
/** Names one lease for its whole life, coordinator restarts included. */
export type LeaseId = Branded<'lease'>

/** A volunteer's short tag, told apart from namesakes by four characters of their id: "Ada ·7f3q". */
export function volunteerTag(id: VolunteerId): string {
  return id.slice(-4)
}

/** A stable hue, 0…359 degrees, for a volunteer's tiles, avatar and bars (FNV-1a of the id). */
export function volunteerHue(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % 360
}

export type JobStatus = 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

/** A job in one of these states stays in it. */
export const FINAL: JobStatus[] = ['done', 'failed', 'cancelled']

export function isFinal(status: JobStatus): boolean {
  return FINAL.includes(status)
}
