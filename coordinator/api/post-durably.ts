import type { Committer } from '../committer/committer.ts'
import type { Fact } from '../committer/queue.ts'
import { ApiProblem } from './problem.ts'

/** Posts a fact and waits until it is on the disk. Throws a problem when it was not kept. */
export async function postDurably(committer: Committer, fact: Fact): Promise<void> {
  if (!committer.post(fact) || !(await committer.settled()))
    throw new ApiProblem(503, committer.refusal() ?? 'This could not be kept. Try again in a moment.')
}
