'use client'
import { Sheet } from './identity/sheet.tsx'

export default function Trouble({ reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <Sheet>
      <h1>The pool did not answer</h1>
      <p className="mt-4" role="alert">
        This page could not be drawn. Usually the pool is just starting again; accepted work is safe, and devices go on
        with what they hold.
      </p>
      <p className="mt-6">
        <button type="button" className="act" onClick={reset}>
          Try again
        </button>
      </p>
    </Sheet>
  )
}
