import type { FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_DAYS, tenantOfToken } from '#kernel/members'
import { sha256 } from '#platform/crypto'

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

/** What stays in the browser while somebody is at a provider: one for each tab on its way. */
const openingName = (state: string): string => `nextmove_out_${sha256(state).toString('hex').slice(0, 12)}`
const OPENING_SECONDS = 600

export const setOpening = (request: FastifyRequest, reply: FastifyReply, { state, browser }: { state: string; browser: string }): void => void reply.header('set-cookie', cookie(request, browser, OPENING_SECONDS, openingName(state)))
/** Empty when it began elsewhere. */
export const openingCookie = ({ headers }: FastifyRequest, state: string): string => {
  const start = `${openingName(state)}=`
  return (headers.cookie ?? '').split(';').map((each) => each.trim()).find((each) => each.startsWith(start))?.slice(start.length) ?? ''
}
export const clearOpening = (request: FastifyRequest, reply: FastifyReply, state: string): void => void reply.header('set-cookie', cookie(request, '', 0, openingName(state)))

const cookie = ({ prefix, https }: FastifyRequest, value: string, seconds: number, name: string = NAME): string =>
  [`${name}=${value}`, `Path=${prefix || '/'}`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax', ...(https ? ['Secure'] : [])].join('; ')
