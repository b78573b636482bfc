import type { Case, Contributor, Job } from './job-state.ts'
import { save } from './save.ts'
import { accepted } from './settle.ts'
import { type PoolState, voiceOf } from './state.ts'
import { deciderOf, isDecided } from './tasks.ts'

/** The admin takes what is there: every case is decided by what most said, or who was first. */
export function acceptUnchecked(state: PoolState, job: Job): void {
  const { id } = job.spec
  for (const [from, to] of runsOfSame(state, job)) {
    const of = job.cases.get(from)
    if (!of) continue
    const decided = isDecided(job.tasks, from)
    const winner = winnerOf(state, job, from, of)
    for (const loser of decided ? of.opinions.map(({ by }) => by) : losers(of, winner)) {
      const because = 'The admin accepted another result unchecked.'
      save(state, job, { type: 'resultsRevoked', job: id, from, to, device: loser.device.id, because })
    }
    save(state, job, { type: 'tasksDecided', job: id, from, to, device: winner.device.id, how: 'unchecked' })
    if (!decided) accepted(state, id, from, to, winner.device, null)
  }
}

/** Undisputed neighbours with the same word form one run; a disputed task stands alone. */
function runsOfSame(state: PoolState, job: Job): [number, number][] {
  const found: [number, number][] = []
  let word = ''
  for (const [task, of] of [...job.cases].sort(([a], [b]) => a - b)) {
    const decided = isDecided(job.tasks, task)
    const disputed = of.opinions.length + (decided ? 1 : 0) > 1
    const now = disputed ? `! ${task}` : `${decided} ${winnerOf(state, job, task, of).index}`
    const last = found.at(-1)
    if (last && last[1] === task && now === word) last[1] = task + 1
    else found.push([task, task + 1])
    word = now
  }
  return found
}

function winnerOf(state: PoolState, job: Job, task: number, of: Case): Contributor {
  if (isDecided(job.tasks, task)) return job.contributors[deciderOf(job.tasks, task)] as Contributor
  let best: Contributor | null = null
  let most = 0
  for (const opinion of of.opinions) {
    const same = of.opinions.filter(({ high, low }) => high === opinion.high && low === opinion.low)
    const voices = new Set(same.map(({ by }) => voiceOf(state, by.device))).size
    if (voices > most) {
      most = voices
      best = opinion.by
    }
  }
  return best as Contributor
}

function losers(of: Case, winner: Contributor): Contributor[] {
  const own = of.opinions.find(({ by }) => by === winner)
  return of.opinions.filter(({ high, low }) => high !== own?.high || low !== own.low).map(({ by }) => by)
}
