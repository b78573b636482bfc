import type { DetailedError, HttpRequest, HttpResponse, Upload } from 'tus-js-client'
import { ask } from '../../../components/rest/ask.ts'
import type { Problem, UploadView } from '../../../protocol/api.ts'

// What this tab sends, one file after the other. It goes on while its owner looks at other pages of the pool; what a tab
// that was closed had sent is known to the pool, which is asked before anything is sent.

export type Sending = {
  readonly key: number
  readonly name: string
  readonly bytes: number
  /** The pool's name for it, once it has one. */
  readonly id: string | null
  readonly sentBytes: number
} & (
  | { readonly state: 'waiting' | 'paused' | 'lost' }
  | { readonly state: 'sending'; readonly pace: Pace }
  /** The pool has it all. */
  | { readonly state: 'sent' }
  | { readonly state: 'stopped'; readonly words: string }
)

/** Progress is drawn no more often. */
const DRAW_MS = 200

let sendings: readonly Sending[] = []
let lastKey = 0
const files = new Map<number, File>()
const uploads = new Map<number, Upload>()
const listeners = new Set<() => void>()

export const getSendings = (): readonly Sending[] => sendings
export const NOTHING_SENT: readonly Sending[] = sendings
export function onSendings(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function put(next: readonly Sending[]): void {
  sendings = next
  const busy = sendings.some(({ state }) => state === 'waiting' || state === 'sending' || state === 'lost')
  removeEventListener('beforeunload', askBeforeLeaving)
  if (busy) addEventListener('beforeunload', askBeforeLeaving)
  for (const listener of listeners) listener()
}
const askBeforeLeaving = (event: Event) => event.preventDefault()

function change(key: number, to: (one: Sending) => Sending): void {
  put(sendings.map((one) => (one.key === key ? to(one) : one)))
}
/** Without what belongs to one state alone. */
const common = ({ key, name, bytes, id, sentBytes }: Sending) => ({ key, name, bytes, id, sentBytes })

export function send(chosen: readonly File[]): void {
  const added = chosen.map((file): Sending => {
    const key = ++lastKey
    files.set(key, file)
    return { key, name: nameOf(file), bytes: file.size, id: null, sentBytes: 0, state: 'waiting' }
  })
  put([...sendings, ...added])
  next()
}

/** One at a time: each then has the whole line, and the wait for the first is short. */
function next(): void {
  if (sendings.some(({ state }) => state === 'sending' || state === 'lost')) return
  const first = sendings.find(({ state }) => state === 'waiting')
  if (first) start(first.key)
}

function start(key: number): void {
  change(key, (one) => ({ ...common(one), state: 'sending', pace: NO_PACE }))
  const known = uploads.get(key)
  if (known) {
    known.start()
    return
  }
  const file = files.get(key)!
  begun(file).then(
    async (id) => {
      const upload = await createUpload(key, file, id)
      // It may have been given up meanwhile.
      if (!sendings.some((one) => one.key === key)) return
      uploads.set(key, upload)
      if (sendings.some((one) => one.key === key && one.state === 'sending')) upload.start()
    },
    (error: Error) => stop(key, error.message),
  )
}

/** What the pool has of this very file already. */
async function begun(file: File): Promise<string | null> {
  const answer = await ask<{ readonly items: readonly UploadView[] }>('GET', 'uploads')
  if (answer.type !== 'ok') throw new Error(answer.words)
  const taken = new Set(sendings.map(({ id }) => id))
  const same = ({ id, name, bytes, modified, state }: UploadView) =>
    state === 'receiving' &&
    !taken.has(id) &&
    name === nameOf(file) &&
    bytes === file.size &&
    modified === `${file.lastModified}`
  return answer.value.items.find(same)?.id ?? null
}

/** Hears how many bytes of a file are sent. */
function progressOf(key: number): (sentBytes: number) => void {
  let drawn = Number.NEGATIVE_INFINITY
  return (sentBytes) => {
    const now = performance.now()
    const at = sendings.find((one) => one.key === key)
    if (!at || (at.state === 'sending' && now - drawn < DRAW_MS && sentBytes < at.bytes)) return
    drawn = now
    change(key, (one) => ({
      ...common(one),
      sentBytes,
      state: 'sending',
      pace: paceOf(one.state === 'sending' ? one.pace : NO_PACE, now, sentBytes),
    }))
  }
}

/** The pool cannot be reached right now; it is tried again. */
function lose(key: number, file: File): void {
  change(key, (one) => ({ ...common(one), state: 'lost' }))
  // A file that changed on its disk looks like a lost line from here.
  file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => {
      void uploads.get(key)?.abort()
      stop(key, 'This file was changed, moved or closed off on your side while it was sent. Choose it again.')
    })
}

