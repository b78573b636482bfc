import { parseArgs } from 'node:util'
import type { Bench, BenchLine } from './line.ts'

// `npm run bench [-- name…] [--json]`. Each figure is a ratio against something measured in the same run where there is
// anything to compare with: machines drift, ratios hold.

/** Loaded when asked for, so that one broken benchmark does not take the others along. */
const benches: Readonly<Record<string, { readonly about: string; load(): Promise<Bench> }>> = {
  csv: {
    about:
      'a 500 MB price file, extremes over two one-thread agents against DuckDB and a plain JS loop, two threads each',
    load: async () => (await import('./csv.ts')).csvBench,
  },
  'csv-agrees': {
    about: 'DuckDB asked the same of random clean files: fails where a figure differs',
    load: async () => (await import('./csv-agrees.ts')).csvAgreesBench,
  },
  'csv-kernel': {
    about: 'csv kernel, both modes, GB/s a core against csv-parse',
    load: async () => (await import('./csv-kernel.ts')).csvKernelBench,
  },
  kernel: {
    about: 'fractal kernel against plain JS on each named view, warm',
    load: async () => (await import('./kernel.ts')).kernelBench,
  },
  'btc-kernel': {
    about: 'the sweep kernel against plain typed-array JS, one core, warm',
    load: async () => (await import('./btc-kernel.ts')).btcKernelBench,
  },
  sweep: {
    about: 'a btc sweep of 2,000 combinations over a million points, two one-thread agents against one bare thread',
    load: async () => (await import('./sweep.ts')).sweepBench,
  },
  heavy: {
    about: 'a fractal of 20 s of kernel time over two one-thread agents against a bare two-thread loop',
    load: async () => (await import('./heavy.ts')).heavyBench,
  },
  light: {
    about: 'the whole view at 2048², submit to raw bytes, against a bare two-thread plain JS loop',
    load: async () => (await import('./light.ts')).lightBench,
  },
  join: {
    about: 'navigation and Start to the first acknowledged result; gzipped bytes of runtime and page',
    load: async () => (await import('./join.ts')).joinBench,
  },
  start: { about: 'installed to Ready', load: async () => (await import('./start.ts')).startBench },
  tasks: {
    about: '1,000,000 trivial tasks through two agents, durable, POST to the last byte',
    load: async () => (await import('./tasks.ts')).tasksBench,
  },
  latency: { about: "one task's durable round trip", load: async () => (await import('./latency.ts')).latencyBench },
  kill: {
    about: 'SIGKILL of one of two agents in the middle of a fractal',
    load: async () => (await import('./kill.ts')).killBench,
  },
  idle: { about: '10,000 connected idle devices', load: async () => (await import('./idle.ts')).idleBench },
  pool: {
    about: 'events per second, bytes per task, cost per lease',
    load: async () => (await import('./pool.ts')).poolBench,
  },
  trust: {
    about: 'the price of normal and strict with honest devices',
    load: async () => (await import('./trust.ts')).trustBench,
  },
  store: {
    about: 'the store alone: commits, reads, latency',
    load: async () => (await import('./store.ts')).storeBench,
  },
}

function print(line: BenchLine, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(line)}\n`)
  const ratio = line.ratio === undefined ? '' : `   ${line.ratio.toFixed(2)}× ${line.reference ?? ''}`
  const trust = line.trust === undefined ? '' : `   trust: ${line.trust}`
  process.stdout.write(
    `${line.bench.padEnd(34)} ${line.value.toLocaleString('en', { maximumSignificantDigits: 4 }).padStart(12)} ${line.unit.padEnd(14)} runs: ${line.runs}${ratio}${trust}\n`,
  )
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    for (const [name, bench] of Object.entries(benches)) process.stdout.write(`${name.padEnd(10)} ${bench.about}\n`)
    return 0
  }
  const unknown = positionals.find((name) => !(name in benches))
  if (unknown !== undefined) {
    process.stderr.write(`There is no benchmark "${unknown}". There are: ${Object.keys(benches).join(', ')}.\n`)
    return 2
  }
  let failed = 0
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    try {
      const bench = await benches[name]!.load()
      for (const line of await bench()) print(line, values.json)
    } catch (error) {
      failed++
      process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : error}\n`)
    }
  }
  return failed === 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  },
)
