import type { ContributionView } from '../../protocol/api.ts'
import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'

interface Line {
  readonly volunteer: VolunteerId
  readonly device: DeviceId
  readonly tasks: number
  readonly credit: number
  readonly computeMs: number
}

/** "Who did what": one item per volunteer and device over all days of a job, most credit first. */
export function contributionsOf(
  lines: readonly Line[],
  namesOf: (line: Line) => Pick<ContributionView, 'volunteer' | 'device'>,
): ContributionView[] {
  const sums = new Map<string, Line>()
  let credit = 0
  for (const line of lines) {
    const key = `${line.volunteer} ${line.device}`
    const sum = sums.get(key)
    credit += line.credit
    sums.set(key, {
      ...line,
      tasks: line.tasks + (sum?.tasks ?? 0),
      credit: line.credit + (sum?.credit ?? 0),
      computeMs: line.computeMs + (sum?.computeMs ?? 0),
    })
  }
  return [...sums.values()]
    .sort((a, b) => b.credit - a.credit || (a.device < b.device ? -1 : 1))
    .map((sum) => ({
      ...namesOf(sum),
      tasks: sum.tasks,
      credit: sum.credit,
      share: credit === 0 ? 0 : sum.credit / credit,
      computeMs: sum.computeMs,
    }))
}
