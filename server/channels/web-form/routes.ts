import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refused, refused } from '#contract'
import type { Intake, Submission } from '#kernel/intake'
import type { Metadata } from '#kernel/metadata'
import type { Form } from '#language/definitions'
import type { Tenant } from '#platform/db'
import { limiter, problemOf, visitOf, type Limiter } from '#platform/http'
import { formPage, problemPage, thanksPage, type PageFacts } from './page.ts'
import { readSubmissions, type ReadBody } from './read.ts'
import { readVisit, type VisitReport } from './visit.ts'

/** What the public forms need of the house, handed in by the composition root. */
export interface WebFormPorts {
  intake: Intake
  tenantOf(request: FastifyRequest): Promise<Tenant>
  metadata(tenant: Tenant): Promise<Metadata>
  regionOfIp(ip: string | null): Promise<string | null>
  recordVisit(tenant: Tenant, form: Form, report: VisitReport): Promise<void>
  /** The file of a material, null when there is none. */
  materialFile(file: string): string | null
  /** The same key and body within 24 hours gets the same answer without doing it again; another body is refused. */
  once(tenant: Tenant, key: string, body: unknown, work: () => Promise<{ status: number; answer: unknown }>): Promise<{ status: number; answer: unknown }>
}

/** Public doors: submissions from anywhere a form allows, the hosted page, and what visitors of it do. */
export const webForm = (given: WebFormPorts) => async (app: FastifyInstance): Promise<void> => {
  const ports: House = { ...given, limiters: new Map(), visits: limiter('visits', { points: VISITS_PER_MINUTE, seconds: 60 }) }
  await app.register(async (scope) => {
    readSubmissions(scope)
    scope.options('/intake/forms/:form', (request, reply) => preflight(ports, request, reply))
    scope.post('/intake/forms/:form', (request, reply) => submit(ports, request, reply))
    scope.options('/intake/behaviours', (_request, reply) => allow(reply, '*').code(204).send())
    scope.post('/intake/behaviours', (request, reply) => visit(ports, request, reply))
  })
  app.get('/f/assets/:file', serveAsset)
  app.get('/f/:form', (request, reply) => page(ports, request, reply))
  app.get('/f/:form/materials/:material', (request, reply) => material(ports, request, reply))
}

/** The ports, and what this application has counted. */
interface House extends WebFormPorts { limiters: Map<string, Limiter>; visits: Limiter }
interface Door { tenant: Tenant; form: Form }

async function doorOf(ports: House, request: FastifyRequest): Promise<Door> {
  const tenant = await ports.tenantOf(request)
  const form = await ports.intake.form(tenant, (request.params as { form: string }).form)
  return form ? { tenant, form } : refused('NOT_FOUND')
}

/** Per form and address; a changed limit starts a new count. */
function limitOf({ limiters }: House, { tenant, form }: Door): Limiter {
  const name = `form:${tenant.id}:${form.key}:${form.perMinutePerIp}`
  const known = limiters.get(name) ?? limiter(name, { points: form.perMinutePerIp, seconds: 60 })
  limiters.set(name, known)
  return known
}

async function submit(ports: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const door = await doorOf(ports, request)
  admit(door.form, request, reply)
  await limitOf(ports, door).take(request.address)
  const { raw, body } = request.body as ReadBody ?? refused('REQUEST_INVALID', undefined, { reason: '{…}' })
  const submission: Submission = { form: door.form, body: withVisit(request, body), raw, contentType: request.headers['content-type']?.slice(0, 200) ?? null, ip: request.address || null, ipRegion: await ports.regionOfIp(request.address), agent: request.headers['user-agent']?.slice(0, 400) ?? null, request: request.id, lang: request.lang }
  const work = async () => answerOf(await ports.intake.submit(door.tenant, submission))
  const key = request.headers['idempotency-key']
  if (fromPage(request)) return showAnswer(ports, door, request, reply, work)
  const { status, answer } = typeof key === 'string' ? await ports.once(door.tenant, checkedKey(key, door.form), body, work) : await work()
  return reply.code(status).header('cache-control', 'no-store').send(answer)
}

