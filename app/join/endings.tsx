import { count } from '../../components/words/count.ts'
import type { VolunteerState } from '../../workers/state.ts'
import { Word } from './word.tsx'

export function Bye({ state }: { readonly state: VolunteerState | null }) {
  const kept = state?.tasksKept ?? 0
  return (
    <div className="mx-auto max-w-lg">
      <h1>Stopped</h1>
      <p className="mt-4">
        {kept > 0
          ? `Thank you. ${count(kept, 'task')} were computed by this device, and nothing of them is lost.`
          : 'Thank you for stopping by. Nothing was running any more.'}
      </p>
      <p className="mt-6">
        <button type="button" data-volunteer="start" className="act w-full sm:w-auto">
          Start again
        </button>
      </p>
    </div>
  )
}

export function Elsewhere() {
  return (
    <div className="mx-auto max-w-lg">
      <h1>Another tab computes</h1>
      <p className="mt-4">This browser works for the pool in another tab, and a browser is one device.</p>
      <p className="mt-6">
        <button type="button" data-volunteer="move" className="act w-full sm:w-auto">
          Move the work here
        </button>
      </p>
    </div>
  )
}

export function Refused({ state }: { readonly state: VolunteerState | null }) {
  const key = state?.status === 'refused' && state.reason === 'key'
  const again = state?.status === 'refused' && (state.reason === 'removed' || state.reason === 'invalid')
  return (
    <div className="mx-auto max-w-lg">
      <h1>{key ? 'This pool asks for a key' : 'This device cannot take part'}</h1>
      <p className="mt-4" role="alert">
        <Word is="headline">{state?.headline ?? 'This device cannot take part right now.'}</Word>
      </p>
      {key ? (
        <p className="mt-2">
          Scan the code on the big screen again, or ask for the whole link: the key is its last part.
        </p>
      ) : null}
      {again ? (
        <p className="mt-6">
          <button type="button" data-volunteer="start" className="do">
            Try again
          </button>
        </p>
      ) : null}
    </div>
  )
}
