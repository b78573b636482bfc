import { type Kernel, MAX_OUTPUT_BYTES } from '../define.ts'
import { createWasm } from '../instantiate.ts'
import { createHost, type Host } from './host.ts'
import scalarBytes from './kernel.scalar.wasm'
import simdBytes from './kernel.simd.wasm'
import { readState } from './memory.ts'
import { encodeState, type TaskState, TOO_LARGE_OUTPUT } from './output.ts'
import { type CsvParams, layoutOf, roleOf, spreadOf } from './params.ts'
import { compilePattern } from './time-pattern.ts'

/** What kernel.as.ts exports. */
interface Wasm {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly groupCount: { readonly value: number }
  readonly groupList: { readonly value: number }
  setDialect(delimiter: number, decimal: number, eol: number, columns: number): number
  setStatistics(slots: number, everything: number, ask: number, bid: number, groupBy: number): void
  setPrice(min: number, max: number): void
  setHistogram(bins: number, min: number, max: number): void
  prepare(largestInput: number, plainTime: number, priced: number, timeFirst: number): number
  fives(): number
  timeProgram(): number
  inputAt(length: number): number
  begin(length: number): void
  rewind(): void
  proceed(limit: number): number
  taskBytes(): number
  tableAt(): number
  slotStateAt(index: number): number
  lastOf(index: number): number
}

interface Prepared {
  readonly params: CsvParams
  readonly wasm: Wasm
  readonly host: Host
  /** Bins that are counted here, because both edges are given. */
  readonly bins: number
}

/** Bytes between two reports: about 3 ms of a laptop and 100 ms of the slowest board that might join. */
const STRIDE = 1 << 20
const USUAL_INPUT = 1 << 20
/** So much state never fits into an output; a phone need not hold more of it. */
const MOST_STATE_BYTES = 96 << 20
const GROUPS = { hour: 1, day: 2, month: 3 } as const
const ROLE = { notNegative: 1, priced: 2, volume: 4 } as const

/** Powers of five that number.as.ts knows, and the bits of each. */
const MOST_POWER = 64
const BITS = 128

/** The first 128 bits of 5^−64 … 5^64, upper half first, rounded as the algorithm in number.as.ts asks. */
const fives = new BigUint64Array(
  Array.from({ length: 2 * MOST_POWER + 1 }, (_, i) => halves(firstBits(i - MOST_POWER))).flat(),
)

const instantiate = createWasm<Wasm>({ simd: simdBytes, scalar: scalarBytes })

export const kernel: Kernel<CsvParams, Prepared> = {
  prepare: (params) => prepareWith(params),
  run(prepared, _index, progress, slice) {
    const state = scan(prepared, slice ?? new Uint8Array(), progress, MOST_STATE_BYTES)
    const output = state && encodeState(state)
    return output && output.length <= MAX_OUTPUT_BYTES ? output : TOO_LARGE_OUTPUT.slice()
  },
  room({ wasm }, length) {
    // Making room may replace the memory.
    const at = wasm.inputAt(length)
    return new Uint8Array(wasm.memory.buffer, at, length)
  },
  whole: (prepared, _index, progress, slice) => encodeState(scan(prepared, slice ?? new Uint8Array(), progress)!),
}

