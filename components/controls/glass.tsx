import type { JobStatus } from '../../protocol/ids.ts'

/** A job's state as a small glass of water: how full it is, and by its shape what became of it. */
export function Glass({ status, done }: { readonly status: JobStatus; readonly done: number }) {
  const level = 20 - 16 * (status === 'done' ? 1 : done)
  return (
    <svg viewBox="0 0 24 24" className="size-6 shrink-0" aria-hidden="true">
      <clipPath id={`level-${Math.round(level * 10)}`}>
        <rect x="0" y={level} width="24" height="24" />
      </clipPath>
      <circle cx="12" cy="12" r="8" clipPath={`url(#level-${Math.round(level * 10)})`} fill="var(--light)" />
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2" />
      <path
        d={SIGNS[status]}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

const SIGNS: Readonly<Record<JobStatus, string>> = {
  queued: '',
  running: '',
  paused: 'M10 9v6M14 9v6',
  done: 'M8.5 12.2l2.4 2.4 4.6-5',
  failed: 'M9.5 9.5l5 5M14.5 9.5l-5 5',
  cancelled: 'M8.5 12h7',
}