function stop(key: number, words: string): void {
  change(key, (one) => ({ ...common(one), state: 'stopped', words }))
  next()
}

export function pause(key: number): void {
  void uploads.get(key)?.abort()
  change(key, (one) => ({ ...common(one), state: 'paused' }))
  next()
}

export function resume(key: number): void {
  change(key, (one) => ({ ...common(one), state: 'waiting' }))
  next()
}

/** Here and at the pool; where that cannot be reached, it forgets by itself in time. */
export function cancel(key: number): void {
  uploads
    .get(key)
    ?.abort(true)
    .catch(() => {})
  drop(key)
}

export function drop(key: number): void {
  uploads.delete(key)
  files.delete(key)
  put(sendings.filter((one) => one.key !== key))
  next()
}

// How fast bytes go lately, and how long the rest takes.

const WINDOW_MS = 8_000
/** Less says nothing yet. */
const ENOUGH_MS = 1_500

interface Pace {
  /** Bytes a second; null until it is known. */
  readonly speed: number | null
  readonly seen: readonly { readonly at: number; readonly bytes: number }[]
}

const NO_PACE: Pace = { speed: null, seen: [] }

/** @param at milliseconds of any steady clock @param bytes done by then, never fewer than before */
function paceOf({ seen }: Pace, at: number, bytes: number): Pace {
  const recent = [...seen.filter((one) => at - one.at < WINDOW_MS), { at, bytes }]
  const first = recent[0]!
  const took = at - first.at
  return { seen: recent, speed: took < ENOUGH_MS ? null : ((bytes - first.bytes) / took) * 1000 }
}

// One file through tus-js-client, which needs nothing that plain http lacks. What it would get wrong here is put right.

const AT = '/api/v1/uploads'
/** A refusal is heard only when a piece is through, so pieces are not the whole file. */
const PIECE_BYTES = 64 << 20
const MAX_NAME_LENGTH = 200
/** Quickly at first, then for an hour. */
const RETRY_MS = [200, 500, 1000, 2000, ...Array<number>(1200).fill(3000)]

/** An answer that says nothing about the upload itself: the pool is starting, the visitor signed out. */
class NoAnswer extends Error {
  readonly status: number
  readonly words: string
  constructor(response: HttpResponse) {
    super('The pool did not answer.')
    this.status = response.getStatus()
    this.words = wordsOf(response)
  }
}

/** As the pool will call it. */
const nameOf = ({ name }: File): string => name.trim().slice(0, MAX_NAME_LENGTH)

/** @param id of an upload that goes on; null for a new one */
async function createUpload(key: number, file: File, id: string | null): Promise<Upload> {
  const tus = await import('tus-js-client')
  const upload: Upload = new tus.Upload(file, {
    endpoint: AT,
    ...(id === null ? {} : { uploadUrl: `${AT}/${id}` }),
    metadata: { filename: nameOf(file), modified: `${file.lastModified}` },
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_MS,
    // The pool knows its uploads: nothing has to be kept in the browser.
    storeFingerprintForResuming: false,
    onUploadUrlAvailable: () => change(key, (one) => ({ ...one, id: upload.url!.split('/').at(-1)! })),
    onProgress: progressOf(key),
    // Anything but success makes tus-js-client begin the upload anew, also when the pool is only starting.
    onAfterResponse(request: HttpRequest, response: HttpResponse) {
      const status = response.getStatus()
      if (request.getMethod() === 'HEAD' && status >= 400 && status !== 404 && status !== 410)
        throw new NoAnswer(response)
    },
    onShouldRetry(error: DetailedError) {
      const { status } = answerOf(error)
      const again = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507)
      if (again) lose(key, file)
      return again
    },
    onError: (error) => stop(key, answerOf(error as DetailedError).words),
    onSuccess() {
      change(key, (one) => ({ ...common(one), sentBytes: one.bytes, state: 'sent' }))
      next()
    },
  })
  return upload
}

const UNREACHABLE = 'The pool cannot be reached. What has arrived there is kept.'

function answerOf({ originalResponse, causingError }: DetailedError): { status: number; words: string } {
  if (causingError instanceof NoAnswer) return { status: causingError.status, words: causingError.words }
  if (!originalResponse) return { status: 0, words: UNREACHABLE }
  return { status: originalResponse.getStatus(), words: wordsOf(originalResponse) }
}

const SIGNED_OUT = 'This browser is signed out of the pool. Sign in again in another tab, then go on here.'

function wordsOf(response: HttpResponse): string {
  if (response.getStatus() === 401) return SIGNED_OUT
  try {
    return (JSON.parse(response.getBody()) as Problem).detail
  } catch {
    return `The pool answered with ${response.getStatus()}.`
  }
}
