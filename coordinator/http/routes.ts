import * as z from 'zod/mini'
import type { AnyKind } from '../../jobs/define.ts'
import type { Api } from '../api/create.ts'
import type { AccessCheck, Sessions } from './access.ts'
import { json, type Route, route } from './route.ts'
import { fileRoutes, uploadRoutes } from './routes/files.ts'
import { jobRoutes } from './routes/jobs.ts'
import { peopleRoutes, poolRoutes } from './routes/pool.ts'

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
  const described = route('GET /openapi.json', 'open', 'This description, from the schemas that parse requests.', {
    answers: { 200: 'OpenAPI 3.1.' },
    handle: async () => json(document),
  })
  routes.push(described)
  const document = openApi(routes, kinds, version)
  return routes
}

/** Answers that any call of this kind of access may get. */
const EVERYWHERE = { 422: 'Invalid or unknown fields, each with its path.' }
const BODY = { 400: 'The body is not JSON.', 413: 'The body is larger than 1 MB.' }

/** OpenAPI 3.1 of the routes, from the schemas that parse their requests. */
function openApi(routes: readonly Route[], kinds: readonly AnyKind[], version: string): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = operation(route)
  }
  const params = kinds.map((kind) => [`${kind.id}Params`, schemaOf(kind.schema)] as const)
  return {
    openapi: '3.1.0',
    info: { title: 'PoolParty', version, description: 'Times are ISO 8601 UTC. Lists are `{ items, next }`.' },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The admin key; for reading, the pool key will do.' },
      },
      schemas: { Problem: PROBLEM, ...Object.fromEntries(params) },
    },
  }
}

function operation(route: Route): object {
  const { access, summary, body, query, streams, answers, path } = route
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1])
  const asked = query === undefined ? null : (schemaOf(query) as { properties?: Record<string, object> })
  const all: Record<string, string> = {
    ...(access === 'open' ? {} : { 401: 'A key is needed.' }),
    ...(body === undefined ? {} : BODY),
    ...(body === undefined && query === undefined ? {} : EVERYWHERE),
    429: 'Too many wrong keys; see Retry-After.',
    ...answers,
  }
  return {
    summary,
    ...(access === 'admin' ? { security: [{ bearer: [] }] } : {}),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(asked?.properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema })),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    ...(streams === undefined
      ? {}
      : { requestBody: { required: true, description: streams, content: { 'application/octet-stream': {} } } }),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, description]) => [status, answer(Number(status), description)]),
    ),
  }
}

function answer(status: number, description: string): object {
  if (status < 400) return { description }
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
}

function schemaOf(schema: z.ZodMiniType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}
