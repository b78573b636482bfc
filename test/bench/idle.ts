import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchLine } from './line.ts'
import { openRoom, pause } from './room.ts'

const DEVICES = 10_000
const WATCH_MS = 20_000

/** Ten thousand devices that wait for work, connected from another process: what each costs the coordinator. */
export async function idleBench(): Promise<BenchLine[]> {
  const room = await openRoom({ agents: 0, kinds: 'counting' })
  const { pid } = room.pool
  try {
    const before = await residentBytes(pid)
    const crowd = spawn(
      'sh',
      [
        '-c',
        `ulimit -n 20000; exec "$0" --import tsx "$1" "$2" ${DEVICES}`,
        process.execPath,
        join(import.meta.dirname, 'idle-crowd.ts'),
        room.pool.url,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    try {
      await new Promise<void>((resolve, reject) => {
        crowd.stdout.on('data', (text) => String(text).includes('here') && resolve())
        crowd.once('close', () => reject(new Error('The crowd could not connect')))
      })
      // What their arrival left behind is collected by then.
      await pause(WATCH_MS)
      const after = await residentBytes(pid)
      const cpuBefore = await cpuSeconds(pid)
      await pause(WATCH_MS)
      const cpu = ((await cpuSeconds(pid)) - cpuBefore) / (WATCH_MS / 1000)
      return [
        {
          bench: 'idle: server memory a device',
          value: (after - before) / DEVICES / 1000,
          unit: 'kB',
          runs: 1,
          trust: 'fast',
        },
        { bench: 'idle: server CPU', value: cpu * 100, unit: '% of a core', runs: 1, trust: 'fast' },
      ]
    } finally {
      crowd.kill('SIGKILL')
    }
  } finally {
    await room.close()
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** User and system time of all threads. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