/** `simd`: for tests, as no bit of an output depends on it. Default: what the engine can. */
export function prepareWith(params: CsvParams, simd?: boolean): Prepared {
  const host = createHost()
  const wasm = instantiate(simd, { host: host.imports })
  new BigUint64Array(wasm.memory.buffer, wasm.fives(), fives.length).set(fives)
  const layout = layoutOf(params)
  const slots = layout.numeric.length
  const all = params.statistics === 'all'
  const spread = all ? spreadOf(layout) : null
  const table = wasm.setDialect(layout.delimiter, layout.decimal, layout.lineEnd === 'lf' ? 10 : 13, layout.columns)
  const groupBy = all && layout.time && params.groupBy ? GROUPS[params.groupBy] : 0
  wasm.setStatistics(slots, all ? 1 : 0, spread?.ask ?? -1, spread?.bid ?? -1, groupBy)
  const { price, histogram } = params
  wasm.setPrice(price?.min ?? -Infinity, price?.max ?? Infinity)
  const bins = histogram?.min !== undefined && histogram.max !== undefined ? histogram.bins : 0
  wasm.setHistogram(bins, histogram?.min ?? 0, histogram?.max ?? 0)
  const slotOf = new Int16Array(wasm.memory.buffer, table, layout.columns).fill(-1)
  for (const [slot, { column }] of layout.numeric.entries()) slotOf[column] = slot
  if (layout.time) slotOf[layout.time.column] = -2
  const pattern = layout.time && compilePattern(layout.time.format)
  const plain = pattern?.type === 'pattern' && !pattern.mayHold(String.fromCharCode(layout.delimiter))
  const timeFirst = layout.numeric.every(({ column }) => column > (layout.time?.column ?? -1))
  const roles = wasm.prepare(USUAL_INPUT, plain ? 1 : 0, price ? 1 : 0, timeFirst ? 1 : 0)
  new Uint8Array(wasm.memory.buffer, roles, slots).set(
    layout.numeric.map(({ name }) => {
      const role = roleOf(name)
      return (
        (role.notNegative ? ROLE.notNegative : 0) |
        (role.priced && price ? ROLE.priced : 0) |
        (role.volume ? ROLE.volume : 0)
      )
    }),
  )
  if (pattern?.type === 'pattern')
    new Uint8Array(wasm.memory.buffer, wasm.timeProgram(), pattern.code.length).set(pattern.code)
  host.attach(wasm.memory, { ask: spread?.ask ?? -1, bid: spread?.bid ?? -1, spread: slots })
  return { params, wasm, host, bins }
}

/** Undefined when the state grows beyond `mostStateBytes`. */
function scan(
  { params, wasm, host, bins }: Prepared,
  slice: Uint8Array,
  progress: (share: number) => void,
  mostStateBytes = Infinity,
): TaskState | undefined {
  const layout = layoutOf(params)
  const everything = params.statistics === 'all'
  // Of a slice in this memory nothing can be read any more once that has grown.
  const { length } = slice
  const input = wasm.inputAt(length)
  if (slice.buffer !== wasm.memory.buffer) new Uint8Array(wasm.memory.buffer, input, length).set(slice)
  host.clear()
  wasm.begin(length)
  wasm.rewind()
  for (let limit = STRIDE, done = 0; done < length; limit += STRIDE) {
    done = wasm.proceed(limit)
    progress(done / length)
    if (wasm.taskBytes() > mostStateBytes) return undefined
  }
  return readState({
    buffer: wasm.memory.buffer,
    host,
    slots: layout.numeric.length,
    everything,
    timed: layout.time !== null,
    spread: everything && spreadOf(layout) !== null,
    bins,
    table: wasm.tableAt(),
    slot: (index) => wasm.slotStateAt(index),
    lastOf: (index) => wasm.lastOf(index),
    groups: {
      count: everything && params.groupBy && layout.time ? wasm.groupCount.value : 0,
      list: wasm.groupList.value,
    },
  })
}

function firstBits(power: number): bigint {
  if (power >= 0) return cut(5n ** BigInt(power))
  const size = 5n ** BigInt(-power)
  // Where 128 bits hold the power itself its reciprocal is rounded at the last of them.
  const bits = power >= -27 ? lengthOf(size) + BITS - 1 : 2 * lengthOf(size) + BITS
  return cut((1n << BigInt(bits)) / size + 1n)
}

function cut(value: bigint): bigint {
  const spare = lengthOf(value) - BITS
  return spare > 0 ? value >> BigInt(spare) : value << BigInt(-spare)
}

function lengthOf(value: bigint): number {
  return value.toString(2).length
}

function halves(value: bigint): readonly bigint[] {
  return [value >> 64n, value & 0xffffffffffffffffn]
}
