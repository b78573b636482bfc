import type { Bench } from './line.ts'

/** Loaded when asked for, so that one broken benchmark does not take the others along. */
export const benches: Readonly<Record<string, { readonly about: string; load(): Promise<Bench> }>> = {
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
