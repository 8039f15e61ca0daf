import type { FastifyRequest } from 'fastify'

/** Under this name a browser that came by one of this tenant's addresses is known again. */
export const VISIT_COOKIE = 'nextmove_visit'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function visitOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const given = (headers.cookie ?? '').split(';').map((each) => each.trim()).find((each) => each.startsWith(`${VISIT_COOKIE}=`))?.slice(VISIT_COOKIE.length + 1) ?? ''
  return UUID.test(given) ? given : null
}
