import type { ColumnResult } from '../shapes.ts'

type Figures = Pick<ColumnResult, 'min' | 'max' | 'mean' | 'stddev'>

/** A column at a glance, from its lowest to its highest value: the mean, and one and two standard deviations around it. */
export function Strip({ figures: { min, max, mean, stddev } }: { readonly figures: Figures }) {
  if (min === null || max === null || mean == null || stddev == null || max === min)
    return <span className="csv-strip" />
  const at = (value: number) => Math.min(100, Math.max(0, (100 * (value / 2 - min / 2)) / (max / 2 - min / 2)))
  const around = (deviations: number) => {
    const left = at(mean - deviations * stddev)
    return { left: `${left}%`, width: `${at(mean + deviations * stddev) - left}%` }
  }
  return (
    <span className="csv-strip">
      <i data-part="two" style={around(2)} />
      <i data-part="one" style={around(1)} />
      <i data-part="mean" style={{ left: `${at(mean)}%` }} />
    </span>
  )
}
