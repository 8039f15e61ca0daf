import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Refusal, Refused, refuse } from '#contract'
import { type Log, metrics } from '#platform/telemetry'
import { addressReader } from './address.ts'
import { readJson, utf8 } from './body.ts'
import { secure } from './headers.ts'
import { type Language, languageOf } from './language.ts'
import { problemOf } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** From the `/t/{tenant}` prefix, which routes do not see. */
    tenantKey: string | null
    /** `/t/{tenant}` or empty: what links back into this tenant begin with. */
    prefix: string
    address: string
    lang: Language
    https: boolean
    /** A file on its way in, not yet read; undefined for every other body. */
    upload?: Readable
  }
}

export interface HttpOptions {
  log: Log
  /** Proxies whose X-Forwarded-* is believed: addresses or CIDR ranges. */
  trustedProxies?: readonly string[]
  /** What an error that is no refusal means to a client; undefined: an internal error. */
  refusalOf?(error: unknown): Refusal | undefined
}

const BODY_LIMIT = 1_048_576
/** Longer than a proxy keeps a quiet connection (60 s is usual): who closes first must not be who is asked. */
const KEPT_OPEN_MS = 75_000
const PREFIX = /^\/t\/([a-z][a-z0-9-]{0,39})(?=\/|\?|$)/

/**
 * An HTTP application with the house's manners: request numbers, strict JSON, safe headers, errors as declared sentences.
 * What is not found is the caller's to answer (setNotFoundHandler).
 */
export function createApp(options: HttpOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: options.log, logController: new LogController({ disableRequestLogging: true }), bodyLimit: BODY_LIMIT, requestTimeout: 300_000, keepAliveTimeout: KEPT_OPEN_MS,
    genReqId: () => randomBytes(9).toString('base64url'), rewriteUrl: withoutPrefix, http: { maxHeaderSize: 65_536 }, routerOptions: { maxParamLength: 200 }, forceCloseConnections: true, exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerError(options, error, request, reply as FastifyReply),
  }) as unknown as FastifyInstance
  describeRequests(app, options)
  readBodies(app)
  app.addHook('onResponse', noteRequest)
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply))
  return app
}

const prefixes = new WeakMap<IncomingMessage, string>()

function withoutPrefix(this: unknown, raw: IncomingMessage): string {
  const url = raw.url ?? '/'
  const key = PREFIX.exec(url)?.[1]
  if (!key) return url
  prefixes.set(raw, key)
  const rest = url.slice(3 + key.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function describeRequests(app: FastifyInstance, { trustedProxies = [] }: HttpOptions): void {
  const addressOf = addressReader(trustedProxies)
  app.decorateRequest('tenantKey', null)
  app.decorateRequest('prefix', '')
  app.decorateRequest('address', '')
  app.decorateRequest('lang', 'zh')
  app.decorateRequest('https', false)
  app.addHook('onRequest', async (request, reply) => {
    request.tenantKey = prefixes.get(request.raw) ?? null
    request.prefix = request.tenantKey ? `/t/${request.tenantKey}` : ''
    request.address = addressOf(request.raw)
    request.lang = languageOf(request.headers, request.url)
    const proxied = trustedProxies.length > 0 && request.headers['x-forwarded-proto'] === 'https'
    request.https = proxied || request.protocol === 'https'
    reply.header('x-request-id', request.id)
    secure(reply, request.https)
  })
}

/** JSON, and a file as it comes (`application/octet-stream`), unless a route brings its own reader. A file's length is its taker's to limit. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => readJson(utf8(body)))
  app.addContentTypeParser('application/octet-stream', async (request: FastifyRequest, body: IncomingMessage) => { request.upload = body })
}

function answerError({ refusalOf, log }: HttpOptions, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = (error instanceof Refused ? error.refusal : undefined) ?? refusalOf?.(error) ?? frameworkRefusal(error, request)
  if (!refusal) log.error({ err: error, requestId: request.id, route: request.routeOptions?.url }, 'request failed')
  const { status, body } = problemOf(refusal ?? refuse('INTERNAL'), request.lang ?? 'zh', request.id)
  if (status === 503) void reply.header('retry-after', '2')
  if (status === 429) void reply.header('retry-after', String(refusal?.params?.['seconds'] ?? 1))
  return reply.code(status).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(body)
}

/** What Fastify itself refuses before a route is asked. */
function frameworkRefusal(error: unknown, request: FastifyRequest): Refusal | undefined {
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('BODY_TOO_LARGE', undefined, { limit: sizeOf(request.routeOptions?.bodyLimit ?? BODY_LIMIT) })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refuse('MEDIA_TYPE_UNSUPPORTED')
  if (statusCode === 404) return refuse('NOT_FOUND')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return refuse('REQUEST_INVALID', undefined, { reason: code ?? 'HTTP' })
  return undefined
}

const sizeOf = (bytes: number): string => (bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / 1_048_576)} MB`)

async function noteRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const route = request.routeOptions.url ?? 'none'
  const { requests } = await metrics()
  requests.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  if (route === '/healthz' || route === '/readyz' || route === '/metrics') return
  request.log.info({ requestId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip: request.address, tenant: request.tenantKey ?? undefined }, 'request')
}
