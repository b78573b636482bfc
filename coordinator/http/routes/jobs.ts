import * as z from 'zod/mini'
import { estimateSchema, jobPatchSchema, submitSchema } from '../../../protocol/api.ts'
import type { JobId } from '../../../protocol/ids.ts'
import type { Api } from '../../api/create.ts'
import { ApiProblem } from '../../problem.ts'
import { json, nothing, page, type Route, route, wholeNumber, withoutUndefined } from '../route.ts'

const jobsQuery = z.object({
  ...page,
  status: z.optional(
    z.enum(
      ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'],
      'status must be queued, running, paused, done, failed or cancelled.',
    ),
  ),
})
const MOST_WAIT_S = 60
const WAIT = `wait must be a whole number of seconds from 0 to ${MOST_WAIT_S}.`
const jobQuery = z.object({
  wait: z._default(z.optional(wholeNumber(/^([1-5]?\d|60)$/, WAIT)), 0),
})
const resultQuery = z.object({
  format: z._default(
    z.optional(z.string().check(z.regex(/^[a-z][a-z-]{0,30}$/, 'format must be a word like raw or csv, or left out.'))),
    'result',
  ),
})
const MOST_ROWS = 50
const ROWS = `at must be up to ${MOST_ROWS} numbers of rows, perhaps each with a byte in it, like 5,17:301.`
const rowsQuery = z.object({
  at: z.pipe(
    z.string(ROWS).check(z.regex(/^\d{1,15}(:\d{1,15})?(,\d{1,15}(:\d{1,15})?){0,49}$/, ROWS)),
    z.transform((text) =>
      text.split(',').map((place) => {
        const [row = 0, byte] = place.split(':').map(Number)
        return { row, ...(byte === undefined ? {} : { byte }) }
      }),
    ),
  ),
})

const JOB = 'The job.'
const NO_JOB = 'There is no such job.'

export function jobRoutes(api: Api): readonly Route[] {
  const id = (request: { path: Readonly<Record<string, string>> }) => request.path['id'] as JobId
  const action = (name: 'pause' | 'resume' | 'cancel' | 'accept-unchecked', summary: string) =>
    route(`POST /jobs/:id/${name}`, 'admin', summary, {
      answers: { 200: JOB, 404: NO_JOB, 409: 'The job has ended already.' },
      handle: async (request) => json(await api.act(id(request), name)),
    })
  return [
    route('POST /jobs', 'admin', 'Submit a job. `params` are those of the kind; see the schemas named after kinds.', {
      body: submitSchema,
      alsoWrong: api.wrongParams,
      answers: { 201: JOB },
      handle: async ({ body }) => {
        const job = await api.submit(body, 'admin')
        return { type: 'json', status: 201, body: job, headers: { location: `/api/v1/jobs/${job.id}` } }
      },
    }),
    route('GET /jobs', 'public', 'Jobs, newest first.', {
      query: jobsQuery,
      answers: { 200: 'A page of jobs.' },
      handle: async ({ query }) => json(await api.jobs(withoutUndefined(query))),
    }),
    route(
      'GET /jobs/:id',
      'public',
      'A job. `wait` holds the answer back until the job has ended, at most so many seconds.',
      {
        query: jobQuery,
        answers: { 200: JOB, 404: NO_JOB },
        handle: async (request) => json(await api.job(id(request), request.query.wait)),
      },
    ),
    route('PATCH /jobs/:id', 'admin', 'Change the priority of a job.', {
      body: jobPatchSchema,
      answers: { 200: JOB, 404: NO_JOB, 409: 'The job has ended already.' },
      handle: async (request) => json(await api.prioritise(id(request), request.body.priority)),
    }),
    route(
      'DELETE /jobs/:id',
      'admin',
      'Delete a job in any state, cancelling it first. What devices earned stays theirs.',
      {
        answers: { 204: 'It is gone.', 404: NO_JOB },
        handle: async (request) => {
          await api.deleteJob(id(request))
          return nothing
        },
      },
    ),
    action('pause', 'Pause a job; what is under way is still taken.'),
    action('resume', 'Resume a paused job.'),
    action('cancel', 'Cancel a job for good.'),
    action('accept-unchecked', 'Take the results that wait for a second opinion as they are, marked as such.'),
    route('POST /jobs/:id/run-again', 'admin', 'A new job with the same params.', {
      answers: { 201: 'The new job.', 404: NO_JOB, 409: 'The job is still under way.' },
      handle: async (request) => json(await api.act(id(request), 'run-again'), 201),
    }),
    route(
      'GET /jobs/:id/result',
      'public',
      'The result in the form its kind gives it; `format=raw` is the bare payload, `format=csv` a table where it has one, `format=groups` one of its groups over time.',
      {
        query: resultQuery,
        answers: {
          200: 'The result, streamed.',
          404: NO_JOB,
          409: 'The job is not done; `tasksDone` says how far it is.',
          410: 'The job failed or was cancelled, or its outputs were removed.',
        },
        handle: async (request) => ({
          type: 'download',
          download: await api.result(id(request), request.query.format),
        }),
      },
    ),
    route(
      'GET /jobs/:id/rows',
      'admin',
      'Rows of the file a job reads, by their numbers, as they stand there; of long ones a part around a byte.',
      {
        query: rowsQuery,
        answers: {
          200: '`{ row, start, from, text, more }` of each row that is there; positions are bytes of the stored text.',
          404: 'There is no such job, or it reads no rows.',
          410: 'The file was deleted meanwhile.',
        },
        handle: async (request) => json({ items: await api.rows(id(request), request.query.at), next: null }),
      },
    ),
    route(
      'GET /jobs/:id/preview',
      'public',
      'The picture so far, at most 1024 pixels wide or high, transparent where nothing has landed.',
      {
        answers: { 200: 'A PNG.', 404: 'There is no such job, or it has no picture.' },
        handle: async (request) => {
          const bytes = await api.preview(id(request))
          if (!bytes) throw new ApiProblem(404, 'This job has no picture to show.')
          return { type: 'bytes', contentType: 'image/png', bytes }
        },
      },
    ),
    route('GET /jobs/:id/contributions', 'public', 'Who did what share of a job.', {
      answers: { 200: 'Volunteers and devices with their share, 0…1.', 404: NO_JOB },
      handle: async (request) => json({ items: await api.contributions(id(request)), next: null }),
    }),
    route('GET /jobs/:id/decided', 'public', 'Whose output each accepted task has, as runs of tasks.', {
      answers: { 200: 'Runs in task order.', 404: NO_JOB },
      handle: async (request) => json({ items: await api.decided(id(request)), next: null }),
    }),
    route('POST /estimate', 'admin', 'What a job would be, without submitting it.', {
      body: estimateSchema,
      alsoWrong: api.wrongParams,
      answers: {
        200: 'Title, devices, number of tasks and seconds where they can be told; or how long the host first reads the input.',
      },
      handle: async ({ body }) => json(await api.estimate(body)),
    }),
  ]
}
