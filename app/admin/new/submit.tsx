'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import type { JobView, Trust } from '../../../protocol/api.ts'
import { KindPicture, PreviewOf } from '../../preview/kind-picture.tsx'
import { views } from '../../views.ts'
import { EstimateWords } from './estimate-words.tsx'
import { JsonEditor } from './json-editor.tsx'
import { Terms } from './terms.tsx'
import { problemsOf, useEstimate } from './use-estimate.ts'

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
  const [trust, setTrust] = useState<Trust>('normal')
  const [priority, setPriority] = useState(0)
  const [place, setPlace] = useState<'all' | 'host'>('all')
  const [refusal, setRefusal] = useState<{
    readonly params: unknown
    readonly words: string
    readonly at: ReadonlyMap<string, string>
  } | null>(null)
  const [busy, setBusy] = useState(false)

  const parsed = useMemo(() => kind.schema.safeParse(params), [kind, params])
  const estimated = useEstimate(kind, parsed.success ? parsed.data : undefined, place)
  const problems = useMemo((): ReadonlyMap<string, string> => {
    if (refusal && refusal.params === params && refusal.at.size > 0) return refusal.at
    if (parsed.success) return estimated.type === 'refused' ? estimated.problems : new Map()
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
    const answer = await ask<JobView>('POST', 'jobs', {
      kind: kind.id,
      params: parsed.data,
      trust,
      priority,
      devices: place,
    })
    if (answer.type === 'ok') return router.push(`/jobs/${answer.value.id}`)
    setBusy(false)
    setRefusal({ params, words: answer.words, at: problemsOf(answer.errors) })
  }

  return (
    <form onSubmit={run} className="mt-8" noValidate>
      <PreviewOf kind={kind}>
        <Editor initial={initial} onChange={onChange} problems={problems} Picture={KindPicture} />
      </PreviewOf>
      <Terms
        kind={kind}
        devices={devices}
        trust={trust}
        onTrust={setTrust}
        priority={priority}
        onPriority={setPriority}
        place={place}
        onPlace={setPlace}
      />
      <div className="run-bar">
        <div className="min-w-0 grow" role="status">
          {parsed.success ? (
            <EstimateWords title={kind.title(parsed.data)} of={estimated} place={place} />
          ) : (
            <p className="text-bad">{[...problems.values()][0] ?? 'Something is missing.'}</p>
          )}
          {refusal && refusal.params === params && !(estimated.type === 'refused' && parsed.success) ? (
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
