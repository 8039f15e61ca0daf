import { z } from 'zod'
import { ERRORS, type ErrorEntry } from '#contract'
import { ROUTES, type Route } from '#contract/api'

type Json = Record<string, unknown>

/** OpenAPI 3.1 of the whole contract. Dynamic values of records are objects whose fields `GET /api/v1/definitions` names. */
export function openApi(version: string): Json {
  const paths: Record<string, Json> = {}
  const shared: Shared = new Map()
  for (const route of Object.values(ROUTES) as Route[]) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, shared) }
  return {
    openapi: '3.1.1',
    info: { title: 'Nextmove · 下一步', version, description: '所有地址都可以加前缀 `/t/{tenant}`。写操作需要 `X-CSRF-Token`（浏览器会话）或 API 密钥；POST 可带 `Idempotency-Key`。\n\nEvery address may be prefixed with `/t/{tenant}`. Writing needs `X-CSRF-Token` (browser session) or an API key; POST takes `Idempotency-Key`.' },
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'nm_<tenant>_<random>' }, session: { type: 'apiKey', in: 'cookie', name: 'nextmove_session' } },
      schemas: { Error: errorSchema(), ...Object.fromEntries([...shared].map(([text, name]) => [name, JSON.parse(text)])) },
      responses: { Error: { description: '错误 · Error', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } } },
    },
  }
}

/** Schemas that refer to themselves stand once among the components: their text, already pointing there → their name. */
type Shared = Map<string, string>

function schemaOf(schema: z.ZodType, io: 'input' | 'output', shared: Shared): Json {
  const { $schema: _, $defs = {}, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', cycles: 'ref' }) as Json & { $defs?: Record<string, Json> }
  return pointed(json, new Map(Object.entries($defs).map(([key, each]) => [key, share(key, each, shared)]))) as Json
}

function share(key: string, definition: Json, shared: Shared): string {
  const known = [...shared].find(([text, each]) => text === textOf(definition, key, each))?.[1]
  if (known) return known
  const name = `Shape${shared.size + 1}`
  shared.set(textOf(definition, key, name), name)
  return name
}

const textOf = (definition: Json, key: string, name: string): string => JSON.stringify(pointed(definition, new Map([[key, name]])))

function pointed(json: unknown, names: ReadonlyMap<string, string>): unknown {
  return JSON.parse(JSON.stringify(json).replace(/"#\/\$defs\/([^"]+)"/g, (whole, key: string) => (names.has(key) ? `"#/components/schemas/${names.get(key)!}"` : whole)))
}

function operation(route: Route, shared: Shared): Json {
  return {
    operationId: route.name, summary: `${route.summary.zh} · ${route.summary.en}`, tags: [route.path.split('/')[3]],
    description: `auth: ${route.auth}${route.loopback ? ', loopback only' : ''}`,
    ...(route.auth === 'public' && { security: [] }),
    parameters: [...parametersOf(route.params, 'path', shared), ...parametersOf(route.query, 'query', shared), ...(route.method === 'POST' && !route.unrecorded ? [IDEMPOTENCY] : [])],
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input', shared) } } } }),
    responses: {
      [String(route.status ?? 200)]: { description: 'OK', content: { [route.name === 'stream' ? 'text/event-stream' : 'application/json']: { schema: schemaOf(route.response, 'output', shared) } } },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

const IDEMPOTENCY = { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 200 }, description: '24 h' }

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query', shared: Shared): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input', shared) as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, each]) => ({ name, in: where, required: where === 'path' || required.includes(name), ...(isPlain(each) ? { schema: each } : { content: { 'application/json': { schema: each } } }) }))
}

const isPlain = ({ type, anyOf }: Json): boolean => typeof type === 'string' ? type !== 'object' && type !== 'array' : anyOf === undefined

function errorSchema(): Json {
  const codes = Object.entries(ERRORS as Record<string, ErrorEntry>).map(([code, { status, zh, en }]) => `- \`${code}\` (${status}) ${zh} · ${en}`)
  return {
    type: 'object', required: ['error'], description: codes.join('\n'),
    properties: { error: { type: 'object', required: ['code', 'message', 'path', 'remedy', 'requestId'], properties: {
      code: { type: 'string', enum: Object.keys(ERRORS) }, message: { type: 'string' }, path: { type: ['string', 'null'] }, remedy: { type: 'string' }, requestId: { type: 'string' } } } },
  }
}
