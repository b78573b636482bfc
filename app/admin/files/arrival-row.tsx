import type { ReactNode } from 'react'
import { PeopleBar } from '../../people/bar.tsx'

/** One thing on its way: its name, how far it is, what is said of it and what can be done. */
export function ArrivalRow({
  name,
  done,
  bad = false,
  words,
  children,
}: {
  readonly name: string
  /** 0…1; absent where nothing moves any more. */
  readonly done?: number
  readonly bad?: boolean
  readonly words: ReactNode
  readonly children: ReactNode
}) {
  return (
    <li className="py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-72">
          <p className="file-name font-semibold">{name}</p>
          {done === undefined ? null : (
            <div className="mt-2">
              <PeopleBar done={done} parts={[]} label={`How much of ${name} is here`} />
            </div>
          )}
          <p className={`mt-1 text-small ${bad ? 'text-bad' : 'text-quiet'}`} role={bad ? 'alert' : undefined}>
            {words}
          </p>
        </div>
        <div className="no-print flex flex-wrap gap-2">{children}</div>
      </div>
    </li>
  )
}
