import type { FastifyRequest } from 'fastify'
import { refused } from '#contract'
import type { Route } from '#contract/api'
import { keyHolder, sessionOf, tenantOfKey, type KeyScope, type SignedIn } from '#kernel/members'
import { hmac, sameSecret } from '#platform/crypto'
import type { Database, Tenant } from '#platform/db'
import { isForeign, sessionCookie } from './cookies.ts'

/** The tenant of a request: of its `/t/` prefix, of its host name, or the only one there is. Refused NOT_FOUND. */
export async function tenantOf(db: Database, request: FastifyRequest): Promise<Tenant> {
  if (request.tenantKey) return (await db.tenantByKey(request.tenantKey)) ?? refused('NOT_FOUND')
  const all = await db.tenants()
  if (all.length === 1) return all[0]!
  const [label] = (request.hostname ?? '').split('.')
  return all.find(({ key }) => key === label) ?? refused('NOT_FOUND')
}

/** Who knocks: by API key, else by session cookie. One of another tenant is answered as if nothing were here (decision 22). */
export async function signedInOf(db: Database, tenant: Tenant, request: FastifyRequest): Promise<SignedIn | null> {
  const key = /^Bearer (nm_\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
  if (key) return tenantOfKey(key) === tenant.key ? keyHolder(db, tenant, key) : refused('NOT_FOUND')
  const token = sessionCookie(request, tenant.key)
  if (token) return sessionOf(db, tenant, token)
  return isForeign(request, tenant.key) ? refused('NOT_FOUND') : null
}

/** Proof that a write comes from our own page: a token that only it was told. */
export const csrfOf = (session: string): string => hmac(session, 'csrf')

/** Refused CSRF_FAILED. API keys are not sent by browsers on their own, so they need no proof. */
export function checkOrigin({ method, headers }: FastifyRequest, signedIn: SignedIn | null): void {
  if (method === 'GET' || signedIn?.scopes) return
  const site = headers['sec-fetch-site']
  if (site && site !== 'same-origin' && site !== 'none') refused('CSRF_FAILED')
  if (headers.origin && hostOf(headers.origin) !== headers.host) refused('CSRF_FAILED')
  if (signedIn?.session && !sameSecret(String(headers['x-csrf-token'] ?? ''), csrfOf(signedIn.session))) refused('CSRF_FAILED')
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null)

/** Open to a member who must first choose a password of their own. */
const BEFORE_CHANGE: ReadonlySet<string> = new Set(['me', 'changePassword', 'signOut'])
/** Open to a member whose role asks for a second factor before there is one. */
const BEFORE_ENROLLING: ReadonlySet<string> = new Set(['me', 'signOut', 'twoFactor', 'beginTwoFactor', 'confirmTwoFactor', 'changePassword'])
/** A key cannot do what belongs to a person at a screen. */
const PERSONAL: ReadonlySet<string> = new Set(['changePassword', 'devices', 'revokeDevice', 'revokeOtherDevices', 'createApiKey', 'makeCalendarFeed', 'endCalendarFeed', 'updateMe', 'signOut', 'twoFactor', 'beginTwoFactor', 'confirmTwoFactor', 'renewRecovery', 'endTwoFactor', 'resetTwoFactor', 'setNoticeSettings', 'putSignInProvider', 'deleteSignInProvider', 'unlinkMember'])

/** Refused SIGN_IN_REQUIRED, PASSWORD_CHANGE_REQUIRED, SECOND_FACTOR_SETUP_REQUIRED, FORBIDDEN, SCOPE_MISSING. */
export function checkSignedIn(route: Route, signedIn: SignedIn | null): void {
  if (route.auth === 'public') return
  if (!signedIn) return refused('SIGN_IN_REQUIRED')
  if (signedIn.mustChange && !BEFORE_CHANGE.has(route.name)) refused('PASSWORD_CHANGE_REQUIRED')
  if (signedIn.mustEnroll && !signedIn.mustChange && !BEFORE_ENROLLING.has(route.name)) refused('SECOND_FACTOR_SETUP_REQUIRED')
  if (!signedIn.scopes) return
  if (PERSONAL.has(route.name)) refused('FORBIDDEN')
  const scope = scopeOf(route)
  if (!signedIn.scopes.some((held) => REACHES[held].includes(scope))) refused('SCOPE_MISSING', undefined, { scope })
}

const REACHES: Record<KeyScope, readonly KeyScope[]> = { read: ['read'], write: ['read', 'write'], admin: ['read', 'write', 'admin'] }

function scopeOf({ auth, method, path, reads }: Route): KeyScope {
  if ((method === 'GET' || reads) && auth === 'member') return 'read'
  return auth === 'member' && !path.startsWith('/api/v1/definitions') ? 'write' : 'admin'
}
