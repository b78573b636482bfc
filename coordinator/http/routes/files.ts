import * as z from 'zod/mini'
import { adoptSchema } from '../../../protocol/api.ts'
import { MAX_FILE_BYTES } from '../../../protocol/limits.ts'
import type { Api } from '../../api/create.ts'
import { isLoopback } from '../../callers.ts'
import { UPLOAD_KEPT_MS } from '../../inputs/upload-records.ts'
import type { TusRequest } from '../../inputs/uploads.ts'
import { ApiProblem } from '../../problem.ts'
import { drain, json, nothing, type Route, route } from '../route.ts'
import { HttpProblem } from '../send.ts'

const MAX_PARAMS_LENGTH = 8000
const PARAMS = 'params must be a JSON object of the kind’s params, without the file.'
const jsonObject = z.pipe(
  z.string().check(z.maxLength(MAX_PARAMS_LENGTH, PARAMS), z.refine(isJsonObject, PARAMS)),
  z.transform((text) => JSON.parse(text) as Readonly<Record<string, unknown>>),
)
const fileQuery = z.object({
  /** For people; the content is what a file is known by. */
  name: z._default(z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))), 'unnamed'),
})
const previewQuery = z.object({
  kind: z.optional(z.string().check(z.maxLength(40))),
  params: z._default(z.optional(jsonObject), {}),
})
const leaseQuery = z.object({ lease: z.string('lease is missing.').check(z.maxLength(600)) })

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const FILE = 'The file: `{ id, name, bytes, sha256, … }`, `bytes` and `sha256` of the body as sent.'
const NO_FILE = 'There is no such file.'
const REFUSED = {
  413: `The file is larger than ${MAX_FILE_BYTES / 1e9} GB, packed or unpacked.`,
  415: 'It is packed in a way that this pool cannot unpack.',
  422: 'It is not text, or it is damaged.',
  507: 'The disk of this pool is too full.',
}

export function fileRoutes(api: Api): readonly Route[] {
  const id = (request: { path: Readonly<Record<string, string>> }) => request.path['id'] ?? ''
  const kept = ({ file, created }: Awaited<ReturnType<Api['putFile']>>) => json(file, created ? 201 : 200)
  return [
    route(
      'PUT /files',
      'admin',
      `Send a file: the bare body, at most ${MAX_FILE_BYTES / 1e9} GB, plain, gzip or zstd; it is kept as UTF-8.`,
      {
        query: fileQuery,
        streams: 'The file.',
        answers: { 201: FILE, 200: 'The same content was here already.', ...REFUSED },
        handle: async ({ query, stream, streamBytes: bytes }) => {
          try {
            return kept(await api.putFile(stream, { name: query.name, ...(bytes === undefined ? {} : { bytes }) }))
          } catch (error) {
            await drain(stream)
            throw error
          }
        },
      },
    ),
    route('POST /files', 'admin', 'Take a file of the host, from under the folder named by POOL_FILES_DIR.', {
      body: adoptSchema,
      answers: {
        201: FILE,
        200: 'The same content was here already.',
        ...REFUSED,
        403: 'This pool reads no such folder.',
      },
      handle: async ({ body }) => kept(await api.adoptFile(body.path)),
    }),
    route('GET /files', 'admin', 'Files, newest first, with the jobs that name them.', {
      answers: { 200: 'All files.' },
      handle: async () => json({ items: await api.files(), next: null }),
    }),
    route('GET /files/:id', 'admin', 'A file.', {
      answers: { 200: FILE, 404: NO_FILE },
      handle: async (request) => json(await api.file(id(request))),
    }),
    route('DELETE /files/:id', 'admin', 'Delete a file. Results of jobs that have ended stay.', {
      answers: { 204: 'It is gone.', 404: NO_FILE, 409: 'A job that has not ended reads it; cancel that first.' },
      handle: async (request) => {
        await api.deleteFile(id(request))
        return nothing
      },
    }),
    route(
      'GET /files/:id/preview',
      'admin',
      'The beginning of a file as a job would read it, what was guessed, and why a job would be refused. Makes no pass over a large one.',
      {
        query: previewQuery,
        answers: { 200: 'The file, the preview in the shape of its kind, errors.', 404: NO_FILE },
        handle: async (request) => json(await api.previewFile(id(request), request.query.params, request.query.kind)),
      },
    ),
    route(
      'GET /work',
      'open',
      'For devices: what the tasks of a lease read, one after the other. The token of the lease is the key.',
      {
        query: leaseQuery,
        answers: {
          200: 'The bytes.',
          401: 'Not a lease of this pool.',
          410: 'The job has ended, or its file is gone.',
        },
        handle: async ({ query, address }) => {
          const input = api.leasedInput(query.lease)
          if (input.type === 'unknown') throw new HttpProblem(401, 'This lease was not given by this pool.')
          if (input.type === 'gone') throw new ApiProblem(410, input.because)
          const { bytes, body } = input
          // Within this machine packing takes longer than moving.
          return {
            ...{ type: 'stream', contentType: 'application/octet-stream', sizeBytes: bytes, body },
            compress: !isLoopback(address),
          } as const
        },
      },
    ),
  ]
}

