'use client'
import { useState } from 'react'
import { AskButton } from '../../components/controls/ask-button.tsx'
import { count } from '../../components/words/count.ts'

/** The machine the pool runs on computes too, unless it is told not to. */
export function Host({ initial }: { readonly initial: { readonly working: boolean; readonly threads: number } }) {
  const [working, setWorking] = useState(initial.working)
  return (
    <section className="mt-10">
      <h2>This machine</h2>
      <p className="mt-1">
        {working
          ? `The host computes too, with ${count(initial.threads, 'thread')}. It is trusted, and gives the second opinion where nobody else can.`
          : 'The host only coordinates. Where nobody independent is there to check a result, jobs will wait.'}
      </p>
      <p className="mt-3">
        <AskButton method="PATCH" path="host" body={{ working: !working }} onDone={() => setWorking(!working)}>
          {working ? 'Stop computing here' : 'Compute here too'}
        </AskButton>
      </p>
    </section>
  )
}
