import { has } from './intervals.ts'
import type { Case, Contributor, Job } from './job-state.ts'
import { ACCEPTED, CERTAIN, deciderOf, OPEN, PENDING, stateOf, UNCHECKED, VALIDATED } from './tasks.ts'
import { wordsFor } from './words.ts'

export function explainTask(job: Job, task: number): string[] {
  const because = [stateSentence(job, task)]
  const of = job.cases.get(task)
  if (of) because.push(caseSentence(of))
  const failed = job.attempts.get(task)
  if (failed) {
    const where = failed.alone.length > 0 ? `, alone on ${wordsFor(failed.alone.length, 'device', 'devices')}` : ''
    because.push(
      `It was tried ${wordsFor(failed.count, 'time', 'times')} without a result${where}; the last time: ${failed.message}`,
    )
  }
  for (const lease of job.leases) {
    if (has(lease.remaining, task)) because.push(`Device ${lease.device.id} has it in lease ${lease.claims.lease}.`)
  }
  return because
}

function stateSentence(job: Job, task: number): string {
  const now = stateOf(job.tasks, task)
  const decider = now >= ACCEPTED ? (job.contributors[deciderOf(job.tasks, task)] as Contributor).device.id : ''
  switch (now) {
    case OPEN:
      return has(job.open, task) ? 'Nobody has computed it yet; it is free.' : 'Nobody has returned it yet.'
    case PENDING:
      return 'Results are in, but not enough of them agree yet.'
    case ACCEPTED:
      return `Accepted from device ${decider}; nobody else has computed it.`
    case VALIDATED:
      return `Accepted from device ${decider} and validated: an independent device returned the same bytes.`
    case UNCHECKED:
      return `Accepted from device ${decider} unchecked, because the admin said so.`
    case CERTAIN:
      return `Accepted on the word of the host's own agent; its bytes came from device ${decider}.`
    default:
      return now satisfies never
  }
}

function caseSentence(of: Case): string {
  const different = new Set(of.opinions.map(({ high, low }) => `${high} ${low}`)).size
  const opinions = wordsFor(of.opinions.length, 'opinion waits', 'opinions wait')
  const flight = wordsFor(of.flight.length, 'lease is', 'leases are')
  return `${opinions}${different > 1 ? `, and they differ` : ''}; ${flight} on the way to bring more.`
}
