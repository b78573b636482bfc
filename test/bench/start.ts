import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../gateway/harness.ts'
import { type BenchLine, median } from './line.ts'

const RUNS = 5

/** `npm start`'s own script on an installed clone, everything built: to its Ready line. */
export async function startBench(): Promise<BenchLine[]> {
  const took: number[] = []
  const bare: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'poolparty-start-'))
    bare.push(await timed(['-e', 'console.log("Ready: bare")']))
    took.push(
      await timed([
        join(root, 'scripts/start.mjs'),
        ...['--port', '0', '--host', '127.0.0.1', '--data-dir', dataDir, '--no-work', '--no-sample'],
      ]),
    )
    await rm(dataDir, { recursive: true, force: true })
  }
  return [
    {
      bench: 'start: installed to Ready',
      value: median(took),
      unit: 'ms',
      reference: 'a bare node process',
      ratio: median(bare) / median(took),
      runs: RUNS,
    },
  ]
}

async function timed(args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  const ms = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output += text
      if (/^Ready: /m.test(output)) resolve(performance.now() - startedAt)
    })
    child.once('close', () => reject(new Error(`It ended before it was ready:\n${output}`)))
  })
  child.kill('SIGTERM')
  await ended
  return ms
}
