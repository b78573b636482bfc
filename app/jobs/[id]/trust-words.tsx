import { priceOf, promiseOf } from '../../../components/words/trust.ts'
import { Why } from '../../../components/words/why.tsx'
import type { JobView } from '../../../protocol/api.ts'

/** What this job promises about wrong results, and what that costs. */
export function TrustWords({ job }: { readonly job: JobView }) {
  const promise = promiseOf(job.trust)
  return (
    <section className="mt-8">
      <h2>Can it be trusted?</h2>
      <p className="mt-1">
        {promise.name}: {promise.short} <Why about="this promise">{promise.how}</Why>
      </p>
      <p className="mt-1 text-small text-quiet">
        {priceOf(job)}
        {job.devices === 'host' ? ' It stays on the host: no other device sees any of it.' : ''}
      </p>
    </section>
  )
}
