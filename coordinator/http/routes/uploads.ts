import { MAX_FILE_BYTES } from '../../../protocol/limits.ts'
import type { Api } from '../../api/create.ts'
import { UPLOAD_KEPT_MS } from '../../inputs/upload-records.ts'
import type { TusRequest } from '../../inputs/uploads.ts'
import { drain, json, type Route, route } from '../route.ts'
import { HttpProblem } from '../send.ts'

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
