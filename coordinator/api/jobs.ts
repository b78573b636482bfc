import type { AnyKind } from '../../jobs/define.ts'
import type { JobView, Submit } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { Committer } from '../committer/committer.ts'
import type { Fact } from '../committer/queue.ts'
import type { Complete, Inputs } from '../inputs/inputs.ts'
import { boundOf } from '../inputs/lease-input.ts'
import type { JobRegistry, KnownJob } from '../job-registry.ts'
import type { Kernels } from '../kernels.ts'
import type { JobProgress } from '../pool/job.ts'
import { ApiProblem, type Fault, faults } from '../problem.ts'
import { newId } from '../secrets.ts'
import type { JobRecord, NewJob, Store } from '../store/port.ts'
import { jobSpec } from '../store/records.ts'

/** Who submits system jobs: small jobs the pool gives itself, again and again. They stand in no list. Databases have this value. */
export const SYSTEM_SUBMITTER = 'system'

export interface JobParts {
  readonly store: Store
  readonly committer: Committer
  readonly registry: JobRegistry
  readonly kinds: readonly AnyKind[]
  readonly kernels: Kernels
  readonly inputs: Inputs
  /** Of a job whose outputs are gone, or about to be. */
  readonly pictures: { forget(job: JobId): void }
}

type JobAction = 'pause' | 'resume' | 'cancel' | 'accept-unchecked' | 'run-again'

interface Prepared extends Complete {
  readonly kind: AnyKind
}

/** What is asked of jobs: submit, look, act. */
export function createJobs(parts: JobParts) {
  const { store, committer, registry, kinds, kernels, inputs } = parts
  const readParams = createReadParams(kinds, kernels)

  function view(record: JobRecord): JobView {
    const unknown = kinds.some((kind) => kind.id === record.kind)
      ? null
      : `This pool no longer computes “${record.kind}”; it goes on when a release that does is started.`
    const saved = registry.progress(record.id) ?? record.progress
    return jobView(record, saved, committer.pool()?.job(record.id), isFinal(saved.status) ? null : unknown)
  }

  async function record(id: JobId): Promise<JobRecord> {
    const found = await store.job(id)
    if (!found) throw new ApiProblem(404, 'There is no such job.')
    // An end is told when it is on the disk with everything that led to it: a result, shares.
    if (isFinal(found.progress.status) || !isFinal(committer.pool()?.job(id)?.status ?? 'running')) return found
    await committer.settled()
    return (await store.job(id)) ?? found
  }

  /** @param waitSeconds the answer comes once the job has ended, at the latest after so many */
  async function look(id: JobId, waitSeconds = 0): Promise<JobView> {
    const now = view(await record(id))
    if (waitSeconds === 0 || isFinal(now.status)) return now
    await registry.ending(id, waitSeconds * 1000)
    return view(await record(id))
  }

  const durable = (fact: Fact) => postDurably(committer, fact)

  /** The kind, and params with what their input decides; every fault is told at its field. */
  async function prepare(request: { kind: string; params: unknown }, how: 'complete' | 'peek'): Promise<Prepared> {
    const read = readParams(request)
    if (read.type === 'wrong')
      throw new ApiProblem(422, read.faults[0]?.message ?? 'The params are wrong.', read.faults)
    const { kind } = read
    return { kind, ...(await inputs[how](kind, read.params)) }
  }

  async function submit(request: Submit, submitter: string): Promise<JobView> {
    const { kind, params, known, input } = await prepare(request, 'complete')
    const refusal = committer.refusal()
    if (refusal !== null) throw new ApiProblem(503, refusal)
    const job: NewJob = {
      id: newId<JobId>(),
      kind: kind.id,
      title: kind.title(params),
      params,
      kernelHash: kernels[kind.id]!.hash,
      taskCount: kind.split(params, input),
      priority: request.priority ?? 0,
      trust: request.trust ?? 'normal',
      devices: request.devices ?? 'all',
      submitter,
      createdAt: Date.now(),
    }
    if (known) await inputs.remember(job.id, known)
    await store.addJob(job)
    const added = registry.add(job)
    await durable({ type: 'jobSubmitted', job: { ...jobSpec(job), ...(added && boundOf(added)) } })
    return view(await record(job.id))
  }

  async function act(id: JobId, action: JobAction): Promise<JobView> {
    const found = await record(id)
    const { status } = committer.pool()?.job(id) ?? found.progress
    const wrong = (detail: string) => new ApiProblem(409, detail, [], { status })
    if (action === 'run-again') {
      if (!isFinal(status)) throw wrong('This job is still under way; it can be run again when it has ended.')
      const { kind, params, priority, trust, devices, submitter } = found
      if (submitter === SYSTEM_SUBMITTER)
        throw wrong('This is a job of the pool itself, which repeats it when it is needed.')
      return submit({ kind, params, priority, trust, devices }, submitter)
    }
    if (isFinal(status)) {
      if (action === 'cancel' && status === 'cancelled') return view(found)
      throw wrong(`This job is ${status} already.`)
    }
    if (action === 'pause' && status !== 'paused') await durable({ type: 'jobPaused', job: id })
    if (action === 'resume' && status === 'paused') await durable({ type: 'jobResumed', job: id })
    if (action === 'cancel') await durable({ type: 'jobCancelled', job: id })
    if (action === 'accept-unchecked') await durable({ type: 'jobAcceptedUnchecked', job: id })
    return view(await record(id))
  }

  return {
    view,
    record,
    /** What its kind has to say of a request that is wrong otherwise, so that everything is told at once. */
    wrongParams(request: unknown): readonly Fault[] {
      const { kind, params } = { ...(request as { kind?: unknown; params?: unknown } | null) }
      if (typeof kind !== 'string' || params === undefined) return []
      const read = readParams({ kind, params })
      return read.type === 'wrong' ? read.faults : []
    },
    look,
    prepare,
    submit,
    act,
    async prioritise(id: JobId, priority: number): Promise<JobView> {
      const found = await record(id)
      if (isFinal(committer.pool()?.job(id)?.status ?? found.progress.status))
        throw new ApiProblem(409, `This job has ended; its priority changes nothing.`)
      await durable({ type: 'jobReprioritised', job: id, priority })
      return view(await record(id))
    },
    async deleteJob(id: JobId): Promise<void> {
      await record(id)
      await durable({ type: 'jobDeleted', job: id })
      parts.pictures.forget(id)
      registry.forget(id)
      await inputs.forget(id)
      if (!(await store.deleteJob(id))) throw new ApiProblem(404, 'There is no such job.')
    },
    /** Jobs the pool holds that somebody asked for, so without system jobs; undefined while there is no pool. */
    asked(): readonly JobProgress[] | undefined {
      const held = committer.pool()?.jobs()
      return held?.filter(({ id }) => registry.get(id)?.record.submitter !== SYSTEM_SUBMITTER)
    },
    /** Titles of jobs under way that read this input. */
    async reading(input: string): Promise<readonly string[]> {
      const open = (committer.pool()?.jobs() ?? []).filter(({ status }) => !isFinal(status))
      const readers = open.filter(({ id }) => {
        const job = registry.get(id)
        return job?.kind.input?.source(job.facts.params) === input
      })
      const records = await Promise.all(readers.map(({ id }) => store.job(id)))
      return records.flatMap((found) => (found ? [found.title] : []))
    },
    /** A job of the store with its kind, whether it runs or ended long ago; null where its kind is not known here. */
    known(found: JobRecord): KnownJob | null {
      const job = registry.get(found.id)
      if (job) return job
      const added = registry.add(found)
      if (added && isFinal(found.progress.status)) registry.ended(found.id)
      return added
    },
  }
}
export type Jobs = ReturnType<typeof createJobs>

