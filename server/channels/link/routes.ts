import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Opening, TrackingLink } from '#kernel/journey'
import type { Tenant } from '#platform/db'
import { limiter, VISIT_COOKIE, visitOf, type Limiter } from '#platform/http'
import { isMachine } from './machines.ts'
import { deadPage } from './page.ts'

/** What the addresses of tracking links need of the house, handed in by the composition root. */
export interface LinkPorts {
  tenantOf(request: FastifyRequest): Promise<Tenant>
  linkAt(tenant: Tenant, token: string): Promise<TrackingLink | null>
  noteOpening(tenant: Tenant, link: TrackingLink, opening: Opening): Promise<void>
  /** What could not be kept: whoever opens the link is sent on all the same. */
  onTrouble(error: unknown, tenant: Tenant): void
}

const PER_MINUTE = 120

/** The addresses of tracking links: whoever opens one is sent on to the target that stands in it, and to no other. */
export const links = (ports: LinkPorts) => async (app: FastifyInstance): Promise<void> => {
  const opened = limiter('links', { points: PER_MINUTE, seconds: 60 })
  app.route({ method: ['GET', 'HEAD'], url: '/l/:token', handler: (request, reply) => open(ports, opened, request, reply) })
}

async function open(ports: LinkPorts, opened: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { token } = request.params as { token: string }
  await opened.take(request.address)
  const tenant = await ports.tenantOf(request)
  const link = /^[A-Za-z0-9-]{1,40}$/.test(token) ? await ports.linkAt(tenant, token) : null
  if (!link) return reply.code(404).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(deadPage(tenant, request))
  const machine = isMachine(request)
  const known = machine ? null : visitOf(request)
  const visitor = known ?? randomUUID()
  if (request.method !== 'HEAD') await ports.noteOpening(tenant, link, { visitor, machine }).catch((error: unknown) => ports.onTrouble(error, tenant))
  if (!machine) void reply.header('set-cookie', cookieOf(request, visitor))
  return reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' }).redirect(machine || !link.carries ? link.target : carrying(link.target, visitor), 302)
}

/** The name of the parameter under which a target learns the visitor's name here. */
const PARAMETER = 'nm_visit'

function carrying(target: string, visitor: string): string {
  const url = new URL(target)
  url.searchParams.set(PARAMETER, visitor)
  return url.href
}

const HALF_A_YEAR = 180 * 86_400

/** First-party, of this tenant's addresses alone, out of reach of scripts. */
const cookieOf = ({ prefix, https }: FastifyRequest, visitor: string): string =>
  `${VISIT_COOKIE}=${visitor}; Path=${prefix}/; Max-Age=${HALF_A_YEAR}; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`
