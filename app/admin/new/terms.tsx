'use client'
import { count } from '../../../components/words/count.ts'
import { promiseOf } from '../../../components/words/job.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import type { Trust } from '../../../protocol/api.ts'

const TRUSTS: readonly Trust[] = ['fast', 'normal', 'strict']

/** As `POST /jobs` has them. */
export interface JobTerms {
  readonly trust: Trust
  readonly priority: number
  readonly devices: 'all' | 'host'
}

/** How a job is treated: what it promises, when its turn comes, and who may see its input. */
export function Terms({
  kind,
  here,
  terms,
  onChange,
}: {
  readonly kind: AnyKind
  /** How many devices there are now. */
  readonly here: number
  readonly terms: JobTerms
  readonly onChange: (terms: JobTerms) => void
}) {
  const { trust, priority, devices } = terms
  return (
    <div className="mt-8 grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1.5fr)_minmax(19rem,1fr)]">
      <fieldset>
        <legend className="font-semibold">How sure must the result be?</legend>
        <div className="mt-2 grid gap-2 sm:grid-cols-3">
          {TRUSTS.map((one) => {
            const promise = promiseOf(one)
            return (
              <label key={String(one)} className="choice">
                <input
                  type="radio"
                  name="trust"
                  checked={trust === one}
                  onChange={() => onChange({ ...terms, trust: one })}
                />
                <span>
                  <strong className="font-semibold">{promise.name}</strong>
                  <span className="block text-small text-quiet">{promise.short}</span>
                </span>
              </label>
            )
          })}
        </div>
      </fieldset>
      <div className="grid content-start gap-6">
        {kind.input ? (
          <fieldset>
            <legend className="font-semibold">Who may see the input?</legend>
            <label className="choice mt-2">
              <input
                type="radio"
                name="place"
                checked={devices === 'all'}
                onChange={() => onChange({ ...terms, devices: 'all' })}
              />
              <span>{sentWords(kind.input, here)}</span>
            </label>
            <label className="choice mt-2">
              <input
                type="radio"
                name="place"
                checked={devices === 'host'}
                onChange={() => onChange({ ...terms, devices: 'host' })}
              />
              <span>Keep it on the host, which then computes alone.</span>
            </label>
          </fieldset>
        ) : null}
        <label>
          <span className="font-semibold">Priority</span>
          <span className="figures ml-2">{priority > 0 ? `+${priority}` : priority}</span>
          <input
            type="range"
            className="range"
            min={-10}
            max={10}
            step={1}
            value={priority}
            onChange={(event) => onChange({ ...terms, priority: Number(event.target.value) })}
          />
          <span className="block text-small text-quiet">Higher goes first; equal ones share the devices.</span>
        </label>
      </div>
    </div>
  )
}

/** "Pieces of this file are sent to the 14 devices here." */
function sentWords({ use, noun }: NonNullable<AnyKind['input']>, devices: number): string {
  const sent = use === 'sliced' ? `Pieces of this ${noun} are sent` : `This ${noun} is sent`
  if (devices === 0) return `${sent} to the devices that come.`
  return `${sent} to the ${devices === 1 ? 'one device' : count(devices, 'device')} here.`
}
