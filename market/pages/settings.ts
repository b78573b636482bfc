import { isDeskWindow } from '../../jobs/btc/params.ts'
import { deskDefaults } from '../desk/desk.ts'

/** What a viewer chose; kept in their browser alone. */
export interface Settings {
  readonly window: number
  /** Share of the average within which the market is blue. */
  readonly tolerance: number
  readonly modelPoints: number
  readonly setpoint: number | null
  readonly upper: number | null
  readonly lower: number | null
  readonly sound: boolean
  /** Whether levels and band are shown, and so computed for this viewer. */
  readonly levels: boolean
}

const KEY = 'poolparty.desk'

export const defaults: Settings = {
  ...deskDefaults,
  setpoint: null,
  upper: null,
  lower: null,
  sound: false,
  levels: true,
}

/** Kept ones, then what a link asks for ("apply to the desk"). */
export function readSettings(search: string): Settings {
  const kept = parsed(localStorage.getItem(KEY))
  const asked = new URLSearchParams(search)
  const from = (name: 'window' | 'tolerance') => (asked.has(name) ? Number(asked.get(name)) : kept[name])
  return valid({ ...defaults, ...kept, window: from('window'), tolerance: from('tolerance') } as Settings)
}

export function keepSettings(settings: Settings): void {
  localStorage.setItem(KEY, JSON.stringify(settings))
}

function parsed(text: string | null): Partial<Settings> {
  try {
    return JSON.parse(text ?? '{}') as Partial<Settings>
  } catch {
    return {}
  }
}

/** A field that holds nothing sensible is the default's. */
function valid(settings: Settings): Settings {
  const { window, tolerance, modelPoints, setpoint, upper, lower, sound, levels } = settings
  const price = (value: unknown) => (typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : null)
  return {
    window: isDeskWindow(window) ? window : defaults.window,
    tolerance: isTolerance(tolerance) ? tolerance : defaults.tolerance,
    modelPoints: isModelPoints(modelPoints) ? modelPoints : defaults.modelPoints,
    setpoint: price(setpoint),
    upper: price(upper),
    lower: price(lower),
    sound: sound === true,
    levels: levels !== false,
  }
}

const whole = (value: unknown, from: number, to: number) =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to

export const isModelPoints = (value: unknown) => whole(value, 2, 100_000)
export const isTolerance = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1
