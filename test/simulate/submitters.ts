import type { JobId } from '../../protocol/ids.ts'
import { between, waitFor } from './chance.ts'
import { EPOCH } from './coordinator.ts'
import type { WorldOptions } from './options.ts'
import type { World } from './surroundings.ts'
import { type SimJob, simJob } from './workload.ts'

/** People who submit jobs, and now and then pause, cancel or hurry them. */
export interface Submitters {
  readonly jobs: Map<JobId, SimJob>
  submit(): void
  /** A job is over: somebody thinks of the next. */
  another(): void
  /** The page offers to accept what is there unchecked. */
  offered(job: JobId): void
}

const RETRY_MS = 1000

export function submitters(world: World, options: WorldOptions): Submitters {
  const { chance, agenda } = world
  const jobs = new Map<JobId, SimJob>()
  let next = 0

  const meddle = (id: JobId) => {
    const later = (act: () => void) => agenda.plan(between(chance, 0, 120_000), act)
    const draw = chance()
    if (draw < 0.05) later(() => world.hear({ type: 'jobCancelled', job: id }))
    else if (draw < 0.15) {
      later(() => {
        world.hear({ type: 'jobPaused', job: id })
        later(() => resume(id))
      })
    } else if (draw < 0.2) {
      later(() => world.hear({ type: 'jobReprioritised', job: id, priority: Math.floor(between(chance, -10, 11)) }))
    }
  }
  /** Until it is heard: the coordinator may be down just then. */
  const resume = (id: JobId) => {
    if (world.isDown()) agenda.plan(RETRY_MS, () => resume(id))
    else world.hear({ type: 'jobResumed', job: id })
  }

  const self: Submitters = {
    jobs,
    submit() {
      if (world.isDown()) {
        agenda.plan(RETRY_MS, self.submit)
        return
      }
      const job = simJob(chance, next++, options.sizes, EPOCH + agenda.now)
      jobs.set(job.spec.id, job)
      world.hear({ type: 'jobSubmitted', job: job.spec })
      meddle(job.spec.id)
    },
    another() {
      if (!world.isEnding()) agenda.plan(waitFor(chance, 2000), self.submit)
    },
    offered(job) {
      agenda.plan(waitFor(chance, 300_000), () => world.hear({ type: 'jobAcceptedUnchecked', job }))
    },
  }
  return self
}
