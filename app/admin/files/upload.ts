import type { DetailedError, HttpRequest, HttpResponse, Upload } from 'tus-js-client'
import type { Problem } from '../../../protocol/api.ts'

// One file through tus-js-client, which needs nothing that plain http lacks. What it would get wrong here is put right.

export interface UploadEvents {
  /** The pool's name for it. */
  named(id: string): void
  progress(sentBytes: number): void
  /** The pool cannot be reached right now; it is tried again. */
  lost(): void
  stopped(words: string): void
  done(): void
}

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
export const nameOf = ({ name }: File): string => name.trim().slice(0, MAX_NAME_LENGTH)

/** @param id of an upload that goes on; null for a new one */
export async function createUpload(file: File, id: string | null, events: UploadEvents): Promise<Upload> {
  const tus = await import('tus-js-client')
  const upload: Upload = new tus.Upload(file, {
    endpoint: AT,
    ...(id === null ? {} : { uploadUrl: `${AT}/${id}` }),
    metadata: { filename: nameOf(file), modified: `${file.lastModified}` },
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_MS,
    // The pool knows its uploads: nothing has to be kept in the browser.
    storeFingerprintForResuming: false,
    onUploadUrlAvailable: () => events.named(upload.url!.split('/').at(-1)!),
    onProgress: events.progress,
    // Anything but success makes tus-js-client begin the upload anew, also when the pool is only starting.
    onAfterResponse(request: HttpRequest, response: HttpResponse) {
      const status = response.getStatus()
      if (request.getMethod() === 'HEAD' && status >= 400 && status !== 404 && status !== 410)
        throw new NoAnswer(response)
    },
    onShouldRetry(error: DetailedError) {
      const { status } = answerOf(error)
      const again = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507)
      if (again) events.lost()
      return again
    },
    onError: (error) => events.stopped(answerOf(error as DetailedError).words),
    onSuccess: events.done,
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
