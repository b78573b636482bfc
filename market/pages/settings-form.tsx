'use client'
import { isDeskWindow } from '../../jobs/btc/params.ts'
import { NumberField } from './number-field.tsx'
import { isModelPoints, isTolerance, type Settings } from './settings.ts'

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