/** Whoever came by a tracking link before is known by the cookie that it left, also where the page has lost its name. */
function withVisit(request: FastifyRequest, body: ReadBody['body']): ReadBody['body'] {
  const visit = 'nm_visit' in body || '_visit' in body ? null : visitOf(request)
  return visit === null ? body : { ...body, _visit: visit }
}

const checkedKey = (key: string, form: Form): string => (/^[\x21-\x7e]{1,200}$/.test(key) ? `form:${form.key}:${key}` : refused('REQUEST_INVALID', 'Idempotency-Key', { reason: 'Idempotency-Key: 1–200 ASCII' }))

type Answered = Awaited<ReturnType<Intake['submit']>>
function answerOf(result: Answered): { status: number; answer: unknown } {
  if (!result.ok) throw new Refused(result.refusal)
  const { id, status, reopened } = result.answer
  return { status: 201, answer: { id, status, ...(reopened ? { reopened } : {}) } }
}

/** A browser without script posts the form itself and wants a page back. */
const fromPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html')

async function showAnswer(ports: House, door: Door, request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  const facts = await factsOf(ports, door, request)
  try {
    await work()
    return html(reply.code(201), thanksPage(facts))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { status, body } = problemOf(error.refusal, request.lang, request.id)
    return html(reply.code(status), problemPage(facts, body.error.message))
  }
}

/** Refused FORBIDDEN from a page of an origin that the form does not allow. */
function admit(form: Form, request: FastifyRequest, reply: FastifyReply): void {
  const { origin, host } = request.headers
  if (!origin || (URL.canParse(origin) && new URL(origin).host === host)) return
  if (!form.origins.includes('*') && !form.origins.includes(origin)) refused('FORBIDDEN')
  allow(reply, form.origins.includes('*') ? '*' : origin)
}

const allow = (reply: FastifyReply, origin: string): FastifyReply => reply.headers({
  'access-control-allow-origin': origin, 'access-control-allow-methods': 'POST, OPTIONS', 'access-control-allow-headers': 'content-type, idempotency-key',
  'access-control-max-age': '600', 'cross-origin-resource-policy': 'cross-origin', vary: 'origin',
})

async function preflight(ports: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { form } = await doorOf(ports, request)
  admit(form, request, reply)
  return reply.code(204).send()
}

const VISITS_PER_MINUTE = 240

async function visit(ports: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  allow(reply, '*')
  await ports.visits.take(request.address)
  const tenant = await ports.tenantOf(request)
  const report = readVisit((request.body as ReadBody | undefined)?.body ?? {})
  const form = (await ports.intake.form(tenant, report.form)) ?? refused('NOT_FOUND')
  if (report.material && !form.materials?.some(({ key }) => key === report.material)) refused('NOT_FOUND')
  await ports.recordVisit(tenant, form, report)
  return reply.code(204).send()
}

async function page(ports: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const door = await doorOf(ports, request)
  return html(reply, formPage(await factsOf(ports, door, request)))
}

async function factsOf(ports: House, { tenant, form }: Door, request: FastifyRequest): Promise<PageFacts> {
  const metadata = await ports.metadata(tenant)
  return { form, lang: request.lang, company: tenant.name, base: request.prefix, field: (key) => metadata.objects.get(form.object)?.field.get(key), dictionary: (key) => metadata.dictionaries.get(key) }
}

const html = (reply: FastifyReply, text: string): FastifyReply => reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)

const ASSETS: Record<string, string> = { 'form.css': 'text/css; charset=utf-8', 'form.js': 'text/javascript; charset=utf-8' }
async function serveAsset(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { file } = request.params as { file: string }
  const type = Object.hasOwn(ASSETS, file) ? ASSETS[file]! : refused('NOT_FOUND')
  return reply.header('cache-control', 'public, max-age=300').type(type).send(await readFile(path.join(import.meta.dirname, 'assets', file)))
}

async function material(ports: House, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { form } = await doorOf(ports, request)
  const offered = form.materials?.find(({ key }) => key === (request.params as { material: string }).material)
  const file = offered && ports.materialFile(offered.file)
  if (!file) return refused('NOT_FOUND')
  const name = `${offered.label[request.lang]}${path.extname(file)}`
  return reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`).type('application/octet-stream').send(await readFile(file))
}
