import { expect, test } from 'vitest'
import { type Kernel, MAX_OUTPUT_BYTES } from '../../jobs/define.ts'
import type { JobId } from '../../protocol/ids.ts'
import { type ComputerPorts, createComputer } from '../../workers/compute/computer.ts'
import type { Report, Stretch } from '../../workers/compute/thread.ts'

const job = 'j1' as JobId
const order = { job, params: {}, kernelUrl: '/k', kernelHash: 'k' }

/** A thread whose clock each task moves by what it takes. */
function createThread(run: Kernel['run'], more: Partial<Kernel> = {}, open?: ComputerPorts['open']) {
  let now = 0
  const reports: Report[] = []
  const kernel: Kernel = { prepare: () => 'prepared', run, ...more }
  const computer = createComputer({
    load: async () => kernel,
    ...(open && { open }),
    now: () => now,
    report: (report) => reports.push(report),
  })
  return {
    computer,
    reports,
    take(ms: number) {
      now += ms
    },
    outputs: () => reports.flatMap((report) => (report.type === 'outputs' ? [report] : [])),
  }
}

function stretch(from: number, to: number, more: Partial<Stretch> = {}): Stretch {
  return { job, lease: 'a', from, to, budgetMs: 150, paint: false, probe: false, ...more }
}

test('[D4] quick tasks of a lease come back as one packed report', async () => {
  const thread = createThread((_, index) => Uint8Array.of(index, index))
  await thread.computer.prepare(order)
  expect(thread.computer.run(stretch(0, 100))).toEqual({ type: 'ran', next: 100, computeMs: 0 })
  expect(thread.reports).toHaveLength(1)
  const [report] = thread.outputs()
  expect(report).toMatchObject({ from: 0, lengths: Array.from({ length: 100 }, () => 2) })
  expect(report!.bytes[199]).toBe(99)
})

test('[D4] finished work is reported at least every 250 ms, also from inside a long task', async () => {
  const thread = createThread((_, index, progress) => {
    const steps = index === 2 ? 20 : 1
    for (let i = 0; i < steps; i++) {
      thread.take(60)
      progress(i / steps)
    }
    return Uint8Array.of(index)
  })
  await thread.computer.prepare(order)
  const end = thread.computer.run(stretch(0, 10))
  expect(end).toMatchObject({ next: 3, computeMs: 1320 })
  // Tasks 0 and 1 did not wait for the end of task 2.
  const kinds = thread.reports.map((report) => (report.type === 'outputs' ? `out ${report.from}` : `at ${report.task}`))
  expect(kinds.indexOf('out 0')).toBeLessThan(kinds.lastIndexOf('at 2'))
  expect(kinds.at(-1)).toBe('out 2')
})

test('[D4] one report never holds more than a result message may', async () => {
  const thread = createThread(() => new Uint8Array(MAX_OUTPUT_BYTES))
  await thread.computer.prepare(order)
  thread.computer.run(stretch(0, 10))
  expect(thread.outputs().map(({ lengths }) => lengths.length)).toEqual([4, 4, 2])
  const tiny = createThread(() => new Uint8Array(0))
  await tiny.computer.prepare(order)
  tiny.computer.run(stretch(0, 2500))
  expect(tiny.outputs().map(({ lengths }) => lengths.length)).toEqual([1000, 1000, 500])
})

test('[D4] a kernel may reuse its memory for the next task', async () => {
  const memory = new Uint8Array(1)
  const thread = createThread((_, index) => {
    memory[0] = index
    return memory
  })
  await thread.computer.prepare(order)
  thread.computer.run(stretch(0, 5))
  expect([...thread.outputs()[0]!.bytes]).toEqual([0, 1, 2, 3, 4])
})

test('[D13] a kernel that reports at every row is heard now and then', async () => {
  const thread = createThread((_, _index, progress) => {
    for (let i = 0; i < 10_000; i++) {
      thread.take(0.1)
      progress(i / 10_000)
    }
    return new Uint8Array(1)
  })
  await thread.computer.prepare(order)
  thread.computer.run(stretch(0, 1))
  const count = thread.reports.filter(({ type }) => type === 'progress').length
  expect(count).toBeGreaterThanOrEqual(1)
  expect(count).toBeLessThan(10)
})

test('[D11] what a kernel throws is an answer; outputs finished before it are kept', async () => {
  const thread = createThread((_, index) => {
    if (index === 2) throw new Error('out of range')
    return Uint8Array.of(index)
  })
  await thread.computer.prepare(order)
  expect(thread.computer.run(stretch(0, 5))).toMatchObject({ type: 'threw', task: 2, message: 'out of range' })
  expect(thread.outputs()[0]!.lengths).toHaveLength(2)
})

