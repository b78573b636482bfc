import { addTo, aligned, type Decimal, nearest, parseDecimal, type ScaledSum } from './decimal.ts'

// As in number.as.ts.
const FAST = 1
const LONG = 2
const HALF = 10n ** 18n

type CellParts = [kind: number, m: bigint, low: bigint, k: number]

export interface BigSum {
  readonly sum: ScaledSum
  readonly squares: ScaledSum
}

/** What the kernel leaves to big integers: decimals too long or too far out for its own accumulators. */
export function createHost() {
  let memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) }
  const text = new TextDecoder()
  /** By slot, the decimal of the row being read. */
  const pending = new Map<number, Decimal>()
  const sums = new Map<number, BigSum>()
  /** By group and slot. */
  const volumes = new Map<string, ScaledSum>()
  let spreadSlots = { ask: -1, bid: -1, spread: -1 }

  function volumeOf(group: number, slot: number): ScaledSum {
    const key = `${group}:${slot}`
    const known = volumes.get(key) ?? new Map<number, bigint>()
    volumes.set(key, known)
    return known
  }

  function decimalOf(slot: number, ...[kind, m, low, scale]: CellParts): Decimal {
    if (kind === FAST) return { m, scale }
    return kind === LONG ? { m: m * HALF + low, scale } : pending.get(slot)!
  }

  return {
    imports: {
      slow(at: number, length: number, slot: number): number {
        const cell = text.decode(new Uint8Array(memory.buffer, at, length)).replace(',', '.')
        const decimal = parseDecimal(cell)
        pending.set(slot, decimal)
        return nearest(decimal) + 0
      },
      double: (m: bigint, k: number): number => Number(`${m}e${-k}`) + 0,
      spread(...[askKind, askM, askLow, askK, bidKind, bidM, bidLow, bidK]: [...CellParts, ...CellParts]): number {
        const ask = decimalOf(spreadSlots.ask, askKind, askM, askLow, askK)
        const bid = decimalOf(spreadSlots.bid, bidKind, bidM, bidLow, bidK)
        const { a, b, scale } = aligned(ask, bid)
        pending.set(spreadSlots.spread, { m: a - b, scale })
        const value = nearest({ m: a - b, scale })
        return value === 0 && a < b ? -0 : value
      },
      addSlow(slot: number): void {
        const { m, scale } = pending.get(slot)!
        const known = sums.get(slot) ?? { sum: new Map(), squares: new Map() }
        sums.set(slot, known)
        addTo(known.sum, scale, m)
        addTo(known.squares, scale, m * m)
      },
      addVolume: (group: number, slot: number, m: bigint, k: number): void => addTo(volumeOf(group, slot), k, m),
      addSlowVolume(group: number, slot: number): void {
        const { m, scale } = pending.get(slot)!
        addTo(volumeOf(group, slot), scale, m)
      },
    },
    attach(wasmMemory: { readonly buffer: ArrayBuffer }, slots: typeof spreadSlots): void {
      memory = wasmMemory
      spreadSlots = slots
    },
    clear(): void {
      sums.clear()
      volumes.clear()
    },
    sumsOf: (slot: number): BigSum | undefined => sums.get(slot),
    volumesOf: (group: number, slot: number): ScaledSum | undefined => volumes.get(`${group}:${slot}`),
  }
}
export type Host = ReturnType<typeof createHost>
