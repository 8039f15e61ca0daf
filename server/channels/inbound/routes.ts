import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refused } from '#contract'
import type { Push, PushAnswer } from '#kernel/intake'
import type { PublishedRule } from '#kernel/metadata'
import type { Tenant } from '#platform/db'
import { limiter, readJson, utf8, type Limiter } from '#platform/http'
import { EVENT_HEADER, secretProof, signedProof } from './proof.ts'

/** What the addresses of rules need of the house, handed in by the composition root. */
export interface InboundPorts {
  tenantOf(request: FastifyRequest): Promise<Tenant>
  /** The rule that has this address, and the keys of its senders; null: none has. */
  door(tenant: Tenant, rule: string): Promise<{ rule: PublishedRule; keys: readonly string[] } | null>
  receive(tenant: Tenant, push: Push): Promise<PushAnswer>
  /** Who could not show who they are. */
  refuse(tenant: Tenant, push: Omit<Push, 'raw' | 'body'>, reason: string): Promise<void>
  /** The same key and body within 24 hours gets the same answer without doing it again; another body is refused. */
  once(tenant: Tenant, key: string, body: unknown, work: () => Promise<{ status: number; answer: unknown }>): Promise<{ status: number; answer: unknown }>
}

const MOST_BYTES = 256 * 1024
/** Per rule; and of those who cannot show who they are, per address. */
const PER_MINUTE = 240
const STRANGERS = 20

/** The door for other systems: one address per rule that answers what is sent to it. */
export const inbound = (ports: InboundPorts) => async (app: FastifyInstance): Promise<void> => {
  const limits: Limits = { pushes: limiter('pushes', { points: PER_MINUTE, seconds: 60 }), strangers: limiter('push strangers', { points: STRANGERS, seconds: 60 }) }
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(['application/json', 'text/json', 'text/plain'], { parseAs: 'buffer' }, async (_request: FastifyRequest, given: Buffer) => given)
    scope.post('/intake/pushes/:rule', { bodyLimit: MOST_BYTES }, (request, reply) => push(ports, limits, request, reply))
  })
}

interface Limits { pushes: Limiter; strangers: Limiter }

async function push(ports: InboundPorts, { pushes, strangers }: Limits, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tenant = await ports.tenantOf(request)
  const key = (request.params as { rule: string }).rule
  const door = /^[a-z][a-z0-9_]{0,59}$/.test(key) ? await ports.door(tenant, key) : null
  if (!door) return refused('NOT_FOUND')
  await strangers.check(`${tenant.id} ${request.address}`)
  await pushes.take(`${tenant.id} ${key}`)
  const raw = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  const proof = (proofOf(door.rule) === 'signed' ? signedProof : secretProof)({ headers: request.headers, raw, keys: door.keys, now: Math.floor(Date.now() / 1000) })
  const facts = { rule: key, contentType: request.headers['content-type']?.slice(0, 200) ?? null, ip: request.address || null, agent: request.headers['user-agent']?.slice(0, 400) ?? null, request: request.id }
  if (!proof.ok) {
    await strangers.take(`${tenant.id} ${request.address}`)
    await ports.refuse(tenant, facts, proof.reason)
    return refused('PUSH_NOT_PROVEN')
  }
  const text = utf8(raw)
  const work = async () => ({ status: 200, answer: await ports.receive(tenant, { ...facts, raw: text, body: bodyOf(text) }) })
  const once = eventOf(request) ?? proof.once
  const { status, answer } = once === null ? await work() : await ports.once(tenant, `push:${key}:${once}`, text, work)
  return reply.code(status).header('cache-control', 'no-store').send(answer)
}

const proofOf = ({ trigger }: PublishedRule): 'signed' | 'secret' => (trigger.on === 'pushed' ? trigger.proof : 'signed')

/** The sender's own number of what happened; any two with the same are one. */
function eventOf({ headers }: FastifyRequest): string | null {
  const given = headers[EVENT_HEADER] ?? headers['idempotency-key']
  if (given === undefined) return null
  return typeof given === 'string' && /^[\x21-\x7e]{1,160}$/.test(given) ? `id:${given}` : refused('REQUEST_INVALID', 'X-Event-Id', { reason: 'X-Event-Id: 1–160 ASCII' })
}

function bodyOf(text: string): unknown {
  const body = readJson(text)
  return typeof body === 'object' && body !== null ? body : refused('REQUEST_INVALID', undefined, { reason: '{…}' })
}
