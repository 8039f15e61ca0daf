import type { FastifyRequest } from 'fastify'
import { refused } from '#contract'
import { type Route, VIEW_HEADER, VIEWABLE } from '#contract/api'
import type { SignedIn } from '#kernel/members'
import { hmac, sameSecret } from '#platform/crypto'

const sealOf = (session: string, member: number, until: number): string => hmac(session, `view ${member} ${until}`)

/** Good for this session only, and until then. */
export const viewToken = (session: string, member: number, until: Date): string => `${member}.${until.getTime()}.${sealOf(session, member, until.getTime())}`

/** Through whose eyes this request looks; null: one's own. Refused VIEW_ONLY for whatever is not looking, VIEW_ENDED when it is over. */
export function viewedMember(request: FastifyRequest, route: Route, signedIn: SignedIn | null): number | null {
  const token = request.headers[VIEW_HEADER]
  if (token === undefined) return null
  if (!VIEWABLE.has(route.name)) return refused('VIEW_ONLY')
  const [, member, until, seal] = /^(\d{1,10})\.(\d{1,15})\.([\w-]{1,200})$/.exec(String(token)) ?? []
  const good = signedIn?.session && member && sameSecret(seal!, sealOf(signedIn.session, Number(member), Number(until))) && Number(until) > Date.now()
  return good ? Number(member) : refused('VIEW_ENDED')
}
