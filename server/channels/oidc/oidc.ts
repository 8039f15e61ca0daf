import { allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, buildEndSessionUrl, calculatePKCECodeChallenge, type ClientAuth, ClientSecretBasic, ClientSecretPost, Configuration, customFetch, discovery, enableNonRepudiationChecks, fetchUserInfo, type IDToken, None, type ServerMetadata } from 'openid-client'
import { type Egress, EgressFailed } from '#platform/egress'
import { Recent } from '#platform/recent'
import { OidcFailed } from './failed.ts'
import { fetchThrough } from './fetching.ts'
import { type Leaving, leavingIn } from './leaving.ts'

/** What this house is to a provider. `secret` null: a public client, proven by PKCE alone. */
export interface OidcClient { issuer: string; clientId: string; secret: string | null }
/** What was drawn when somebody set out, and must come back. */
export interface Opening { redirect: string; state: string; nonce: string; verifier: string }
/** Who the provider says it is. E-mail and phone only where the provider has verified them. */
export interface ProvenPerson { subject: string; email: string | null; phone: string | null; name: string | null; /** Their id_token, to name the session when they leave. */ hint: string; /** The provider's own name of the session. */ sid: string | null }

export interface EnterpriseDoor {
  /** What the issuer says of itself, read anew. Throws OidcFailed away, unusable. */
  look(issuer: string): Promise<{ logout: boolean }>
  /** The address to which somebody sets out. */
  setOut(client: OidcClient, opening: Opening): Promise<string>
  /** Who came back with this query. Throws OidcFailed. One code is exchanged once; the caller sees that an opening is used once. */
  comeBack(client: OidcClient, opening: Opening, query: string): Promise<ProvenPerson>
  /** Who left, as this logout token of the provider says; `now` in seconds. Throws OidcFailed. The caller sees that each counts once. */
  heard(client: Pick<OidcClient, 'issuer' | 'clientId'>, token: string, now: number): Promise<Leaving>
  /** Where the provider's own session is ended; null: it offers no such thing. */
  leave(client: OidcClient, { hint, redirect }: { hint: string | null; redirect: string }): Promise<string | null>
}

/** Asymmetric signatures only: nobody who knows the client's secret, or nothing, can make one. */
const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const KEPT_MS = 5 * 60_000
const MOST_KEPT = 200
const SCOPE = 'openid email phone profile'

/**
 * OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636), discovery (OpenID Connect Discovery 1.0) and the issuer in
 * the answer (RFC 9207), by openid-client; every request goes through `egress`. What an issuer says of itself is kept for five
 * minutes, its keys for one sign-in: a key that it changed or withdrew counts at once.
 */
export function enterpriseDoor(egress: Egress): EnterpriseDoor {
  const send = fetchThrough(egress)
  const kept = new Recent<string, { at: number; found: ServerMetadata }>(MOST_KEPT)
  const metadataOf = async (issuer: string, fresh = false): Promise<ServerMetadata> => {
    const known = kept.get(issuer)
    if (known && !fresh && performance.now() - known.at < KEPT_MS) return known.found
    const found = await discovered(issuer, send)
    kept.set(issuer, { at: performance.now(), found })
    return found
  }
  const configured = async (client: OidcClient): Promise<Configuration> => configurationOf(await metadataOf(client.issuer), client, send)
  return {
    look: (issuer) => failing(async () => ({ logout: (await metadataOf(issuer, true)).end_session_endpoint !== undefined }), 'unusable'),
    setOut: (client, { redirect, state, nonce, verifier }) => failing(async () => buildAuthorizationUrl(await configured(client), {
      redirect_uri: redirect, scope: SCOPE, response_type: 'code', state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    }).href, 'unusable'),
    comeBack: (client, opening, query) => failing(async () => proven(await configured(client), opening, query), 'unproven'),
    heard: ({ issuer, clientId }, token, now) => failing(async () => {
      const metadata = await metadataOf(issuer)
      return leavingIn(token, { issuer: metadata.issuer, clientId, algorithms: metadata.id_token_signing_alg_values_supported ?? [], now }, () => keysAt(metadata.jwks_uri!, send))
    }, 'unproven'),
    leave: (client, { hint, redirect }) => failing(async () => {
      const configuration = await configured(client)
      if (!configuration.serverMetadata().end_session_endpoint) return null
      return buildEndSessionUrl(configuration, { post_logout_redirect_uri: redirect, ...(hint && { id_token_hint: hint }) }).href
    }, 'unusable'),
  }
}

