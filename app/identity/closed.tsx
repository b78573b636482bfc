import Link from 'next/link'
import { Sheet } from './sheet.tsx'

/** Where a pool key is needed and this browser has shown none. */
export function Closed({ next = '/admin' }: { readonly next?: string }) {
  return (
    <Sheet>
      <h1>This pool asks for a key</h1>
      <p className="mt-4">
        Scan the code on its big screen, or open the whole link you were given: the key is its last part. After that
        this browser is known here.
      </p>
      <p className="mt-6">
        <Link href={next === '/admin' ? next : `/admin?next=${next}`} prefetch={false} className="do">
          I run this pool
        </Link>
      </p>
    </Sheet>
  )
}
