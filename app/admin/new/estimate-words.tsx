import { count } from '../../../components/words/count.ts'
import { roughly } from '../../../components/words/dates.ts'
import type { Estimate } from '../../../protocol/api.ts'
import type { Estimated } from './use-estimate.ts'

/** "About 3 minutes with the 14 devices here", or why it cannot run. */
export function EstimateWords({ title, of, place }: { title: string; of: Estimated; place: 'all' | 'host' }) {
  return (
    <>
      <p className="truncate font-semibold">{title}</p>
      {of.type === 'refused' ? (
        <p className="text-small text-bad">{of.words}</p>
      ) : (
        <p className="text-small text-quiet">{of.type === 'told' ? sentence(of.estimate, place) : 'Estimating.'}</p>
      )}
    </>
  )
}

function sentence({ taskCount, seconds, devices, passSeconds }: Estimate, place: 'all' | 'host'): string {
  if (taskCount === undefined) {
    const pass = passSeconds === undefined ? '' : `, ${roughly(passSeconds)}`
    return `The host first reads all of it once${pass}. How much there is to do is known then.`
  }
  const tasks = count(taskCount, 'task')
  if (devices === 0) {
    return place === 'host'
      ? `${tasks}. The host does not compute right now; it waits until it does.`
      : `${tasks}. No device is here yet; it waits for the first.`
  }
  const here =
    place === 'host' ? 'the host alone' : devices === 1 ? 'the one device here' : `the ${count(devices, 'device')} here`
  if (seconds === undefined) return `${tasks} for ${here}. How long it takes is known once a few are done.`
  const long = roughly(seconds)
  return `${long.charAt(0).toUpperCase()}${long.slice(1)} with ${here}, in ${tasks}.`
}
