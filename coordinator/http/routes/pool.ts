import * as z from 'zod/mini'
import type { AnyKind } from '../../../jobs/define.ts'
import { devicePatchSchema, hostPatchSchema, loginSchema, volunteerPatchSchema } from '../../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../../protocol/ids.ts'
import type { Api } from '../../api/create.ts'
import { ApiProblem } from '../../problem.ts'
import type { AccessCheck, Sessions } from '../access.ts'
import { json, nothing, page, pageQuery, type Route, route, withoutUndefined } from '../route.ts'

/** The pool itself, the host, and who is at the keyboard. */
export function poolRoutes(
  api: Api,
  parts: { kinds: readonly AnyKind[]; sessions: Sessions; access: AccessCheck },
): readonly Route[] {
  const { kinds, sessions, access } = parts
  return [
    route('GET /about', 'open', 'Name and addresses of this pool, and whether it asks for a key.', {
      answers: { 200: 'The pool.' },
      handle: async ({ isAdmin }) => {
        const about = await api.about()
        const keyless = (text: string | null) => text?.replace(/#[^']*/, '') ?? null
        const { joinUrl, agentCommand } = about
        return json(isAdmin ? about : { ...about, joinUrl: keyless(joinUrl), agentCommand: keyless(agentCommand) })
      },
    }),
    route('GET /now', 'public', 'Who is here and what is computed.', {
      answers: { 200: 'The pool right now.' },
      handle: async () => json(await api.now()),
    }),
    route('GET /kinds', 'public', 'What this pool can compute, with presets.', {
      answers: { 200: 'The kinds.' },
      handle: async () => {
        const items = kinds.map(({ id, summary, gallery }) => ({ id, summary, gallery }))
        return json({ items, next: null })
      },
    }),
    route('GET /me', 'open', 'What this browser or key may do.', {
      answers: { 200: '`admin` and `entered`.' },
      handle: async ({ isAdmin, cookie }) => json({ admin: isAdmin, entered: isAdmin || sessions.mayEnter(cookie) }),
    }),
    route('POST /login', 'open', 'Exchange the admin key for a session cookie.', {
      body: loginSchema,
      answers: { 204: 'The cookie is set.', 401: 'The key is wrong.', 429: 'Too many wrong keys; see Retry-After.' },
      handle: async ({ body, address }) => {
        access.login(address, body.key)
        return { type: 'nothing', headers: { 'set-cookie': sessions.login() } }
      },
    }),
    route('POST /logout', 'open', 'End the admin session of this cookie for good.', {
      answers: { 204: 'The session is over.' },
      handle: async ({ cookie }) => ({
        type: 'nothing',
        headers: { 'set-cookie': await sessions.logout(cookie) },
      }),
    }),
    route('POST /enter', 'open', 'Exchange the pool key for a cookie that lets a browser see this pool.', {
      body: loginSchema,
      answers: { 204: 'The cookie is set.', 401: 'The key is wrong.', 429: 'Too many wrong keys; see Retry-After.' },
      handle: async ({ body, address }) => {
        if (!sessions.poolKeyNeeded) return nothing
        access.enter(address, body.key)
        return { type: 'nothing', headers: { 'set-cookie': sessions.enter() } }
      },
    }),
    route('GET /host', 'admin', 'Whether the machine of this pool computes too.', {
      answers: { 200: '`working` and `threads`.' },
      handle: async () => json(await api.host()),
    }),
    route('PATCH /host', 'admin', 'Let the machine of this pool join or leave; it is remembered.', {
      body: hostPatchSchema,
      answers: { 200: '`working` and `threads`.' },
      handle: async ({ body }) => {
        await api.setHost(body.working)
        return json(await api.host())
      },
    }),
    route('GET /disk', 'admin', 'What the pool keeps on the disk, and what is free.', {
      answers: { 200: 'Bytes of database and outputs, and free bytes.' },
      handle: async () => json(await api.diskUse()),
    }),
  ]
}

const boardQuery = z.object({
  ...page,
  by: z._default(z.optional(z.enum(['volunteer', 'device'], 'by must be volunteer or device.')), 'volunteer'),
  window: z._default(z.optional(z.enum(['day', 'week', 'all'], 'window must be day, week or all.')), 'all'),
})

/** Who contributes, and why things are as they are. */
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
