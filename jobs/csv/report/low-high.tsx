'use client'
import { Copy } from '../../../components/controls/inline.tsx'
import { whole } from '../../../components/words/count.ts'
import type { Column, Extreme } from './columns.ts'
import { RowLine } from './rows.tsx'
import { counted, exact, moment } from './words.tsx'

export type Asked = 'low' | 'high'

const WORDS: Readonly<Record<Asked, string>> = { low: 'Low price', high: 'High price' }
/** More would no longer be read large. */
const LARGE = 4

/** The question this all began with: what was the low, what was the high price, and when. */
export function LowHigh({
  prices,
  found,
  asked,
  onAsk,
  job,
}: {
  readonly prices: readonly Column[]
  readonly found: readonly Extreme[]
  readonly asked: Asked | null
  readonly onAsk: (asked: Asked | null) => void
  /** Of whose file the rows are shown; null: of none. */
  readonly job: string | null
}) {
  if (prices.length === 0) return null
  return (
    <section className="mt-6" aria-label="Low and high price">
      <div className="flex flex-wrap gap-3">
        {(['low', 'high'] as const).map((which) => (
          <button
            key={which}
            type="button"
            className="do aria-pressed:bg-ink aria-pressed:text-water"
            aria-pressed={asked === which}
            onClick={() => onAsk(asked === which ? null : which)}
          >
            {WORDS[which]}
          </button>
        ))}
      </div>
      <div aria-live="polite">
        {asked ? (
          <ul className="arrived mt-4 flex flex-wrap gap-x-12 gap-y-6">
            {found.slice(0, LARGE).map(({ name, label, value, row, time }) => (
              <li key={name} className="min-w-0 max-w-full sm:max-w-xl">
                <p className="text-small text-quiet">
                  {WORDS[asked]}, <bdi>{label}</bdi>
                </p>
                <p className="figures text-title leading-tight font-semibold wrap-anywhere">
                  <Copy text={String(value)}>{exact(value)}</Copy>
                </p>
                <p className="figures text-small">
                  row {whole(row)}
                  {time === null ? '' : `, ${moment(time)}`}
                </p>
                {job ? <RowLine job={job} row={row} /> : null}
              </li>
            ))}
          </ul>
        ) : null}
        {asked && found.length > LARGE ? (
          <p className="mt-3 text-small text-quiet">
            {counted(found.length - LARGE, 'more column')} in the table below.
          </p>
        ) : null}
      </div>
    </section>
  )
}
