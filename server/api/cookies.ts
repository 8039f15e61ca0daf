import type { FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_DAYS, tenantOfToken } from '#kernel/members'

const NAME = 'nextmove_session'

/** The session cookie of this tenant; null when there is none. A browser may hold one per tenant. */
export function sessionCookie(request: FastifyRequest, tenantKey: string): string | null {
  return cookies(request).find((token) => tenantOfToken(token) === tenantKey) ?? null
}

/** A cookie of another tenant and none of this one: the visitor stands at the wrong door. */
export const isForeign = (request: FastifyRequest, tenantKey: string): boolean => {
  const all = cookies(request)
  return all.length > 0 && all.every((token) => tenantOfToken(token) !== tenantKey)
}

const cookies = ({ headers }: FastifyRequest): string[] =>
  (headers.cookie ?? '').split(';').map((each) => each.trim()).filter((each) => each.startsWith(`${NAME}=`)).map((each) => each.slice(NAME.length + 1))

export const setSession = (request: FastifyRequest, reply: FastifyReply, token: string): void => void reply.header('set-cookie', cookie(request, token, SESSION_DAYS * 86_400))
export const clearSession = (request: FastifyRequest, reply: FastifyReply): void => void reply.header('set-cookie', cookie(request, '', 0))

const cookie = ({ prefix, https }: FastifyRequest, value: string, seconds: number): string =>
  [`${NAME}=${value}`, `Path=${prefix || '/'}`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax', ...(https ? ['Secure'] : [])].join('; ')
