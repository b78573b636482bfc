import { MalformedOutput } from '../../define.ts'

// The output of a levels task, little-endian: 32 bytes a fit (level, low, high as doubles in units, NaN without a band;
// inside and of, 32 bits each); in the last task then 16 bytes a leaf (its first point and the one behind its last, level).

export const FIT_BYTES = 32
export const LEAF_BYTES = 16

export interface Fit {
  readonly level: number
  readonly low: number
  readonly high: number
  /** Later prices inside the band, of how many; 0 of 0 without a band. */
  readonly inside: number
  readonly of: number
}

export interface Leaf {
  readonly from: number
  readonly to: number
  readonly level: number
}

export function checkFits(bytes: Uint8Array, fits: number, maxLeaves: number): void {
  const leaves = (bytes.length - fits * FIT_BYTES) / LEAF_BYTES
  const possible = maxLeaves === 0 ? leaves === 0 : Number.isInteger(leaves) && leaves >= 1 && leaves <= maxLeaves
  if (!possible) throw new MalformedOutput(`${bytes.length} bytes are not ${fits} fits and 1 to ${maxLeaves} leaves.`)
}

export function fitsOf(bytes: Uint8Array, count: number): Fit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: count }, (_, i) => ({
    level: view.getFloat64(i * FIT_BYTES, true),
    low: view.getFloat64(i * FIT_BYTES + 8, true),
    high: view.getFloat64(i * FIT_BYTES + 16, true),
    inside: view.getUint32(i * FIT_BYTES + 24, true),
    of: view.getUint32(i * FIT_BYTES + 28, true),
  }))
}

export function leavesOf(bytes: Uint8Array, fits: number): Leaf[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const leaves: Leaf[] = []
  for (let at = fits * FIT_BYTES; at < bytes.length; at += LEAF_BYTES) {
    leaves.push({
      from: view.getUint32(at, true),
      to: view.getUint32(at + 4, true),
      level: view.getFloat64(at + 8, true),
    })
  }
  return leaves
}
