import type { ReactNode } from 'react'

/** The question that may be asked of every number that could be doubted. */
export function Why({ about, children }: { readonly about: string; readonly children: ReactNode }) {
  return (
    <details className="why">
      <summary>
        why?<span className="sr-only"> About {about}</span>
      </summary>
      <p>{children}</p>
    </details>
  )
}
