import type { AnyKind } from '../../jobs/define.ts'
import type { Api } from '../api/port.ts'
import type { AccessCheck } from './access.ts'
import { openApi } from './openapi.ts'
import { json, type Route, route } from './route.ts'
import { fileRoutes } from './routes/files.ts'
import { jobRoutes } from './routes/jobs.ts'
import { peopleRoutes } from './routes/people.ts'
import { poolRoutes } from './routes/pool.ts'
import { uploadRoutes } from './routes/uploads.ts'
import type { Sessions } from './sessions.ts'

/** Every route of /api/v1, and the description of them all. */
export function createRoutes(parts: {
  api: Api
  kinds: readonly AnyKind[]
  sessions: Sessions
  access: AccessCheck
  version: string
  applications: readonly { readonly routes: readonly Route[] }[]
}): readonly Route[] {
  const { api, kinds, sessions, access, version, applications } = parts
  const routes: Route[] = [
    ...jobRoutes(api),
    ...applications.flatMap(({ routes }) => routes),
    ...fileRoutes(api),
    ...uploadRoutes(api),
    ...peopleRoutes(api),
    ...poolRoutes(api, { kinds, sessions, access }),
  ]
  const described = route({
    method: 'GET',
    path: '/openapi.json',
    access: 'open',
    summary: 'This description, from the schemas that parse requests.',
    answers: { 200: 'OpenAPI 3.1.' },
    handle: async () => json(document),
  })
  routes.push(described)
  const document = openApi(routes, kinds, version)
  return routes
}