const DAYS = UPLOAD_KEPT_MS / 86_400_000
const NO_UPLOAD = 'There is no such upload.'
const GONE = 'There is no such upload any more. Begin it anew.'
/** What the protocol refuses, for people. */
const WORDS: Readonly<Record<number, string>> = {
  400: 'This is not how tus 1.0.0 sends an upload, or the sender went away.',
  403: 'A piece says where it belongs: with Upload-Offset, as application/offset+octet-stream.',
  404: GONE,
  409: 'The upload stands elsewhere. Ask with HEAD where it goes on.',
  410: GONE,
  412: 'Uploads speak tus 1.0.0: send “Tus-Resumable: 1.0.0”.',
  413: 'This is more than the upload said it has.',
  501: 'Of tus 1.0.0 this pool knows creation, expiration and termination; an upload says its length when it begins.',
}

/** Files sent in pieces that may break off: tus 1.0.0, and what has become of them as JSON. */
export function uploadRoutes(api: Api): readonly Route[] {
  const spoken = (method: TusRequest['method']) => async (request: Parameters<Route['handle']>[0]) => {
    const { path, headers, stream } = request
    try {
      const answer = await api.speak({ method, id: path['id'] ?? null, headers, body: stream })
      if (answer.status < 400) return { type: 'nothing', ...answer } as const
      const version = { 'tus-resumable': '1.0.0' }
      throw new HttpProblem(answer.status, WORDS[answer.status] ?? 'The upload broke off here. Try again.', version)
    } catch (error) {
      await drain(stream)
      throw error
    }
  }
  return [
    route(
      'POST /uploads',
      'admin',
      'Begin a file that may be sent in pieces, by tus 1.0.0. Metadata: filename, and modified, the time of its ' +
        `last change. What has arrived is kept for ${DAYS} days.`,
      {
        streams: 'Nothing, or its beginning.',
        answers: {
          201: 'Location says where its pieces go.',
          412: 'Not this protocol.',
          413: `It is larger than ${MAX_FILE_BYTES / 1e9} GB.`,
          507: 'The disk of this pool is too full.',
        },
        handle: spoken('POST'),
      },
    ),
    route('HEAD /uploads/:id', 'admin', 'How much of an upload is here, in Upload-Offset.', {
      answers: { 200: 'As much.', 404: NO_UPLOAD, 410: 'It is too old.' },
      handle: spoken('HEAD'),
    }),
    route(
      'PATCH /uploads/:id',
      'admin',
      'The next piece of an upload. With the last one the pool begins to read the file.',
      {
        streams: 'Bytes from Upload-Offset on.',
        answers: {
          204: 'Upload-Offset says how much is here now.',
          404: NO_UPLOAD,
          409: 'It stands elsewhere.',
          413: 'More than it said it has.',
          507: 'The disk of this pool is too full.',
        },
        handle: spoken('PATCH'),
      },
    ),
    route('DELETE /uploads/:id', 'admin', 'Forget an upload and what is here of it. A file that it has become stays.', {
      answers: { 204: 'It is forgotten.', 404: NO_UPLOAD },
      handle: spoken('DELETE'),
    }),
    route('GET /uploads', 'admin', `Uploads of the last ${DAYS} days, newest first, and what has become of them.`, {
      answers: { 200: 'All uploads.' },
      handle: async () => json({ items: await api.uploads(), next: null }),
    }),
    route('GET /uploads/:id', 'admin', 'An upload: receiving, importing, kept as a file, or refused with a sentence.', {
      answers: { 200: 'The upload.', 404: NO_UPLOAD },
      handle: async ({ path }) => json(await api.upload(path['id'] ?? '')),
    }),
  ]
}
