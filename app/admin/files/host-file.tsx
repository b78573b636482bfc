'use client'
import { type FormEvent, useId, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { FileView } from '../../../protocol/api.ts'

/** Takes a file that is on the pool's own disk, or says how that can be allowed. */
export function HostFile({
  folder,
  onBegin,
  onTaken,
}: {
  readonly folder: { readonly path: string; readonly files: readonly string[] } | null
  readonly onBegin: () => void
  readonly onTaken: () => void
}) {
  return (
    <section className="mt-12" aria-labelledby="host-file">
      <h2 id="host-file">Already on the host?</h2>
      {folder ? (
        <Form folder={folder} onBegin={onBegin} onTaken={onTaken} />
      ) : (
        <p className="mt-1">
          Start the pool with <code>POOL_FILES_DIR=/some/folder npm start</code>, and every file below that folder can
          be taken in from here without being sent.
        </p>
      )}
    </section>
  )
}

function Form({
  folder,
  onBegin,
  onTaken,
}: {
  readonly folder: { readonly path: string; readonly files: readonly string[] }
  readonly onBegin: () => void
  readonly onTaken: () => void
}) {
  const id = useId()
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<{ readonly bad: boolean; readonly words: string } | null>(null)
  const take = async (event: FormEvent) => {
    event.preventDefault()
    if (path.trim() === '')
      return setSaid({ bad: true, words: 'Which file? Write its name, or its path below the folder.' })
    setBusy(true)
    setSaid(null)
    const asked = ask<FileView>('POST', 'files', { path: path.trim() })
    onBegin()
    const answer = await asked
    setBusy(false)
    onTaken()
    if (answer.type === 'ok') setPath('')
    setSaid(
      answer.type === 'ok'
        ? { bad: false, words: `${answer.value.name} is here.` }
        : { bad: true, words: answer.words },
    )
  }
  const bad = said?.bad ?? false
  return (
    <form onSubmit={take} className="mt-1" noValidate>
      <label htmlFor={id}>
        A file below <code>{folder.path}</code>
      </label>
      <div className="mt-2 flex flex-wrap gap-3">
        <input
          id={id}
          className="field figures min-w-0 grow basis-64"
          list={`${id}-files`}
          value={path}
          spellCheck={false}
          autoComplete="off"
          placeholder={folder.files[0] ?? 'prices.csv'}
          aria-invalid={bad}
          aria-describedby={`${id}-said`}
          onChange={(event) => setPath(event.target.value)}
        />
        <datalist id={`${id}-files`}>
          {folder.files.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" className="do" disabled={busy}>
          {busy ? 'Importing' : 'Import'}
        </button>
      </div>
      <p id={`${id}-said`} role="status" className={`mt-1 min-h-[1.5em] text-small ${bad ? 'text-bad' : 'text-quiet'}`}>
        {said?.words}
      </p>
    </form>
  )
}
