'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useCallback, useMemo, useState } from 'react'
import type { AnyKind } from '../../../jobs/define.ts'
import type { JobView, Trust } from '../../../protocol/api.ts'
import { KindPicture, PreviewOf } from '../../preview/kind-picture.tsx'
import { ask } from '../../rest/ask.ts'
import { views } from '../../views.ts'
import { EstimateWords } from './estimate-words.tsx'
import { JsonEditor } from './json-editor.tsx'
import { Terms } from './terms.tsx'

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
  const problems = useMemo(() => {
    if (refusal && refusal.params === params && refusal.at.size > 0) return refusal.at
    if (parsed.success) return new Map<string, string>()
    return new Map(parsed.error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message]))
  }, [parsed, params, refusal])

  const Editor = views[kind.id]?.Editor ?? JsonEditor
  const onChange = useCallback((wish: unknown) => setParams(wish), [])

  const run = async (event: FormEvent) => {
    event.preventDefault()
    if (!parsed.success) return document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
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
    const at = new Map(answer.errors.map(({ path, message }) => [path.replace(/^params\.?/, ''), message]))
    setRefusal({ params, words: answer.words, at })
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
            <EstimateWords kind={kind} params={parsed.data} />
          ) : (
            <p className="text-bad">{[...problems.values()][0] ?? 'Something is missing.'}</p>
          )}
          {refusal && refusal.params === params ? (
            <p role="alert" className="text-bad">
              {refusal.words}
            </p>
          ) : null}
        </div>
        <button type="submit" className="act min-w-40" disabled={busy}>
          Run
        </button>
      </div>
    </form>
  )
}