/** Posts a fact and waits until it is on the disk. Throws a problem when it was not kept. */
export async function postDurably(committer: Committer, fact: Fact): Promise<void> {
  if (!committer.post(fact) || !(await committer.settled()))
    throw new ApiProblem(503, committer.refusal() ?? 'This could not be kept. Try again in a moment.')
}

type ReadParams =
  | { readonly type: 'read'; readonly kind: AnyKind; readonly params: unknown }
  | { readonly type: 'wrong'; readonly faults: readonly Fault[] }

/** The kind of a request and its params as that kind reads them, or every fault of either. */
function createReadParams(kinds: readonly AnyKind[], kernels: Kernels) {
  return (request: { kind: string; params: unknown }): ReadParams => {
    const kind = kinds.find((one) => one.id === request.kind)
    if (!kind || !kernels[kind.id]) {
      const known = kinds.map((one) => `"${one.id}"`).join(', ')
      const message = `There is no kind "${request.kind.slice(0, 40)}". This pool knows ${known}.`
      return { type: 'wrong', faults: [{ path: 'kind', message }] }
    }
    const parsed = kind.schema.safeParse(request.params)
    if (parsed.success) return { type: 'read', kind, params: parsed.data }
    return { type: 'wrong', faults: parsed.error.issues.flatMap((issue) => faults(['params', ...issue.path], issue)) }
  }
}

/**
 * From what the store and the pool know of a job to its shape in the API.
 * @param now what is durable: a job is done when a power cut cannot undo it
 * @param live the pool's word, for what is only said and never kept
 */
function jobView(record: JobRecord, now: JobProgress, live: JobProgress | undefined, waiting: string | null): JobView {
  const sentence = waiting ?? (live ?? now).waiting
  const secondsLeft = (live ?? now).secondsLeft
  return {
    id: record.id,
    kind: record.kind,
    title: record.title,
    params: record.params,
    status: now.status,
    priority: now.priority,
    trust: record.trust,
    devices: record.devices,
    taskCount: record.taskCount,
    tasksDone: now.tasksDone,
    createdAt: time(record.createdAt),
    ...(now.startedAt === null ? {} : { startedAt: time(now.startedAt) }),
    ...(now.finishedAt === null ? {} : { finishedAt: time(now.finishedAt) }),
    ...(now.error === null ? {} : { error: now.error }),
    ...(sentence === null || isFinal(now.status) ? {} : { waiting: sentence }),
    ...(now.unchecked > 0 ? { unchecked: now.unchecked } : {}),
    ...(record.doubted > 0 ? { doubted: record.doubted } : {}),
    credit: now.credit,
    pendingCredit: now.pendingCredit,
    overhead: now.overhead,
    ...(secondsLeft === null || isFinal(now.status) ? {} : { secondsLeft }),
    outputBytes: record.outputBytes,
  }
}

export function time(ms: number): string {
  return new Date(ms).toISOString()
}
