import type { Metadata } from 'next'
import Link from 'next/link'
import { connection } from 'next/server'
import { Sheet } from './identity/sheet.tsx'

export const metadata: Metadata = { title: 'Not here' }

/** Drawn per request: the page's policy lets run only what carries this request's nonce. */
export default async function NotFound() {
  await connection()
  return (
    <Sheet>
      <h1>Nothing at this depth</h1>
      <p className="mt-4">
        This page is not in the pool. If it was a job, it has been deleted, or a letter of its address is missing.
      </p>
      <p className="mt-6 flex flex-wrap gap-3">
        <Link href="/" className="act">
          What the pool computes now
        </Link>
        <Link href="/jobs" className="do">
          All jobs
        </Link>
      </p>
    </Sheet>
  )
}