async function discovered(issuer: string, send: ReturnType<typeof fetchThrough>): Promise<ServerMetadata> {
  const plain = isPlain(issuer)
  const found = (await discovery(new URL(issuer), 'nextmove', undefined, None(), { [customFetch]: send, ...(plain && { execute: [allowInsecureRequests] }) })).serverMetadata()
  // The library lets some vendors' issuers differ from what was asked; here an issuer is one name.
  if (new URL(found.issuer).href !== new URL(issuer).href) throw new OidcFailed('unusable', { zh: `它自称 ${found.issuer}`, en: `it calls itself ${found.issuer}` })
  const { authorization_endpoint: door, token_endpoint: exchange, jwks_uri: keys, end_session_endpoint: exit, userinfo_endpoint: info } = found
  if (!door || !exchange || !keys) throw new OidcFailed('unusable', { zh: '它的公开说明里缺少登录、换取令牌或公钥的地址', en: 'authorization_endpoint, token_endpoint or jwks_uri is missing' })
  for (const each of [door, exchange, keys, exit, info]) if (each !== undefined && !isSafe(each, plain)) throw new OidcFailed('unusable', { zh: `不是加密地址：${each}`, en: `not an https address: ${each}` })
  const signs = (found.id_token_signing_alg_values_supported ?? ['RS256']).filter((each) => ALGORITHMS.includes(each))
  if (signs.length === 0) throw new OidcFailed('unusable', { zh: '它不提供公钥签名', en: 'no asymmetric signature is offered' })
  if (found.code_challenge_methods_supported && !found.code_challenge_methods_supported.includes('S256')) throw new OidcFailed('unusable', { zh: '它不支持 PKCE（S256）', en: 'PKCE with S256 is not offered' })
  const { supportsPKCE: _, ...metadata } = found
  return { ...metadata, id_token_signing_alg_values_supported: signs }
}

/** The keys that are published now. */
async function keysAt(address: string, send: ReturnType<typeof fetchThrough>): Promise<readonly unknown[]> {
  const answer = await send(address, { method: 'GET', headers: { accept: 'application/json' }, body: undefined, redirect: 'manual' })
  if (answer.status !== 200) throw new OidcFailed('away', { zh: '读不到它的公钥', en: `its keys answer ${answer.status}` })
  const { keys } = (await answer.json()) as { keys?: unknown }
  return Array.isArray(keys) ? keys.slice(0, 100) : []
}

/** Without TLS only on this very machine, where the way out must have been opened as well (EGRESS_ALLOW). */
const isPlain = (issuer: string): boolean => { const { protocol, hostname } = new URL(issuer); return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost') }
const isSafe = (address: string, plain: boolean): boolean => URL.canParse(address) && (new URL(address).protocol === 'https:' || (plain && isPlain(address)))

function configurationOf(metadata: ServerMetadata, { issuer, clientId, secret }: OidcClient, send: ReturnType<typeof fetchThrough>): Configuration {
  const configuration = new Configuration(metadata, clientId, undefined, authenticationOf(metadata, secret))
  configuration[customFetch] = send
  if (isPlain(issuer)) allowInsecureRequests(configuration)
  enableNonRepudiationChecks(configuration)
  return configuration
}

function authenticationOf({ token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] }: ServerMetadata, secret: string | null): ClientAuth {
  if (secret === null) return None()
  return methods.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret)
}

async function proven(configuration: Configuration, { redirect, state, nonce, verifier }: Opening, query: string): Promise<ProvenPerson> {
  const address = new URL(redirect)
  address.search = query
  const tokens = await authorizationCodeGrant(configuration, address, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true })
  const claims = tokens.claims()!
  const told: Readonly<Record<string, unknown>>[] = [claims, needsMore(configuration, claims) ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : {}]
  return { subject: claims.sub, hint: tokens.id_token!, sid: textOf(claims['sid']), email: verified(told, 'email'), phone: verified(told, 'phone_number'), name: textOf(told.find((each) => each['name'] !== undefined)?.['name'] ?? claims['preferred_username']) }
}

/** Some providers tell e-mail and name only when asked for them. */
const needsMore = (configuration: Configuration, claims: IDToken): boolean => configuration.serverMetadata().userinfo_endpoint !== undefined && (claims['email_verified'] === undefined || claims['name'] === undefined)

/** A value and the word that it is verified, from one place: never one from here and the other from there. */
function verified(told: readonly Readonly<Record<string, unknown>>[], name: 'email' | 'phone_number'): string | null {
  const from = told.find((each) => each[name] !== undefined && each[`${name}_verified`] !== undefined)
  return from && (from[`${name}_verified`] === true || from[`${name}_verified`] === 'true') ? textOf(from[name]) : null
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' && value.length <= 200 ? value.trim() : null)

async function failing<T>(work: () => Promise<T>, otherwise: 'unusable' | 'unproven'): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw failureOf(error, otherwise)
  }
}

function failureOf(error: unknown, otherwise: 'unusable' | 'unproven'): OidcFailed {
  if (error instanceof OidcFailed) return error
  const [way, { message, code, error: said }] = [wayOut(error), error as { message: string; code?: string; error?: string }]
  if (way) return new OidcFailed(way.kind === 'refused' ? 'unusable' : 'away', { zh: way.kind === 'refused' ? '不是公网地址' : '连不上这个地址', en: way.message }, error)
  const en = [code, said, message].filter(Boolean).join(': ').slice(0, 300)
  return new OidcFailed(otherwise, { zh: `读不到它的公开说明（${message.slice(0, 120)}）`, en }, error)
}

/** The library wraps what the way out threw. */
function wayOut(error: unknown): EgressFailed | null {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof EgressFailed) return each
  return null
}
