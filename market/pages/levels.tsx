'use client'
import { Why } from '../../components/controls/inline.tsx'
import { Table } from '../../components/controls/table.tsx'
import { count, interval, percent, usd, whole } from '../../components/words/count.ts'
import { Between, Moment, Time } from '../../components/words/time.tsx'
import type { DeskBand, DeskLevels } from '../desk/prices.ts'

/** What the devices of the pool computed of the latest prices, and who they were. */
export function Levels({
  levels: { steps, computed, waiting },
  band,
  shown,
  onShow,
}: {
  readonly levels: DeskLevels
  readonly band: DeskBand | null
  readonly shown: boolean
  readonly onShow: (shown: boolean) => void
}) {
  return (
    <section aria-label="Levels and band" className="mt-8">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2>Levels and a 90 % band</h2>
        <button type="button" className="do small-do no-print" onClick={() => onShow(!shown)}>
          {shown ? 'Hide' : 'Show'} <span className="sr-only">levels and band</span>
        </button>
      </div>
      {shown ? (
        <>
          {band ? <Band band={band} /> : null}
          {computed ? (
            <p className="mt-1 text-small text-quiet">
              Computed by <a href={`/jobs/${computed.job}`}>{who(computed.devices, computed.people)}</a>{' '}
              <Time at={computed.at} />, from {count(computed.points, 'price')} until <Moment at={computed.to} />.
            </p>
          ) : null}
          <p role="status" className="text-small">
            {waiting ?? (computed ? '' : 'The devices of the pool are asked for them.')}
          </p>
          {steps.length > 0 ? <LevelsTable steps={steps} /> : null}
        </>
      ) : null}
    </section>
  )
}

function Band({ band: { at, ahead, low, high, coverage } }: { readonly band: DeskBand }) {
  return (
    <>
      <p className="desk-figure" data-band={`${low} ${high}`}>
        {usd(low)} to {usd(high)}
      </p>
      <p className="text-small text-quiet">
        The next {ahead === 1 ? 'price' : `${ahead} prices`} after <Moment at={at} /> {ahead === 1 ? 'is' : 'are'}{' '}
        expected there. Asked for {percent(coverage.asked, 'fine')}, such bands held{' '}
        <data value={coverage.share ?? ''}>{interval(coverage)}</data> of {whole(coverage.count)} earlier prices.{' '}
        <Why about="levels and band">
          A regression tree of depth 5 cuts the latest prices where that explains most of them; each part’s mean is a
          level. The band lies around the newest level, as wide as earlier prices fell from the levels before them. It
          is measured on prices that no tree and no band had seen.
        </Why>
      </p>
    </>
  )
}

function LevelsTable({ steps }: { readonly steps: DeskLevels['steps'] }) {
  return (
    <details>
      <summary className="py-2 text-small">{count(steps.length, 'level')} as a table</summary>
      <Table
        rows={steps.toReversed()}
        keyOf={({ from }) => from}
        columns={[
          { head: 'Level', cell: ({ level }) => usd(level) },
          { head: 'When', cell: (step) => <Between {...step} />, td: { className: 'words' } },
        ]}
      />
    </details>
  )
}

/** "2 devices, of Ada and Grace"; more than three are a number. */
function who(devices: number, people: readonly string[]): string {
  const owners =
    people.length > 3 ? `${people.length} people` : new Intl.ListFormat('en', { type: 'conjunction' }).format(people)
  return `${count(devices, 'device')} of ${owners}`
}
