import type { Trust } from '../../protocol/api.ts'

/** What `strict` promises: at most this expected share of wrong accepted outputs. */
const STRICT_MAX_WRONG = 0.01
/** Beyond this many agreeing volunteers the bound asked for cannot be met by asking more people. */
const MOST = 64

/**
 * Expected share of wrong accepted outputs when the first `quorum` agreeing results decide and a share `colluding` of
 * independent volunteers agrees on the same wrong one: Σ over k < q of C(q−1+k, k) · f^q · (1−f)^k.
 */
export function wrongShare(quorum: number, colluding: number): number {
  let sum = 0
  let choose = 1
  for (let k = 0; k < quorum; k++) {
    if (k > 0) choose *= (quorum - 1 + k) / k
    sum += choose * colluding ** quorum * (1 - colluding) ** k
  }
  return sum
}

/** How many independent volunteers must agree before a result of this trust is accepted. */
export function quorumOf(trust: Trust, colluding: number): number {
  if (trust === 'fast' || trust === 'normal') return 1
  const bound = trust === 'strict' ? STRICT_MAX_WRONG : trust.maxWrong
  let quorum = 1
  while (quorum < MOST && wrongShare(quorum, colluding) > bound) quorum++
  return quorum
}
