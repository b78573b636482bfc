import type { JobView } from '../../protocol/api.ts'

/** A job's picture so far, small. It changes its address with every tenth of progress, so that it is fetched again then. */
export function Thumb({ job, pictured }: { readonly job: JobView; readonly pictured: boolean }) {
  const tenth = Math.floor((10 * job.tasksDone) / Math.max(1, job.taskCount))
  return (
    <div className="h-20 w-28 shrink-0 overflow-hidden rounded-xl bg-ink/8 sm:h-24 sm:w-36">
      {pictured && job.tasksDone > 0 ? (
        // biome-ignore lint/performance/noImgElement: a preview is made on the fly, there is nothing to optimise
        <img
          src={`/api/v1/jobs/${job.id}/preview?at=${tenth}`}
          alt=""
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
          onError={(event) => {
            event.currentTarget.style.visibility = 'hidden'
          }}
        />
      ) : null}
    </div>
  )
}
