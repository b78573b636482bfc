import type { Case, Contributor, Job } from './job-state.ts'
import { save } from './save.ts'
import { accepted } from './settle.ts'
import type { PoolState } from './state.ts'
import { deciderOf, isDecided } from './tasks.ts'

const LOST = 'The admin accepts results unchecked, and the bytes of this one are not kept: it is computed again.'

/**
 * The admin takes what is there: every case is decided by what most said, or who was first. Where the bytes of that went
 * with somebody who was caught, the task is computed again.
 */
export function acceptUnchecked(state: PoolState, job: Job): void {
  const { id } = job.spec
  for (const [from, to] of runsOfSame(job)) {
    const of = job.cases.get(from)
    if (!of) continue
    const decided = isDecided(job.tasks, from)
    const winner = winnerOf(job, from, of)
    if (!winner) {
      for (const { by } of [...of.opinions])
        save(state, job, { type: 'resultsRevoked', job: id, from, to, device: by.device.id, because: LOST })
      continue
    }
    for (const loser of decided ? of.opinions.map(({ by }) => by) : losers(of, winner)) {
      const because = 'The admin accepted another result unchecked.'
      save(state, job, { type: 'resultsRevoked', job: id, from, to, device: loser.device.id, because })
    }
    save(state, job, { type: 'tasksDecided', job: id, from, to, device: winner.device.id, how: 'unchecked' })
    if (!decided) accepted(state, id, from, to, winner.device, null)
  }
}

/** Undisputed neighbours with the same word form one run; a disputed task stands alone. */
function runsOfSame(job: Job): [number, number][] {
  const found: [number, number][] = []
  let word = ''
  for (const [task, of] of [...job.cases].sort(([a], [b]) => a - b)) {
    const decided = isDecided(job.tasks, task)
    const disputed = of.opinions.length + (decided ? 1 : 0) > 1
    const winner = disputed ? null : winnerOf(job, task, of)
    const now = winner ? `${decided} ${winner.index}` : `! ${task}`
    const last = found.at(-1)
    if (last && last[1] === task && now === word) last[1] = task + 1
    else found.push([task, task + 1])
    word = now
  }
  return found
}

/** Whose kept bytes most agree with; null where the output that most agree with is not kept. */
function winnerOf(job: Job, task: number, of: Case): Contributor | null {
  if (isDecided(job.tasks, task)) return job.contributors[deciderOf(job.tasks, task)] as Contributor
  let best: Contributor | null = null
  let most = 0
  for (const opinion of of.opinions) {
    const same = of.opinions.filter(({ high, low }) => high === opinion.high && low === opinion.low)
    const volunteers = new Set(same.map(({ by }) => by.device.volunteer)).size
    if (volunteers > most) {
      most = volunteers
      best = same.find(({ bytes }) => bytes)?.by ?? null
    }
  }
  return best
}

function losers(of: Case, winner: Contributor): Contributor[] {
  const own = of.opinions.find(({ by }) => by === winner)
  return of.opinions.filter(({ high, low }) => high !== own?.high || low !== own.low).map(({ by }) => by)
}
