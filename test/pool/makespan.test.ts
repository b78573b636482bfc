import { expect, test } from 'vitest'
import { makespan } from './makespan.ts'

const tasks = (count: number, cost: (task: number) => number) => Array.from({ length: count }, (_, task) => cost(task))
const even = tasks(700, () => 40)
const early = tasks(700, (task) => (task < 200 ? 150 : 5))
const middle = tasks(700, (task) => (task > 300 && task < 420 ? 240 : 5))
const late = tasks(700, (task) => (task < 500 ? 5 : 150))
const tiny = tasks(20_000, () => 1)
const mixed = [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1]

test.each([
  ['even', even, [1, 1], 0.98],
  ['even', even, mixed, 0.95],
  ['tiny', tiny, [1, 0.25], 0.97],
  ['costly at the start', early, [1, 1], 0.95],
  ['costly at the start', early, mixed, 0.85],
  ['costly in the middle', middle, [1, 1], 0.95],
  ['costly in the middle', middle, [1, 0.25], 0.95],
  ['costly in the middle', middle, mixed, 0.8],
  ['costly at the end', late, [1, 1], 0.97],
  ['costly at the end', late, mixed, 0.95],
])('[L17] nobody waits long for the others: %s', (_, costs, speeds, atLeast) => {
  const ideal = costs.reduce((sum, ms) => sum + ms, 0) / speeds.reduce((sum, speed) => sum + speed, 0)
  expect(ideal / makespan(costs, speeds)).toBeGreaterThan(atLeast)
})
