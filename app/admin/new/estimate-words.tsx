'use client'
import { useEffect, useState } from 'react'
import type { AnyKind } from '../../../jobs/define.ts'
import type { Estimate } from '../../../protocol/api.ts'
import { ask } from '../../rest/ask.ts'
import { count } from '../../words/count.ts'
import { roughly } from '../../words/duration.ts'

/** A hand still moving is not asked about. */
const SETTLE_MS = 350

/** "About 3 minutes with the 14 devices here", asked again whenever the params have settled. */
export function EstimateWords({ kind, params }: { readonly kind: AnyKind; readonly params: unknown }) {
  const [estimate, setEstimate] = useState<Estimate | null>(null)
  const text = JSON.stringify(params)
  useEffect(() => {
    let over = false
    const timer = setTimeout(async () => {
      const answer = await ask<Estimate>('POST', 'estimate', { kind: kind.id, params: JSON.parse(text) })
      if (!over) setEstimate(answer.type === 'ok' ? answer.value : null)
    }, SETTLE_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [kind, text])
  return (
    <>
      <p className="truncate font-semibold">{kind.title(params)}</p>
      <p className="text-small text-quiet">{estimate ? sentence(estimate) : 'Estimating.'}</p>
    </>
  )
}

function sentence({ taskCount, seconds, devices }: Estimate): string {
  const tasks = count(taskCount, 'task')
  if (devices === 0) return `${tasks}. No device is here yet; it waits for the first.`
  const here = devices === 1 ? 'the one device here' : `the ${count(devices, 'device')} here`
  if (seconds === undefined) return `${tasks} for ${here}. How long it takes is known once a few are done.`
  const long = roughly(seconds)
  return `${long.charAt(0).toUpperCase()}${long.slice(1)} with ${here}, in ${tasks}.`
}
