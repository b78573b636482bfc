import { expect, test } from 'vitest'
import {
  ACCEPTED,
  deciderOf,
  decideTask,
  digestIs,
  eachDecidedBy,
  OPEN,
  priceOf,
  setState,
  stateOf,
  tasksOf,
  VALIDATED,
} from '../../coordinator/pool/tasks.ts'

test('[P8] a task remembers its state, device, price and digest, however high the numbers', () => {
  const tasks = tasksOf(10_000)
  expect(stateOf(tasks, 9999)).toBe(OPEN)
  expect(tasks.pieces.length).toBe(0)
  decideTask(tasks, 9999, ACCEPTED, 2 ** 28 - 1, 65_535, 0xffffffff, 1)
  decideTask(tasks, 9998, ACCEPTED, 3, 4_294_967_295, 1, 0xffffffff)
  expect([priceOf(tasks, 9999), priceOf(tasks, 9998)]).toEqual([65_535, 4_294_967_295])
  expect([deciderOf(tasks, 9999), deciderOf(tasks, 9998)]).toEqual([2 ** 28 - 1, 3])
  setState(tasks, 9998, VALIDATED)
  expect([stateOf(tasks, 9998), deciderOf(tasks, 9998)]).toEqual([VALIDATED, 3])
  expect(digestIs(tasks, 9999, 0xffffffff, 1)).toBe(true)
  expect(digestIs(tasks, 9998, 0xffffffff, 1)).toBe(false)
  const found: number[] = []
  eachDecidedBy(tasks, 3, (task) => found.push(task))
  expect(found).toEqual([9998])
})
