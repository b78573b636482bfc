'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'

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
