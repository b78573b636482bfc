import { log2 } from '../math/exp-log.ts'

/** The value of a pixel that did not escape. */
export const NOT_ESCAPED = 0xffffffff

interface Palette {
  /** What never escapes. */
  readonly inside: string
  /** Colours around a closed cycle, evenly spaced. */
  readonly cycle: readonly string[]
}

export const PALETTE_NAMES = ['pool', 'ember', 'aurora', 'coral', 'ink'] as const
export type PaletteName = (typeof PALETTE_NAMES)[number]

const PALETTES: Record<PaletteName, Palette> = {
  // From deep water up to sunlight, and back down through amber.
  pool: {
    inside: '02080f',
    cycle: ['031426', '06324f', '0b6283', '1f9bb0', '7fd6cf', 'f1f6dc', 'ffdf8a', 'f7a23b', 'a9522b', '3b2335'],
  },
  ember: { inside: '050202', cycle: ['0d0408', '3b0a14', '8c1c13', 'd9480f', 'ffa62b', 'ffedc2', 'c98a6b', '4a2434'] },
  aurora: { inside: '03040c', cycle: ['070b24', '12305a', '0f6b6b', '2fbf71', 'c8f7a6', 'a9b8f2', '7a4fc0', '2d1b57'] },
  coral: { inside: '0a0d14', cycle: ['10203a', '2b5876', '7fb7be', 'f4f1de', 'ffb4a2', 'e5616b', '8d3459', '3a1e46'] },
  ink: { inside: '10131a', cycle: ['161b26', '39465e', '8091a7', 'd5d9d6', 'f7f2e4', 'cfc7b4', '7d7a78', '343743'] },
}

const TABLE_SIZE = 4096
const tables = new Map<PaletteName, Uint8Array>()

/** Writes the colour of a payload value as RGB at `at`. */
export function painter(name: PaletteName = 'pool'): (value: number, rgb: Uint8Array, at: number) => void {
  const table = tableOf(name)
  const inside = channels(PALETTES[name].inside)
  return (value, rgb, at) => {
    if (value === NOT_ESCAPED) {
      rgb.set(inside, at)
      return
    }
    const smooth = Math.max(0, (value >>> 8) - 1 + (value & 255) / 64)
    const turns = position(smooth)
    const entry = Math.floor((turns - Math.floor(turns)) * TABLE_SIZE) * 3
    rgb[at] = table[entry] as number
    rgb[at + 1] = table[entry + 1] as number
    rgb[at + 2] = table[entry + 2] as number
  }
}

/**
 * Where on the colour cycle a smooth iteration count stands. The logarithm gives every scale its share of colours; the
 * small linear part keeps deep pictures, whose counts differ by little against their size, from one flat colour.
 */
function position(smooth: number): number {
  return log2(1 + smooth / 12) * 0.6 + smooth / 1500
}

function tableOf(name: PaletteName): Uint8Array {
  const known = tables.get(name)
  if (known) return known
  const stops = PALETTES[name].cycle.map(channels)
  const table = new Uint8Array(TABLE_SIZE * 3)
  for (let entry = 0; entry < TABLE_SIZE; entry++) {
    const place = (entry * stops.length) / TABLE_SIZE
    const from = Math.floor(place)
    for (let channel = 0; channel < 3; channel++) {
      const around = [-1, 0, 1, 2].map((k) => stops[(from + k + stops.length) % stops.length]?.[channel] ?? 0)
      table[entry * 3 + channel] = Math.max(0, Math.min(255, Math.floor(between(around, place - from) + 0.5)))
    }
  }
  tables.set(name, table)
  return table
}

/** Catmull–Rom: smooth through every stop. */
function between([a = 0, b = 0, c = 0, d = 0]: number[], t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

function channels(hex: string): [number, number, number] {
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]
}
