import type { AnyKind } from '../../../jobs/define.ts'
import { hostPatchSchema, loginSchema } from '../../../protocol/api.ts'
import type { Api } from '../../api/create.ts'
import type { AccessCheck, Sessions } from '../access.ts'
import { json, nothing, type Route, route } from '../route.ts'

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
