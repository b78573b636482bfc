import type { Args } from './args.ts'
import type { Score } from './score.ts'

export interface Report {
  readonly devices: number
  readonly virtualHours: number
  readonly seed: number
  /** Finished per virtual second. */
  readonly throughput: { readonly jobs: number; readonly tasks: number; readonly tasksPerSecond: number }
  /** Results kept beyond one per task, as a share of tasks. */
  readonly overhead: Readonly<Record<string, number>>
  /** Wrong accepted outputs, as a share of tasks. */
  readonly wrongAccepted: Readonly<
    Record<
      string,
      { readonly tasks: number; readonly wrong: number; readonly share: number; readonly unchecked: number }
    >
  >
  readonly stuck: number
  readonly poisonedJobs: { readonly ended: number; readonly wronglyDone: number }
  readonly failedJobs: number
  readonly cancelledJobs: number
  readonly restarts: number
  readonly credit: { readonly paid: number; readonly imbalance: number }
  readonly events: number
  readonly eventsPerSecond: number
}

export function report(args: Args, score: Score, wallMs: number): Report {
  const sums = Object.entries(score.done).sort(([a], [b]) => (a < b ? -1 : 1))
  const tasks = sums.reduce((sum, [, each]) => sum + each.tasks, 0)
  const jobs = sums.reduce((sum, [, each]) => sum + each.jobs, 0)
  return {
    devices: args.devices,
    virtualHours: score.virtualMs / 3_600_000,
    seed: args.seed,
    throughput: { jobs, tasks, tasksPerSecond: tasks / (score.virtualMs / 1000) },
    overhead: Object.fromEntries(sums.map(([trust, each]) => [trust, each.results / each.tasks - 1])),
    wrongAccepted: Object.fromEntries(
      sums.map(([trust, each]) => [
        trust,
        { tasks: each.tasks, wrong: each.wrong, share: each.wrong / each.tasks, unchecked: each.unchecked },
      ]),
    ),
    stuck: score.stuck,
    poisonedJobs: { ended: score.poisoned, wronglyDone: score.poisonedDone },
    failedJobs: score.failed,
    cancelledJobs: score.cancelled,
    restarts: score.restarts,
    credit: { paid: score.credit, imbalance: score.creditImbalance },
    events: score.events,
    eventsPerSecond: Math.round(score.events / (wallMs / 1000)),
  }
}

export function print(report: Report): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  const count = (n: number) => n.toLocaleString('en')
  const lines = [
    `${count(report.devices)} devices, ${report.virtualHours.toFixed(2)} virtual hours, seed ${report.seed}`,
    `finished     ${count(report.throughput.jobs)} jobs, ${count(report.throughput.tasks)} tasks, ${count(Math.round(report.throughput.tasksPerSecond))} tasks/s`,
    ...Object.entries(report.wrongAccepted).map(
      ([trust, { tasks, wrong, share, unchecked }]) =>
        `${trust.padEnd(12)} ${count(tasks)} tasks: ${count(wrong)} wrong accepted (${percent(share)}), ${percent(report.overhead[trust] ?? 0)} extra work${unchecked > 0 ? `, ${count(unchecked)} accepted unchecked` : ''}`,
    ),
    `stuck        ${report.stuck} jobs`,
    `failed       ${report.failedJobs} jobs (${report.poisonedJobs.ended} had a task no device survives), ${report.cancelledJobs} cancelled`,
    `credit       ${count(report.credit.paid)} paid, off by ${report.credit.imbalance}`,
    `coordinator  killed ${report.restarts} times`,
    `speed        ${count(report.events)} events, ${count(report.eventsPerSecond)} a second, simulated world included`,
  ]
  return `${lines.join('\n')}\n`
}
