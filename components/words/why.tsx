import { type ReactNode, useId } from 'react'

/** The question that may be asked of every number that could be doubted. Answers without any script. */
export function Why({ about, children }: { readonly about: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <>
      <button type="button" popoverTarget={id} className="why no-print">
        why?<span className="sr-only"> About {about}</span>
      </button>
      <span id={id} popover="auto" className="why-answer">
        {children}
      </span>
    </>
  )
}