test('[D11] an output beyond the limit is a failure with words', async () => {
  const thread = createThread(() => new Uint8Array(MAX_OUTPUT_BYTES + 1))
  await thread.computer.prepare(order)
  expect(thread.computer.run(stretch(0, 1))).toMatchObject({ type: 'threw', task: 0 })
})

test('[D11] a kernel that cannot be loaded or prepared says which', async () => {
  const none = createComputer({ load: () => Promise.reject(new Error('404')), now: () => 0, report: () => {} })
  expect(await none.prepare(order)).toEqual({ type: 'unloadable', message: '404' })
  const thread = createThread(() => new Uint8Array(1), {
    prepare() {
      throw new Error('no such column')
    },
  })
  expect(await thread.computer.prepare(order)).toEqual({ type: 'threw', message: 'no such column' })
  expect(thread.computer.run(stretch(0, 1))).toEqual({ type: 'unprepared' })
})

test('[D18] a kernel is loaded once, whatever needs it; one that failed is tried again', async () => {
  const loads: string[] = []
  let broken = true
  const computer = createComputer({
    async load(url) {
      loads.push(url)
      if (broken) throw new Error('404')
      return { prepare: () => {}, run: () => new Uint8Array(1) }
    },
    now: () => 0,
    report: () => {},
  })
  await computer.load(order)
  broken = false
  await computer.load(order)
  expect(await computer.prepare(order)).toEqual({ type: 'ready' })
  expect(await computer.prepare({ ...order, job: 'j2' as JobId })).toEqual({ type: 'ready' })
  expect(loads).toEqual(['/k', '/k'])
})

test('[D18] each task reads its own slice, in every stretch of the lease', async () => {
  const seen: number[][] = []
  const thread = createThread((_, _index, _progress, slice) => {
    thread.take(200)
    seen.push([...slice!])
    return new Uint8Array(1)
  })
  await thread.computer.prepare(order)
  const input = { type: 'bytes', from: 10, bytes: Uint8Array.of(1, 2, 3, 4, 5), lengths: [2, 0, 3] } as const
  for (let task = 10; task < 13; task++) thread.computer.run(stretch(task, 13, task === 10 ? { input } : {}))
  expect(seen).toEqual([[1, 2], [], [3, 4, 5]])
})

test('[K31] an input on this disk is read slice by slice where the kernel wants it, and not held open', async () => {
  const files: string[] = []
  const open = (path: string) => {
    files.push(`open ${path}`)
    return {
      read: (into: Uint8Array, start: number) => void into.fill(start),
      close: () => void files.push('close'),
    }
  }
  const rooms: Uint8Array[] = []
  const room = (_: unknown, length: number) => {
    rooms.push(new Uint8Array(length))
    return rooms.at(-1)!
  }
  const thread = createThread(
    (_, index, _progress, slice) => {
      if (index === 12) throw new Error('cannot')
      expect(slice).toBe(rooms.at(-1))
      return slice!.slice()
    },
    { room },
    open,
  )
  await thread.computer.prepare(order)
  const input = { type: 'file', from: 10, path: '/data/text', starts: [7, 9, 20], lengths: [2, 1, 1] } as const
  thread.computer.run(stretch(10, 11, { input }))
  expect(thread.computer.run(stretch(11, 13))).toMatchObject({ type: 'threw', task: 12 })
  expect(thread.outputs().map(({ bytes }) => [...bytes])).toEqual([[7, 7], [9]])
  expect(files).toEqual(['open /data/text', 'close', 'open /data/text', 'close'])
})

test('[D25] own tiles are small, painted alike, and never cost an output', async () => {
  const paint: NonNullable<Kernel['paint']> = (_, index, _output, step) => {
    if (index === 1) throw new Error('cannot draw')
    const side = 256 / step
    return {
      region: { x: index * side, y: 0, width: side, height: side },
      rgb: new Uint8Array(side * side * 3).fill(7),
    }
  }
  const thread = createThread(() => new Uint8Array(1), { paint })
  await thread.computer.prepare(order)
  thread.computer.run(stretch(0, 3, { paint: true }))
  const [report] = thread.outputs()
  expect(report!.lengths).toHaveLength(3)
  expect(report!.tiles.map(({ index, step, width, x }) => ({ index, step, width, x }))).toEqual([
    { index: 0, step: 4, width: 64, x: 0 },
    { index: 2, step: 4, width: 64, x: 128 },
  ])
  expect([...report!.tiles[0]!.rgba.subarray(0, 4)]).toEqual([7, 7, 7, 255])
})
