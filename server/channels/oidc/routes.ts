import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Tenant } from '#platform/db'
import { limiter, networkOf, type Limiter } from '#platform/http'
import { OidcFailed } from './failed.ts'

/** What the address for notices of leaving needs of the house, handed in by the composition root. */
export interface SignOutPorts {
  tenantOf(request: FastifyRequest): Promise<Tenant>
  /** Ends what the notice says. Throws OidcFailed; false: there is no such provider. */
  leave(tenant: Tenant, key: string, token: string, facts: { ip: string | null; agent: string | null; id: string }): Promise<boolean>
}

const MOST_BYTES = 32 * 1024
/** An office whose people all leave at six is no attack; what does not hold is counted. */
const STRANGERS = 30

/** OpenID Connect Back-Channel Logout 1.0, 2.5 and 2.8: the provider itself posts a form, no browser is there. */
export const signOutDoor = (ports: SignOutPorts) => async (app: FastifyInstance): Promise<void> => {
  const strangers = limiter('sign-out strangers', { points: STRANGERS, seconds: 60 })
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, async (_request: FastifyRequest, given: Buffer) => given)
    scope.post('/sign-in/through/:key/leave', { bodyLimit: MOST_BYTES }, (request, reply) => hear(ports, strangers, request, reply))
  })
}

async function hear(ports: SignOutPorts, strangers: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tenant = await ports.tenantOf(request)
  const from = `${tenant.id} ${networkOf(request.address)}`
  await strangers.check(from)
  const { key } = request.params as { key: string }
  const given = request.body instanceof Buffer ? new URLSearchParams(request.body.toString('utf8')).getAll('logout_token') : []
  const done = given.length === 1 && /^[a-z0-9_-]{1,60}$/.test(key) ? await ports.leave(tenant, key, given[0]!, { ip: request.address || null, agent: request.headers['user-agent']?.slice(0, 400) ?? null, id: request.id }).catch(troubleOf) : 'invalid'
  if (done === true) return answer(reply, 200)
  if (done !== 'away') await strangers.take(from)
  return done === 'away' ? answer(reply, 503, 'temporarily_unavailable') : answer(reply, 400, 'invalid_request')
}

function troubleOf(error: unknown): 'away' | 'invalid' {
  if (!(error instanceof OidcFailed)) throw error
  return error.kind === 'unproven' ? 'invalid' : 'away'
}

const answer = (reply: FastifyReply, status: number, error?: string): FastifyReply => reply.code(status).header('cache-control', 'no-store').send(error === undefined ? '' : { error })
