'use client'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { FileView } from '../../../protocol/api.ts'

/** Takes files: from the button, or dropped anywhere on the page. */
export function DropArea({
  onFiles,
  children,
}: {
  readonly onFiles: (files: readonly File[]) => void
  readonly children: ReactNode
}) {
  const input = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState('')
  const take = (files: readonly File[], folders: boolean) => {
    setWords(folders ? 'A folder cannot be brought in. Choose the files in it.' : '')
    if (files.length > 0) onFiles(files)
  }
  const over = useDrop(take)
  return (
    <div className="drop-area mt-6" data-over={over || undefined}>
      <p>{children}</p>
      <p className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="button" className="act" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <span className="drop-hint text-small text-quiet">or drop them anywhere on this page</span>
      </p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={(event) => {
          take([...(event.target.files ?? [])], false)
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
      {words ? (
        <p role="alert" className="mt-3 text-bad">
          {words}
        </p>
      ) : null}
      {over ? (
        <div className="drop-sheet" aria-hidden="true">
          <p>Let go to bring it in</p>
        </div>
      ) : null}
    </div>
  )
}

/** True while files hang over the page. */
function useDrop(take: (files: readonly File[], folders: boolean) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    // Every element that is entered and left says so; the page is left when all are.
    let depth = 0
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!carries(event)) return
      event.preventDefault()
      depth++
      setOver(true)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const hover = (event: DragEvent) => {
      if (carries(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      if (!carries(event)) return
      event.preventDefault()
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => ({
        folder: item.webkitGetAsEntry()?.isDirectory ?? false,
        file: item.getAsFile(),
      }))
      const files = entries.flatMap(({ folder, file }) => (file && !folder ? [file] : []))
      latest.current(
        files,
        entries.some(({ folder }) => folder),
      )
    }
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop }
    for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener as EventListener)
    return () => {
      for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener as EventListener)
    }
  }, [])
  return over
}

export interface HostFolder {
  readonly path: string
  readonly files: readonly string[]
}

/** Takes a file that is on the pool's own disk, or says how that can be allowed. */
export function HostFile({ folder, look }: { readonly folder: HostFolder | null; readonly look: () => void }) {
  return (
    <section className="mt-12" aria-labelledby="host-file">
      <h2 id="host-file">Already on the host?</h2>
      {folder ? (
        <Form folder={folder} look={look} />
      ) : (
        <p className="mt-1">
          Start the pool with <code>POOL_FILES_DIR=/some/folder npm start</code>, and every file below that folder can
          be taken in from here without being sent.
        </p>
      )}
    </section>
  )
}

/** @param look asks what is on its way: when it begins, and when it has ended */
function Form({ folder, look }: { readonly folder: HostFolder; readonly look: () => void }) {
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
    look()
    const answer = await asked
    setBusy(false)
    look()
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
