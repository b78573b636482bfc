'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { type Answer, ask } from '../../../components/rest/ask.ts'
import { useAsk, useSettled } from '../../../components/rest/use-ask.ts'
import { count } from '../../../components/words/count.ts'
import { roughly } from '../../../components/words/dates.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import type { Estimate, JobView } from '../../../protocol/api.ts'
import { KindPicture, PreviewOf } from '../../preview/kernel-picture.tsx'
import { views } from '../../views.ts'
import { JsonEditor } from './json-editor.tsx'
import { type JobTerms, Terms } from './terms.tsx'

/** One job before it runs: its kind's own editor, what it will take, and Run. Knows kinds only by their contract. */
export function Submit({
  kind,
  initial,
  devices,
}: {
  readonly kind: AnyKind
  readonly initial: unknown
  readonly devices: number
}) {
  const router = useRouter()
  const [params, setParams] = useState<unknown>(initial)
  const [terms, setTerms] = useState<JobTerms>({ trust: 'normal', priority: 0, devices: 'all' })
  const [refusal, setRefusal] = useState<{
    readonly params: unknown
    readonly words: string
    readonly at: ReadonlyMap<string, string>
  } | null>(null)
  const [busy, setBusy] = useState(false)

  const parsed = useMemo(() => kind.schema.safeParse(params), [kind, params])
  const estimated = useEstimate(kind, parsed.success ? parsed.data : undefined, terms.devices)
  const problems = useMemo((): ReadonlyMap<string, string> => {
    if (refusal && refusal.params === params && refusal.at.size > 0) return refusal.at
    if (parsed.success) return estimated?.type === 'refused' ? problemsOf(estimated.errors) : new Map()
    return new Map(parsed.error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message]))
  }, [parsed, params, refusal, estimated])

  const Editor = views[kind.id]?.Editor ?? JsonEditor
  const onChange = useCallback((wish: unknown) => setParams(wish), [])

  // Where the pool complains one wants to be.
  useEffect(() => {
    if (refusal) focusComplaint()
  }, [refusal])

  const run = async (event: FormEvent) => {
    event.preventDefault()
    if (!parsed.success) return focusComplaint()
    setBusy(true)
    const answer = await ask<JobView>('POST', 'jobs', { kind: kind.id, params: parsed.data, ...terms })
    if (answer.type === 'ok') return router.push(`/jobs/${answer.value.id}`)
    setBusy(false)
    setRefusal({ params, words: answer.words, at: problemsOf(answer.errors) })
  }

  return (
    <form onSubmit={run} className="mt-8" noValidate>
      <PreviewOf kind={kind}>
        <Editor initial={initial} onChange={onChange} problems={problems} Picture={KindPicture} />
      </PreviewOf>
      <Terms kind={kind} here={devices} terms={terms} onChange={setTerms} />
      <div className="run-bar">
        <div className="min-w-0 grow" role="status">
          {parsed.success ? (
            <EstimateWords title={kind.title(parsed.data)} estimated={estimated} place={terms.devices} />
          ) : (
            <p className="text-bad">{[...problems.values()][0] ?? 'Something is missing.'}</p>
          )}
          {refusal && refusal.params === params && !(estimated?.type === 'refused' && parsed.success) ? (
            <p role="alert" className="text-bad">
              {refusal.words}
            </p>
          ) : null}
        </div>
        <button type="submit" className="act min-w-40" disabled={busy}>
          {busy ? 'Starting' : 'Run'}
        </button>
      </div>
    </form>
  )
}

function focusComplaint(): void {
  document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

const SETTLE_MS = 350

type Estimated = Answer<Estimate> | undefined

/** What the pool says of params that the schema accepts, asked again whenever they have settled. */
function useEstimate(kind: AnyKind, params: unknown, place: JobTerms['devices']): Estimated {
  const text = params === undefined ? '' : JSON.stringify({ kind: kind.id, params, devices: place })
  const body = useSettled(text, () => SETTLE_MS)
  const { answer, about } = useAsk<Estimate>(body === '' ? null : 'estimate', { body, keep: true })
  // What was said of another kind is not said of this one.
  return answer && JSON.parse(about).kind === kind.id ? answer : undefined
}

/** Messages of the pool by path within the params. */
function problemsOf(errors: (Answer<never> & { type: 'refused' })['errors']): ReadonlyMap<string, string> {
  return new Map(errors.map(({ path, message }) => [path.replace(/^params\.?/, ''), message]))
}

/** "About 3 minutes with the 14 devices here", or why it cannot run. */
function EstimateWords({
  title,
  estimated,
  place,
}: {
  readonly title: string
  readonly estimated: Estimated
  readonly place: JobTerms['devices']
}) {
  return (
    <>
      <p className="truncate font-semibold">{title}</p>
      {estimated?.type === 'refused' ? (
        <p className="text-small text-bad">{estimated.words}</p>
      ) : (
        <p className="text-small text-quiet">{estimated ? sentence(estimated.value, place) : 'Estimating.'}</p>
      )}
    </>
  )
}

function sentence({ taskCount, seconds, devices, passSeconds }: Estimate, place: JobTerms['devices']): string {
  if (taskCount === undefined) {
    const pass = passSeconds === undefined ? '' : `, ${roughly(passSeconds)}`
    return `The host first reads all of it once${pass}. How much there is to do is known then.`
  }
  const tasks = count(taskCount, 'task')
  if (devices === 0) {
    return place === 'host'
      ? `${tasks}. The host does not compute right now; it waits until it does.`
      : `${tasks}. No device is here yet; it waits for the first.`
  }
  const here =
    place === 'host' ? 'the host alone' : devices === 1 ? 'the one device here' : `the ${count(devices, 'device')} here`
  if (seconds === undefined) return `${tasks} for ${here}. How long it takes is known once a few are done.`
  const long = roughly(seconds)
  return `${long.charAt(0).toUpperCase()}${long.slice(1)} with ${here}, in ${tasks}.`
}
