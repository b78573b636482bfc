import type { Chance } from './chance.ts'
import type { Character } from './population.ts'
import { type Digest, ownLie, sharedLie, truth } from './truth.ts'

/** Tasks after which those who behave at first think that they are believed. */
const BEHAVES_FOR = 60
const LIES = 0.3

/** What a device of this character returns for a task. */
export function says(
  chance: Chance,
  character: Character,
  device: number,
  settled: number,
  job: number,
  task: number,
): Digest {
  const honest = truth(job, task)
  switch (character) {
    case 'honest':
      return honest
    case 'liar':
      return chance() < LIES ? ownLie(job, task, device) : honest
    case 'patient':
      return settled > BEHAVES_FOR && chance() < LIES ? ownLie(job, task, device) : honest
    case 'colluder':
      return settled > BEHAVES_FOR && task % 3 === 0 ? sharedLie(job, task) : honest
    default:
      return character satisfies never
  }
}
