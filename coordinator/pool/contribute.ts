import { intervals } from './intervals.ts'
import type { Contributor, Device, Job } from './job-state.ts'

/** The device's part in the job; from now on the device is remembered as long as the job runs. */
export function contribute(job: Job, device: Device): Contributor {
  const known = job.contributorOf.get(device.id)
  if (known) return known
  const contributor: Contributor = {
    index: job.contributors.length,
    device,
    decided: 0,
    agreed: intervals(),
    pending: intervals(),
    distrusted: false,
    lastLength: 0,
  }
  job.contributors.push(contributor)
  job.contributorOf.set(device.id, contributor)
  device.contributes.add(job)
  return contributor
}
