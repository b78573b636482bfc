'use client'
import { useCallback, useEffect, useState } from 'react'
import { Choices } from '../../components/controls/fields.tsx'
import { change, count, usd } from '../../components/words/count.ts'
import type { FeedNow, PoolDesk } from '../desk/prices.ts'
import { Alarms } from './alarms.tsx'
import { ErrorChart, PriceChart } from './charts.tsx'
import { Foresight, Setpoint } from './foresight.tsx'
import { Levels } from './levels.tsx'
import { defaults, keepSettings, readSettings, type Settings, SettingsForm } from './settings.tsx'
import { LeftOut, MarketLight, Ticker } from './ticker.tsx'
import { useAlarms } from './use-alarms.ts'
import { useDesk } from './use-desk.ts'

const SPANS = [
  [7200, 'Two hours'],
  [86_400, 'A day'],
  [null, 'All'],
] as const
const NO_ROWS = { times: [], prices: [], averages: [], states: [], errors: [], models: [] }

/** The desk: what prices do now, by the viewer's own window, tolerance, setpoint and alarms. */
export function Desk({ initial }: { readonly initial: { readonly feed: FeedNow; readonly state: PoolDesk } }) {
  const [settings, setSettings] = useState<Settings>(defaults)
  const [spanS, setSpan] = useState<number | null>(SPANS[0][0])
  useEffect(() => {
    const read = readSettings(location.search)
    setSettings(read)
    if (!location.search) return
    keepSettings(read)
    history.replaceState(null, '', location.pathname)
  }, [])
  const choose = useCallback((wish: Partial<Settings>) => {
    setSettings((before) => {
      const next = { ...before, ...wish }
      keepSettings(next)
      return next
    })
  }, [])
  const alarms = useAlarms(settings)
  const { feed, pool, connected, track, revision } = useDesk(initial, settings, alarms.heard)
  const state = track?.state(pool.stale) ?? initial.state
  const rows = track?.rows ?? NO_ROWS
  return (
    <div className="desk">
      <div className="min-w-0">
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
          <Ticker state={state} feed={feed} connected={connected} />
          <MarketLight state={state.state} tolerance={settings.tolerance} />
        </div>
        <figure className="mt-2">
          <PriceChart
            rows={rows}
            prediction={state.prediction}
            levels={settings.levels ? pool.levels.steps : []}
            band={settings.levels ? pool.band : null}
            settings={settings}
            spanS={spanS}
            revision={revision}
            onSetpoint={(setpoint) => choose({ setpoint })}
          />
          <figcaption className="no-print mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-small">
            <Choices label="How much is shown" options={SPANS} chosen={spanS} onChoose={setSpan} />
            <span className="text-quiet">
              Dashed: average of {count(settings.window, 'price')}
              {state.average === null ? '' : `, ${usd(state.average)}`}. Dot: two minutes ahead. Foot: the market’s
              state.{settings.levels && pool.levels.steps.length > 0 ? ' Broad steps: decision levels.' : ''}
              {settings.levels && pool.band ? ' Shaded: the 90 % band.' : ''}
            </span>
          </figcaption>
        </figure>
        <section aria-label="Linear model" className="mt-8">
          <h2>How far the linear model was off</h2>
          <p className="text-small text-quiet">
            {state.model
              ? `This model has ${count(state.model.points, 'price')}${state.error === null ? '' : `; it was off by ${change(state.error)} just now`}. It ${slopeWords(state.model.slope)}.`
              : 'A model needs two prices.'}{' '}
            A dotted line is where a new model begins.
          </p>
          <ErrorChart rows={rows} spanS={spanS} revision={revision} />
        </section>
      </div>
      <div className="min-w-0">
        <Foresight state={state} accuracy={track?.accuracy() ?? NOTHING_MEASURED} />
        <Setpoint
          setpoint={settings.setpoint}
          prediction={state.prediction}
          errors={track?.pastErrors() ?? []}
          onChange={(setpoint) => choose({ setpoint })}
        />
        <Levels levels={pool.levels} band={pool.band} shown={settings.levels} onShow={(levels) => choose({ levels })} />
        <Alarms settings={settings} history={alarms.history} onChange={choose} onForget={alarms.forget} />
        <SettingsForm settings={settings} onChange={choose} />
        <LeftOut feed={feed} />
        <p className="mt-8 text-small text-quiet">Analytics, not advice.</p>
      </div>
    </div>
  )
}

const NOTHING_MEASURED = { count: 0, mae: null, bias: null, better: { share: null, low: null, high: null } }

function slopeWords(perSecond: number): string {
  const perHour = perSecond * 3600
  return perHour === 0
    ? 'neither rises nor falls'
    : `${perHour > 0 ? 'rises' : 'falls'} by ${usd(Math.abs(perHour))} an hour`
}
