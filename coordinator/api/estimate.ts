import { basename, join } from 'node:path'
import type { AnyKind } from '../../jobs/define.ts'
import type { Estimate, EstimateRequest } from '../../protocol/api.ts'
import type { Committer } from '../committer/committer.ts'
import type { Connection, Directory } from '../devices/connection.ts'
import type { InputSource } from '../inputs/port.ts'
import type { Kernels } from '../kernels.ts'
import type { OutputThread } from '../outputs/threads.ts'
import type { Jobs } from './jobs.ts'

/** A kernel that does not report progress in time is left alone, with its thread. */
const PATIENCE_MS = 4000
/** Requests under way; beyond it an estimate says how many tasks, and not how long. */
const WAITING = 2

export interface EstimateParts {
  readonly kernels: Kernels
  readonly kernelsDir: string
  readonly estimator: OutputThread
  readonly directory: Directory
  readonly committer: Committer
  readonly sources: InputSource
}

/** How long a job would take with the devices here: a few of its tasks are run on this machine, nothing is kept. */
export function createEstimate(parts: EstimateParts, jobs: Jobs) {
  const { kernels, kernelsDir, estimator, directory, committer, sources } = parts

  /** Cores of this machine that these devices together are worth. */
  function cores(here: readonly Connection[]): number {
    const pool = committer.pool()
    const speedOf = (device: (typeof here)[number]) => pool?.device(device.record.id)?.speed || 1
    const host = here.find((device) => device.host)
    const mine = host ? speedOf(host) : 1
    return here.reduce((sum, device) => sum + (device.working ? (device.threads * speedOf(device)) / mine : 0), 0)
  }

  async function taskMs(kind: AnyKind, params: unknown, index: unknown, taskCount: number): Promise<number | null> {
    const input = kind.input ? { text: sources.path(kind.input.source(params)), index } : null
    const script = join(kernelsDir, basename(kernels[kind.id]?.url ?? ''))
    if (estimator.waiting > WAITING) return null
    const patience = setTimeout(() => void estimator.close(), PATIENCE_MS)
    try {
      return await estimator.call.estimate({ kind: kind.id, script, params, input, taskCount })
    } catch {
      return null
    } finally {
      clearTimeout(patience)
    }
  }

  return async ({ devices, ...request }: EstimateRequest): Promise<Estimate> => {
    const { kind, params, known, input, passBytes } = await jobs.prepare(request, 'peek')
    const here = [...directory.all()].filter(({ host }) => host || devices !== 'host')
    const common = { title: kind.title(params), devices: here.length }
    if (passBytes > 0) return { ...common, ...passOf(passBytes) }
    const taskCount = kind.split(params, input)
    const told = { ...common, taskCount }
    const worth = cores(here)
    const ms = worth > 0 ? await taskMs(kind, params, known?.index, taskCount) : null
    if (ms === null) return told
    // No job is over before its slowest piece, and no more cores help than it has pieces.
    return { ...told, seconds: (ms * Math.ceil(taskCount / Math.min(worth, taskCount))) / 1000 }
  }
}

/** Of a pass: what one core of a laptop scans while it reads from its disk. */
const PASS_BYTES_PER_SECOND = 400e6

/** How long the pass takes that a job begins with; nothing where there is nothing to read. */
export function passOf(bytes: number): { readonly passSeconds?: number } {
  return bytes > 0 ? { passSeconds: bytes / PASS_BYTES_PER_SECOND } : {}
}
