import { type Transferable, Worker } from 'node:worker_threads'
import type { Chunk, Core, PackedJob } from './core.ts'
import { type Answer, errorOf, type Method, OPENED, type Question } from './messages.ts'
import type { StoreOptions } from './open-prisma.ts'
import { StoreError } from './port.ts'

type QuestionBody = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never
type Ask = (question: QuestionBody, transfer?: readonly Transferable[]) => Promise<unknown>

/** Everything but the calls that are more than a question and an answer. */
const plainCalls: Record<Exclude<Method, 'load' | 'commit' | 'close'>, true> = {
  addJob: true,
  job: true,
  jobs: true,
  deleteJob: true,
  forgetOutputs: true,
  decided: true,
  contributions: true,
  leaderboard: true,
  volunteerTotals: true,
  deviceByToken: true,
  device: true,
  devices: true,
  volunteerByToken: true,
  volunteer: true,
  saveNewcomers: true,
  saveVolunteer: true,
  saveDevice: true,
  events: true,
  diskUse: true,
}

/** A core in a worker thread made from `script`. Should the thread die, the next load() starts another. */
export async function openRemoteCore(script: string, options: StoreOptions): Promise<Core> {
  let link: Link | null = await connect(script, options)
  const ask: Ask = (question, transfer) => {
    if (link === null || link.lost()) return Promise.reject(stopped(null))
    return link.ask(question, transfer)
  }
  const call = (method: Method, args: readonly unknown[], transfer?: readonly Transferable[]) =>
    ask({ ask: 'call', method, args }, transfer)
  const names = Object.keys(plainCalls) as (keyof typeof plainCalls)[]
  const calls = names.map((method) => [method, (...args: readonly unknown[]) => call(method, args)])
  return {
    ...(Object.fromEntries(calls) as Pick<Core, keyof typeof plainCalls>),
    async load() {
      if (link?.lost()) link = await connect(script, options)
      return (await call('load', [])) as readonly PackedJob[]
    },
    async commit(batch) {
      await call('commit', [batch], [batch.words.buffer, batch.bytes.buffer])
    },
    outputs: (...args) => streamOf(ask, args),
    async close() {
      const last = link
      link = null
      if (last === null || last.lost()) return
      await last.ask({ ask: 'call', method: 'close', args: [] })
      await last.end()
    },
  }
}

/** Asks for a chunk while the one before is being used, so that reading and using overlap; never for more. */
async function* streamOf(ask: Ask, args: Parameters<Core['outputs']>): AsyncIterable<Chunk> {
  const stream = (await ask({ ask: 'open', args })) as number
  const next = () => ask({ ask: 'next', stream }) as Promise<Chunk | null>
  let coming = next()
  try {
    for (let chunk = await coming; chunk !== null; chunk = await coming) {
      coming = next()
      // Its failure is thrown where it is awaited, which may be never.
      coming.catch(() => {})
      yield chunk
    }
  } finally {
    await coming.catch(() => {})
    await ask({ ask: 'end', stream }).catch(() => {})
  }
}

interface Link {
  readonly ask: Ask
  lost(): boolean
  end(): Promise<void>
}

async function connect(script: string, options: StoreOptions): Promise<Link> {
  const worker = new Worker(script, { workerData: options })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let lost = false
  let lastId = OPENED
  const wait = (id: number) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  function lose(cause: unknown) {
    lost = true
    for (const { reject } of waiting.values()) reject(stopped(cause))
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.type === 'value') one?.resolve(answer.value)
    else one?.reject(errorOf(answer.error))
  })
  worker.on('error', lose)
  worker.on('exit', (code) => lose(new Error(`The thread ended with code ${code}`)))
  const link: Link = {
    ask(question, transfer = []) {
      const answer = wait(++lastId)
      worker.postMessage({ ...question, id: lastId }, transfer)
      return answer
    },
    lost: () => lost,
    async end() {
      await worker.terminate()
    },
  }
  try {
    await wait(OPENED)
    return link
  } catch (error) {
    await link.end()
    throw error
  }
}

function stopped(cause: unknown): StoreError {
  return new StoreError('The part of the pool that keeps the data has stopped; it is being started again.', cause)
}
