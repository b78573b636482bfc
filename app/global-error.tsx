'use client'
import './globals.css'

/** Where even the frame around the pages could not be drawn. */
export default function GlobalTrouble({ reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>The pool did not answer · PoolParty</title>
        <main className="mx-auto max-w-4xl px-5 py-16">
          <h1>The pool did not answer</h1>
          <p className="mt-4">Usually it is just starting again; accepted work is safe.</p>
          <p className="mt-6">
            <button type="button" className="act" onClick={reset}>
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  )
}
