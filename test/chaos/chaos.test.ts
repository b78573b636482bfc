import { expect, test } from 'vitest'
import { runChaos } from './run.ts'

test('[P1] [P3] [C1] kills, freezes, cut sockets and a full disk: nothing lost, unexpected, doubled, wrong or missing', async () => {
  const lines: string[] = []
  const report = await runChaos({ seed: 11, kills: 8, agents: 2, say: (line) => lines.push(line) })
  expect(report.findings, lines.join('\n')).toEqual({ lost: 0, unexpected: 0, doubled: 0, wrongBytes: 0, missing: 0 })
  expect(report.acknowledged).toBeGreaterThan(0)
}, 240_000)
