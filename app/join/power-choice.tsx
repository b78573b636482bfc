import type { VolunteerState } from '../../workers/state.ts'
import { Word } from './word.tsx'

const DUTIES = [
  ['0.25', 'a quarter of the time'],
  ['0.5', 'half the time'],
  ['0.75', 'three quarters of the time'],
  ['1', 'all the time'],
] as const

/** Cores and time. The fields belong to the start form and are the runtime's: it reads them and applies them at once. */
export function PowerChoice({ state }: { readonly state: VolunteerState | null }) {
  return (
    <details className="mt-1">
      <summary className="py-2 text-small font-semibold">
        Change how much: <Word is="power">{state?.powerText ?? 'a part of this device'}</Word>
      </summary>
      <div className="mt-1 grid gap-4 sm:grid-cols-2">
        <label>
          <span className="text-small">Cores{state ? `, of ${state.cores}` : ''}</span>
          <input
            form="start"
            type="range"
            name="threads"
            min={1}
            max={8}
            defaultValue={2}
            className="range mt-2"
            suppressHydrationWarning
          />
        </label>
        <label>
          <span className="text-small">How much of their time</span>
          <select
            form="start"
            name="duty"
            className="field small-field mt-1"
            defaultValue="0.5"
            suppressHydrationWarning
          >
            {DUTIES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
    </details>
  )
}
