import * as z from 'zod/mini'
import { devicePatchSchema, volunteerPatchSchema } from '../../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../../protocol/ids.ts'
import type { Api } from '../../api/create.ts'
import { ApiProblem } from '../../problem.ts'
import { json, nothing, page, pageQuery, type Route, route, withoutUndefined } from '../route.ts'

const boardQuery = z.object({
  ...page,
  by: z._default(z.optional(z.enum(['volunteer', 'device'], 'by must be volunteer or device.')), 'volunteer'),
  window: z._default(z.optional(z.enum(['day', 'week', 'all'], 'window must be day, week or all.')), 'all'),
})

export function peopleRoutes(api: Api): readonly Route[] {
  return [
    route(
      'GET /leaderboard',
      'public',
      'Volunteers or devices by credit: today (UTC), the last seven days, or all time.',
      {
        query: boardQuery,
        answers: { 200: 'A page of ranks.' },
        handle: async ({ query }) => json(await api.leaderboard(withoutUndefined(query))),
      },
    ),
    route('GET /devices', 'admin', 'Devices, the last seen first.', {
      query: pageQuery,
      answers: { 200: 'A page of devices.' },
      handle: async ({ query }) => json(await api.devices(withoutUndefined(query))),
    }),
    route('PATCH /devices/:id', 'admin', 'Rename, pause, resume or remove a device.', {
      body: devicePatchSchema,
      answers: { 200: 'The device.', 404: 'There is no such device.' },
      handle: async ({ path, body }) => json(await api.patchDevice(path['id'] as DeviceId, body)),
    }),
    route('PATCH /volunteers/:id', 'admin', 'Rename a volunteer, or hide them from every public page.', {
      body: volunteerPatchSchema,
      answers: { 204: 'Done.', 404: 'There is no such volunteer.' },
      handle: async ({ path, body }) => {
        await api.patchVolunteer(path['id'] as VolunteerId, body)
        return nothing
      },
    }),
    route('GET /explain/job/:id', 'admin', 'Why a job is as it is.', {
      answers: { 200: 'Sentences and recent events.', 404: 'There is no such job.' },
      handle: async ({ path }) => json(await api.explain({ job: path['id'] as JobId })),
    }),
    route('GET /explain/task/:id/:index', 'admin', 'Why a task is as it is.', {
      answers: { 200: 'Sentences and recent events.', 404: 'There is no such task.' },
      handle: async ({ path }) => {
        const index = path['index'] ?? ''
        if (!/^\d{1,15}$/.test(index)) throw new ApiProblem(404, 'There is no such task.')
        return json(await api.explain({ job: path['id'] as JobId, task: Number(index) }))
      },
    }),
    route('GET /explain/device/:id', 'admin', 'Why a device is as it is.', {
      answers: { 200: 'Sentences and recent events.', 404: 'There is no such device.' },
      handle: async ({ path }) => json(await api.explain({ device: path['id'] as DeviceId })),
    }),
  ]
}
