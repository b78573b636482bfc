import type { Kind } from '../define.ts'
import { countOf, json } from '../outputs.ts'
import { paramsOf, wholeNumber } from '../params.ts'

const POINTS = 2_000_000
export type PiParams = { readonly tasks: number; readonly seed: number }

/** π from the share of random points in a square that lie in its circle: two million points a task. */
export const monteCarloPi: Kind<PiParams> = {
  id: 'monte-carlo-pi',
  summary: 'Estimates π from random points in a square.',
  schema: paramsOf('This job', { tasks: wholeNumber('Tasks', 1, 1e6), seed: wholeNumber('Seed', 0, 2 ** 53 - 1) }),
  title: ({ tasks }) => `π from ${2 * tasks} million random points`,
  split: ({ tasks }) => tasks,
  credit: (_params, _task, output) => Math.max(1, Math.ceil(countOf(output, POINTS) / 1_000_000)),
  formats: {
    result: json(async ({ tasks }, outputs) => {
      let inside = 0
      for await (const output of outputs) inside += countOf(output, POINTS)
      return { points: tasks * POINTS, inside, pi: (4 * inside) / (tasks * POINTS) }
    }),
  },
  gallery: [{ name: 'Twenty million points', params: { tasks: 10, seed: 1 } }],
}
