import type { UploadView } from '../../protocol/api.ts'
import type { UploadState } from '../inputs/upload-states.ts'
import type { TusAnswer, TusRequest, Uploads } from '../inputs/uploads.ts'
import { fileProblem } from './file-problem.ts'
import { ApiProblem } from './problem.ts'

export interface UploadsApi {
  /** One request of the tus protocol. */
  speak(request: TusRequest): Promise<TusAnswer>
  /** Newest first, with those that ended lately. */
  list(): Promise<readonly UploadView[]>
  get(id: string): Promise<UploadView>
}

export function createUploadsApi(uploads: Uploads): UploadsApi {
  return {
    speak: (request) => uploads.speak(request).catch(fileProblem),
    list: async () => (await uploads.list()).map(view),
    async get(id) {
      const upload = await uploads.get(id)
      if (!upload) throw new ApiProblem(404, 'There is no such upload.')
      return view(upload)
    },
  }
}

function view(upload: UploadState): UploadView {
  if (upload.state !== 'refused') return upload
  const { reason: _, words: problem, ...rest } = upload
  return { ...rest, problem }
}
