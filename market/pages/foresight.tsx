'use client'
import { Why } from '../../components/controls/inline.tsx'
import { change, interval, percent, usd } from '../../components/words/count.ts'
import { Moment } from '../../components/words/time.tsx'
import type { DeskState } from '../desk/desk.ts'
import type { Accuracy } from '../desk/foresight.ts'
import { chanceAbove } from '../desk/foresight.ts'
import { PriceField } from './alarms.tsx'

/** What the model says of two minutes from now, and how good it was at that. */
export function Foresight({ state, accuracy }: { readonly state: DeskState; readonly accuracy: Accuracy }) {
  const { prediction, price, model } = state
  return (
    <section aria-label="Two-minute prediction">
      <h2>In two minutes</h2>
      <p className="desk-figure">
        {prediction === null ? 'Two prices are needed first' : usd(prediction)}{' '}
        {prediction !== null && price !== null ? (
          <span className="text-small text-quiet">{change(prediction - price)}</span>
        ) : null}
      </p>
      <p className="text-small text-quiet">
        {accuracy.count === 0 || accuracy.mae === null
          ? 'How good this is will be known when the first two minutes have passed.'
          : `Its last ${accuracy.count} were off by ${usd(accuracy.mae)} on average, and nearer than “no change” in ${interval(accuracy.better)}.`}{' '}
        <Why about="the prediction">
          A straight line is fitted by least squares to the{' '}
          {model ? (
            <>
              {model.points} prices since <Moment at={model.since} />
            </>
          ) : (
            'prices so far'
          )}{' '}
          and read 120 seconds ahead; it changes with every price. Each prediction is compared with the first price at
          or after its time, and left out if that comes more than a minute late.
        </Why>
      </p>
    </section>
  )
}

/** A level of one's own, and the chance that the price lies above it in two minutes. */
export function Setpoint({
  setpoint,
  prediction,
  errors,
  onChange,
}: {
  readonly setpoint: number | null
  readonly prediction: number | null
  readonly errors: readonly number[]
  readonly onChange: (setpoint: number | null) => void
}) {
  const chance = setpoint === null || prediction === null ? null : chanceAbove(setpoint, prediction, errors)
  return (
    <section aria-label="Setpoint" className="mt-8">
      <h2>Setpoint</h2>
      <div className="mt-2 max-w-60">
        <PriceField label="Click on the chart, or type, in USD" value={setpoint} onChange={onChange} />
      </div>
      <p className="mt-2 min-h-12 text-small" data-chance={chance?.share ?? ''}>
        {setpoint === null ? (
          <span className="text-quiet">Your own line. It stays in this browser.</span>
        ) : chance === null ? (
          <span className="text-quiet">
            The chance needs 30 past predictions to be read from; there are {errors.length}.
          </span>
        ) : (
          <>
            <strong className="font-semibold">{percent(chance.share)}</strong> that the price then lies above{' '}
            {usd(setpoint)}{' '}
            <span className="text-quiet">
              ({percent(chance.low)} to {percent(chance.high)}, from {errors.length} past errors)
            </span>
          </>
        )}
      </p>
    </section>
  )
}
