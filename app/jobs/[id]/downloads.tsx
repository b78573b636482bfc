import type { JobView } from '../../../protocol/api.ts'
import { bytes } from '../../words/count.ts'

export function Downloads({
  job,
  formats,
}: {
  readonly job: JobView
  readonly formats: { readonly result: string; readonly raw: string; readonly csv: boolean }
}) {
  const at = `/api/v1/jobs/${job.id}/result`
  return (
    <p className="no-print mt-5 flex flex-wrap gap-3">
      <a className="act" href={at} download>
        Download {formats.result.toUpperCase()}
      </a>
      {formats.csv ? (
        <a className="do" href={`${at}?format=csv`} download>
          Table as CSV
        </a>
      ) : null}
      <a className="do" href={`${at}?format=raw`} download>
        Raw data, {bytes(job.outputBytes)}
      </a>
    </p>
  )
}
