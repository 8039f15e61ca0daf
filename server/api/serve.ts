import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { refused } from '#contract'
import { ROUTES, type Route, type RouteName } from '#contract/api'
import type { Scenario } from '#language/definitions'
import { may, memberContext, type Context } from '#kernel/access'
import { viewContext } from '#kernel/members'
import { isLoopback } from '#platform/http'
import type { Tx } from '#platform/db'
import { claimOnce, keepAnswer } from './idempotency.ts'
import { parsed, type Parts } from './parse.ts'
import { noteRefusal } from './refusals.ts'
import { takenAsSuggestion } from './suggestions.ts'
import type { Api, Call, Handlers } from './types.ts'
import { viewedMember } from './view-as.ts'
import { checkOrigin, checkSignedIn, signedInOf, tenantOf } from './who.ts'

type AnyHandler = ((ctx: Context, input: Parts, call: Call) => Promise<unknown>) | { open(call: Call, input: Parts): Promise<unknown> }

/** Every route of the contract, answered: who knocks → what they ask → do it in one transaction → declared shape. */
export function serve(app: FastifyInstance, api: Api, handlers: Handlers): void {
  for (const name of Object.keys(ROUTES) as RouteName[]) serveOne(app, api, ROUTES[name], handlers[name] as unknown as AnyHandler)
}

function serveOne(app: FastifyInstance, api: Api, route: Route, handler: AnyHandler): void {
  const url = route.path.replace(/\{(\w+)\}/g, ':$1')
  app.route({ method: route.method, url, ...(route.mostBytes && { bodyLimit: route.mostBytes }), handler: async (request, reply) => {
    const call = await callOf(api, route, request, reply)
    const input = parsed(route, { params: request.params, query: withoutLang(request.query), body: request.body })
    const work = typeof handler === 'function' ? inTransaction(route, handler, call, input) : handler.open(call, input)
    const answer = await work.catch(async (first: unknown) => { const error = await takenAsSuggestion(route, call, input, first); await noteRefusal(route, call, input, error); throw error })
    return sent(api, route, call, answer)
  } })
}

/** From this machine itself: not through somebody's proxy, and under no name that a stranger's page could have chosen. */
const isHere = ({ address, headers, hostname }: FastifyRequest): boolean =>
  isLoopback(address) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

async function callOf(api: Api, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Call> {
  if (route.loopback && !isHere(request)) refused('NOT_FOUND')
  const tenant = await tenantOf(api.db, request)
  if (api.closed.has(tenant.key)) refused('BUSY')
  const signedIn = route.auth === 'public' ? await signedInOf(api.db, tenant, request).catch(() => null) : await signedInOf(api.db, tenant, request)
  checkSignedIn(route, signedIn)
  checkOrigin(request, route.auth === 'public' ? null : signedIn)
  const facts = { id: request.id, ip: request.address, agent: request.headers['user-agent']?.slice(0, 400) ?? null, idempotencyKey: keyOf(request), lang: request.lang, ...scenarioOf(route, signedIn) }
  return { api, tenant, signedIn, viewing: viewedMember(request, route, signedIn), facts, request, reply }
}

/** What policies may ask about a request. */
const SCENARIOS: Partial<Record<RouteName, Scenario>> = { exportRecords: 'export', startExport: 'export', exportFile: 'export', printRecord: 'print', previewPrint: 'print', bulk: 'bulk' }
function scenarioOf({ name }: Route, signedIn: Call['signedIn']): { scenario?: Scenario } {
  const scenario = SCENARIOS[name as RouteName] ?? (signedIn?.scopes ? 'api' : undefined)
  return scenario ? { scenario } : {}
}

/** `lang` belongs to every address, so no route needs to declare it. */
const withoutLang = (query: unknown): unknown => Object.fromEntries(Object.entries(query as object).filter(([key]) => key !== 'lang'))

function keyOf({ method, headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (method !== 'POST' || typeof key !== 'string') return undefined
  return /^[\x21-\x7e]{1,200}$/.test(key) ? key : refused('REQUEST_INVALID', 'Idempotency-Key', { reason: 'Idempotency-Key: 1–200 ASCII' })
}

type TransactionHandler = (ctx: Context, input: Parts, call: Call) => Promise<unknown>

function inTransaction(route: Route, handler: TransactionHandler, call: Call, input: Parts): Promise<unknown> {
  const work = async (tx: Tx) => {
    const own = await memberContext(tx, call.signedIn!.member, call.facts)
    const ctx = call.viewing === null ? own : await viewContext(own, call.viewing)
    if (route.auth.startsWith('right:') && !may(ctx, route.auth.slice(6) as Parameters<typeof may>[1])) refused('FORBIDDEN')
    return once(route, call, input, tx, () => handler(ctx, input, call))
  }
  return route.method === 'GET' || route.reads ? call.api.db.read(call.tenant, work) : call.api.db.mutate(call.tenant, work)
}

/** Kept per member: one member's key says nothing to another. */
async function once(route: Route, { facts, signedIn }: Call, input: Parts, tx: Tx, work: () => Promise<unknown>): Promise<unknown> {
  if (!facts.idempotencyKey || route.unrecorded || route.reads) return work()
  const key = `${signedIn!.member}:${facts.idempotencyKey}`
  const stored = await claimOnce(tx, { key, route: route.name, request: [input.params, input.body] })
  if (stored) return stored.answer
  const answer = await work()
  await keepAnswer(tx, key, { status: route.status ?? 200, answer })
  return answer
}

async function sent({ settings, log }: Api, route: Route, { request, reply }: Call, answer: unknown): Promise<FastifyReply> {
  if (reply.sent) return reply
  if (settings.checkAnswers) {
    const wire: unknown = JSON.parse(JSON.stringify(answer))
    const problem = route.response.safeParse(wire).error
    if (problem) log.error({ route: route.name, issues: problem.issues }, 'the answer does not have its declared shape')
    if (problem) throw new Error(`The answer of ${route.name} does not have its declared shape: ${problem.message}`)
  }
  const text = JSON.stringify(answer)
  void reply.code(route.status ?? 200).headers({ 'cache-control': 'no-store', vary: 'accept-encoding' }).type('application/json; charset=utf-8')
  return isWorthPacking(text, route, request) ? reply.header('content-encoding', 'gzip').send(await promisify(gzip)(text, { level: 4 })) : reply.send(text)
}

/** Long answers that travel. Never those of signing in: packed length would tell of secrets. */
const isWorthPacking = (text: string, { path }: Route, { address, headers }: FastifyRequest): boolean =>
  text.length > 8_000 && /\bgzip\b/.test(String(headers['accept-encoding'] ?? '')) && !isLoopback(address) && !path.startsWith('/api/v1/auth/')
