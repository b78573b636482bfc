'use client'
import { useEffect, useState } from 'react'
import { Moment } from '../../components/words/time.tsx'
import { NumberField, type Settings } from './settings.tsx'
import { armBell, type Ring, ring, ringWords } from './use-alarms.ts'

/** Two levels that ring when the price reaches them, and what rang. */
export function Alarms({
  settings,
  history,
  onChange,
  onForget,
}: {
  readonly settings: Settings
  readonly history: readonly Ring[]
  readonly onChange: (change: Partial<Settings>) => void
  readonly onForget: () => void
}) {
  const latest = history[0]
  return (
    <section aria-label="Alarms" className="mt-8">
      <h2>Alarms</h2>
      <div className="mt-2 grid grid-cols-2 gap-3">
        <PriceField label="Above, in USD" value={settings.upper} onChange={(upper) => onChange({ upper })} />
        <PriceField label="Below, in USD" value={settings.lower} onChange={(lower) => onChange({ lower })} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <button
          type="button"
          className="do small-do"
          aria-pressed={settings.sound}
          onClick={() => {
            armBell()
            if (!settings.sound) ring('upper')
            onChange({ sound: !settings.sound })
          }}
        >
          Sound {settings.sound ? 'on' : 'off'}
        </button>
        <Notifications />
      </div>
      <p role="status" className="mt-2 min-h-6 text-small font-semibold">
        {latest ? ringWords(latest) : ''}
      </p>
      {history.length === 0 ? (
        <p className="text-small text-quiet">Nothing rang yet. Alarms ring while this page is open.</p>
      ) : (
        <details className="mt-1">
          <summary className="py-2 text-small">All {history.length} that rang</summary>
          <ul className="rows text-small">
            {history.map((one) => (
              <li key={`${one.at} ${one.which}`} className="py-1.5">
                {ringWords(one)},{' '}
                <span className="text-quiet">
                  <Moment at={one.at} />
                </span>
              </li>
            ))}
          </ul>
          <button type="button" className="do small-do mt-2" onClick={onForget}>
            Clear the history
          </button>
        </details>
      )}
    </section>
  )
}

export function PriceField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}) {
  return (
    <NumberField
      label={label}
      value={value}
      optional
      valid={(price) => price > 0 && price <= 90_000_000}
      problem="A price in USD above 0, or nothing."
      onChange={onChange}
    />
  )
}

/** Asked for by a button, never by itself; said plainly where a browser has none to give. */
function Notifications() {
  const [permission, setPermission] = useState<NotificationPermission | 'none' | null>(null)
  useEffect(() => {
    setPermission(typeof Notification === 'undefined' || !isSecureContext ? 'none' : Notification.permission)
  }, [])
  switch (permission) {
    case null:
      return null
    case 'granted':
      return <p className="self-center text-small text-quiet">Notifications are on.</p>
    case 'default':
      return (
        <button
          type="button"
          className="do small-do"
          onClick={() => Notification.requestPermission().then(setPermission)}
        >
          Allow notifications
        </button>
      )
    case 'denied':
      return <p className="self-center text-small text-quiet">This browser was told to show no notifications.</p>
    case 'none':
      return (
        <p className="self-center text-small text-quiet">
          Browsers show notifications only of pages with https; here the sound and the history have to do.
        </p>
      )
    default:
      return permission satisfies never
  }
}
