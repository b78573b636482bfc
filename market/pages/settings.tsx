'use client'
import { useEffect, useState } from 'react'
import { Line } from '../../components/controls/fields.tsx'
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

const isModelPoints = (value: unknown) => whole(value, 2, 100_000)
const isTolerance = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1

/** What the desk computes with; kept in this browser. */
export function SettingsForm({
  settings,
  onChange,
}: {
  readonly settings: Settings
  readonly onChange: (change: Partial<Settings>) => void
}) {
  return (
    <section aria-label="Settings" className="mt-8">
      <h2>Computed with</h2>
      <div className="mt-2 grid grid-cols-2 gap-3">
        <NumberField
          label="Average of, in prices"
          value={settings.window}
          valid={isDeskWindow}
          problem="A whole number from 1 to 5000."
          onChange={(window) => window !== null && onChange({ window })}
        />
        <NumberField
          label="Tolerance, in %"
          value={Number((settings.tolerance * 100).toPrecision(12))}
          valid={(percent) => isTolerance(percent / 100)}
          problem="A number from 0 to below 100."
          onChange={(percent) => percent !== null && onChange({ tolerance: Number((percent / 100).toPrecision(12)) })}
        />
        <NumberField
          label="A new model after, in prices"
          value={settings.modelPoints}
          valid={isModelPoints}
          problem="A whole number from 2 to 100000."
          onChange={(modelPoints) => modelPoints !== null && onChange({ modelPoints })}
        />
      </div>
    </section>
  )
}

/** A number that is taken when it is one; what was typed stays, with what is wrong about it. */
export function NumberField({
  label,
  value,
  valid,
  problem,
  optional = false,
  onChange,
}: {
  readonly label: string
  readonly value: number | null
  readonly valid: (value: number) => boolean
  readonly problem: string
  readonly optional?: boolean
  readonly onChange: (value: number | null) => void
}) {
  const shown = value === null ? '' : String(value)
  const [text, setText] = useState(shown)
  const number = read(text)
  const empty = text.trim() === ''
  const fine = empty ? optional : Number.isFinite(number) && valid(number)
  // Another value replaces what was typed; the same one, typed differently, does not.
  useEffect(() => {
    setText((typed) => (typed.trim() !== '' && read(typed) === Number(shown || Number.NaN) ? typed : shown))
  }, [shown])
  return (
    <Line
      label={label}
      numeric
      value={text}
      problem={fine ? undefined : problem}
      onChange={(typed) => {
        setText(typed)
        const next = read(typed)
        if (typed.trim() === '') {
          if (optional) onChange(null)
        } else if (Number.isFinite(next) && valid(next)) onChange(next)
      }}
    />
  )
}

function read(text: string): number {
  return Number(text.replace(/[$,\s]/g, ''))
}
