import { expect, test } from 'vitest'
import { quorumOf, wrongShare } from '../../coordinator/pool/checks.ts'
import { chanceOf } from '../simulate/chance.ts'

test('[T3] the quorum is the smallest that keeps the promise', () => {
  expect(quorumOf('strict', 0.1)).toBe(3)
  expect(quorumOf('fast', 0.1)).toBe(1)
  for (const maxWrong of [0.5, 0.1, 0.05, 0.01, 0.001, 0.000001]) {
    const quorum = quorumOf({ maxWrong }, 0.1)
    expect(wrongShare(quorum, 0.1)).toBeLessThanOrEqual(maxWrong)
    if (quorum > 1) expect(wrongShare(quorum - 1, 0.1)).toBeGreaterThan(maxWrong)
  }
})

test('[T3] the formula is the share of races the colluders win', () => {
  const chance = chanceOf(5)
  for (const quorum of [1, 2, 3]) {
    let wrong = 0
    const races = 200_000
    for (let race = 0; race < races; race++) {
      let liars = 0
      let honest = 0
      while (liars < quorum && honest < quorum) {
        if (chance() < 0.1) liars++
        else honest++
      }
      if (liars === quorum) wrong++
    }
    expect(wrong / races).toBeCloseTo(wrongShare(quorum, 0.1), 2)
  }
})
