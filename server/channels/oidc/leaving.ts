import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JWK, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { OidcFailed } from './failed.ts'

/** What a provider says: this session of its, or all of this person's, are over. At least one of both is there. */
export interface Leaving { subject: string | null; sid: string | null; /** The name of this notice: it counts once. */ notice: string }
export interface Expecting { issuer: string; clientId: string; algorithms: readonly string[]; /** Seconds. */ now: number }

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Clocks differ; and a notice that comes later than this is none. */
const [SKEW, LATEST] = [60, 600]
/** How long the name of a notice has to be remembered, in seconds. */
export const REMEMBERED = LATEST + 2 * SKEW

/**
 * OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6: signed by a key that the provider publishes now, by this issuer for this client, of this
 * hour, with the event and without a nonce, about a session or a person. Throws OidcFailed unproven. Whether it was heard before is the caller's question.
 */
export async function leavingIn(token: string, expecting: Expecting, keysOf: () => Promise<readonly unknown[]>): Promise<Leaving> {
  const said = saidIn(token) ?? unproven('not a token')
  const wrong = wrongIn(said, expecting)
  if (wrong) unproven(wrong)
  if (!(await isSigned(token, await keysOf(), expecting))) unproven('not signed by a key of the provider')
  return { subject: nameIn(said.claims.sub), sid: nameIn(said.claims['sid']), notice: String(said.claims.jti) }
}

/** What a token says, its signature not looked at yet. */
interface Said { head: ProtectedHeaderParameters; claims: JWTPayload }
const LONGEST = 16_000

function saidIn(token: string): Said | null {
  try {
    return token.length > LONGEST ? null : { head: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    return null
  }
}

/** By one of these keys (RFC 7517), with an algorithm that is allowed; where it names no key, each that fits is tried. */
async function isSigned(token: string, keys: readonly unknown[], { algorithms, now }: Expecting): Promise<boolean> {
  const options = { algorithms: [...algorithms], currentDate: new Date(now * 1000), clockTolerance: SKEW }
  const isBy = (key: JWK) => jwtVerify(token, createLocalJWKSet({ keys: [key] }), options).then(() => true, () => false)
  for (const key of keys) if (typeof key === 'object' && key !== null && (await isBy(key as JWK))) return true
  return false
}

function unproven(en: string): never { throw new OidcFailed('unproven', { zh: '退出通知无效', en: `logout token: ${en}` }) }

/** The first thing that is wrong with what it says; '' where nothing is. */
function wrongIn({ head, claims }: Said, { issuer, clientId, now }: Expecting): string {
  const { iss, aud, iat, exp, events, nonce, jti, sub, sid } = claims
  const about = typeof events === 'object' && events !== null ? (events as Record<string, unknown>)[EVENT] : undefined
  const checks: readonly [boolean, string][] = [
    [head['typ'] === undefined || (typeof head['typ'] === 'string' && /^(application\/)?(logout\+)?jwt$/i.test(head['typ'])), 'another kind of token'],
    [iss === issuer, 'another issuer'],
    [[aud].flat().includes(clientId), 'another audience'],
    [isTime(iat) && iat <= now + SKEW && iat >= now - LATEST - SKEW, 'not of now'],
    [exp === undefined || (isTime(exp) && exp > now - SKEW), 'expired'],
    [typeof about === 'object' && about !== null && !Array.isArray(about), 'not about leaving'],
    [nonce === undefined, 'with a nonce'],
    [nameIn(jti) !== null, 'without a name'],
    [[sub, sid].every((each) => each === undefined || nameIn(each) !== null) && (sub !== undefined || sid !== undefined), 'of nobody'],
  ]
  return checks.find(([holds]) => !holds)?.[1] ?? ''
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const nameIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' && value.length <= 255 ? value : null)
