'use client'
import { count, whole } from '../../components/words/count.ts'
import { Moment } from '../../components/words/moment.tsx'
import { usd } from '../../components/words/money.ts'
import { Time } from '../../components/words/time.tsx'
import { Why } from '../../components/words/why.tsx'
import type { DeskBand, DeskLevels } from '../desk/levels.ts'

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
          {steps.length > 0 ? <Table steps={steps} /> : null}
        </>
      ) : null}
    </section>
  )
}

const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const share = (value: number | null) => SHARE.format(value ?? 0).replace('%', ' %')

function Band({ band: { at, ahead, low, high, coverage } }: { readonly band: DeskBand }) {
  return (
    <>
      <p className="desk-figure" data-band={`${low} ${high}`}>
        {usd(low)} to {usd(high)}
      </p>
      <p className="text-small text-quiet">
        The next {ahead === 1 ? 'price' : `${ahead} prices`} after <Moment at={at} /> {ahead === 1 ? 'is' : 'are'}{' '}
        expected there. Asked for {share(coverage.asked)}, such bands held{' '}
        <data value={coverage.share ?? ''}>{share(coverage.share)}</data> ({share(coverage.low)} to{' '}
        {share(coverage.high)}) of {whole(coverage.count)} earlier prices.{' '}
        <Why about="levels and band">
          A regression tree of depth 5 cuts the latest prices where that explains most of them; each part’s mean is a
          level. The band lies around the newest level, as wide as earlier prices fell from the levels before them. It
          is measured on prices that no tree and no band had seen.
        </Why>
      </p>
    </>
  )
}

function Table({ steps }: { readonly steps: DeskLevels['steps'] }) {
  return (
    <details>
      <summary className="py-2 text-small">{count(steps.length, 'level')} as a table</summary>
      <div className="figures-box">
        <table className="figures-table">
          <thead>
            <tr>
              <th scope="col">Level</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {steps.toReversed().map(({ from, to, level }) => (
              <tr key={from}>
                <th scope="row">{usd(level)}</th>
                <td className="words">
                  <Moment at={from} /> to <Moment at={to} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** "2 devices, of Ada and Grace"; more than three are a number. */
function who(devices: number, people: readonly string[]): string {
  const owners =
    people.length > 3 ? `${people.length} people` : new Intl.ListFormat('en', { type: 'conjunction' }).format(people)
  return `${count(devices, 'device')} of ${owners}`
}
