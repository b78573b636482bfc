import { Why } from '../../../components/controls/inline.tsx'
import { brief, count, percent } from '../../../components/words/count.ts'
import { took } from '../../../components/words/dates.ts'
import { progressOf } from '../../../components/words/job.ts'
import type { ContributionView, JobView } from '../../../protocol/api.ts'
import { hueStyle, PeopleBar, Person } from '../../people/people.tsx'

/** As many as a person reads at once; the rest is behind one line. */
const SHOWN = 8
const MOST = 500
/** Finer parts of the bar could not be told apart. */
const COLOURED = 30

interface Who {
  readonly id: string
  readonly name: string
  readonly share: number
  readonly credit: number
  readonly tasks: number
  readonly computeMs: number
  readonly devices: number
}

/** A volunteer's devices are one line. */
function people(shares: readonly ContributionView[]): readonly Who[] {
  const all = new Map<string, Who>()
  for (const { volunteer, tasks, credit, share, computeMs } of shares) {
    const one = all.get(volunteer.id)
    all.set(volunteer.id, {
      id: volunteer.id,
      name: volunteer.name,
      share: (one?.share ?? 0) + share,
      credit: (one?.credit ?? 0) + credit,
      tasks: (one?.tasks ?? 0) + tasks,
      computeMs: (one?.computeMs ?? 0) + computeMs,
      devices: (one?.devices ?? 0) + 1,
    })
  }
  return [...all.values()].sort((a, b) => b.credit - a.credit)
}

/** Who did what percentage. */
export function Parts({
  job,
  shares,
  chosen,
  onChoose,
}: Choosing & { readonly job: JobView; readonly shares: readonly ContributionView[] }) {
  const all = people(shares)
  return (
    <section className="mt-8" aria-label="Who did what">
      <h2>
        Who did what{' '}
        <span className="font-normal text-quiet">
          {all.length > 0 ? `· ${count(all.length, 'person', 'people')}` : ''}
        </span>
      </h2>
      <div className="mt-3">
        <PeopleBar done={progressOf(job)} parts={all.slice(0, COLOURED)} label={`Progress of ${job.title}`} />
      </div>
      {all.length === 0 ? (
        <p className="mt-3 text-quiet">Nothing is accepted yet. The first name appears with the first task.</p>
      ) : null}
      <Lines people={all.slice(0, SHOWN)} chosen={chosen} onChoose={onChoose} />
      {all.length > SHOWN ? (
        <details>
          <summary className="py-2 text-small font-semibold">
            And {count(all.length - SHOWN, 'more person', 'more people')}
          </summary>
          <Lines people={all.slice(SHOWN, MOST)} chosen={chosen} onChoose={onChoose} />
        </details>
      ) : null}
      {all.length > 0 ? (
        <p className="mt-3 text-small text-quiet">
          {count(job.credit, 'credit')} earned
          {job.pendingCredit > 0 ? `, ${brief(job.pendingCredit)} waiting for a second device to agree` : ''}.{' '}
          <Why about="credit">
            Credit is priced from the accepted work itself, never from what a device claims about its effort. Shares are
            of this job’s credit, so a person with the hard tiles has more than one with as many easy ones.
          </Why>
        </p>
      ) : null}
    </section>
  )
}

interface Choosing {
  readonly chosen: string | null
  /** Shows a person's tiles in the picture. */
  readonly onChoose: ((id: string | null) => void) | undefined
}

function Lines({ people: some, chosen, onChoose }: { readonly people: readonly Who[] } & Choosing) {
  return (
    <ol className="rows mt-2">
      {some.map((who) => (
        <li key={who.id}>
          <Line who={who} chosen={chosen === who.id} onChoose={onChoose} />
        </li>
      ))}
    </ol>
  )
}

function Line({ who, chosen, onChoose }: Pick<Choosing, 'onChoose'> & { readonly who: Who; readonly chosen: boolean }) {
  const what = (
    <span className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
      <Person id={who.id} name={who.name} />
      <data value={who.share} className="figures text-right">
        {percent(who.share)}
      </data>
      <span className="text-small text-quiet">
        {count(who.tasks, 'task')}
        {who.devices > 1 ? ` on ${count(who.devices, 'device')}` : ''}, {took(who.computeMs)} of computing
      </span>
    </span>
  )
  if (!onChoose) return <div className="py-2.5">{what}</div>
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title="Show these tiles in the picture"
      className="person-line block w-full rounded-lg py-2.5 text-left aria-pressed:bg-ink/8 aria-pressed:px-3 hover:bg-ink/5"
      style={hueStyle(who.id)}
      onClick={() => onChoose(chosen ? null : who.id)}
    >
      {what}
    </button>
  )
}
