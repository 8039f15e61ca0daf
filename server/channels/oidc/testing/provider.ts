import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A provider written from OpenID Connect Core 1.0 (errata 2), Discovery 1.0, RP-Initiated Logout 1.0, RFC 6749, 7515, 7517, 7636 and 9207:
 * it keeps to them, and lies only where a test asks it to.
 */
export interface Simulated {
  issuer: string
  /** Requests that came, as `METHOD /path`. */
  asked: string[]
  /** What the next answers say otherwise than the truth. */
  lies: Lies
  /** Somebody opens this address, signs in as `person` and is sent back: to where. */
  visit(address: string, person: Claims): Promise<string>
  /** A logout token (Back-Channel Logout 1.0, 2.4) about this, as `lies` tell it. */
  farewell(about: Claims): string
  /** A new key signs from now on; the one before is gone from the published set. */
  rotate(kind?: 'RS256' | 'ES256'): void
  close(): Promise<void>
}
export type Claims = Readonly<Record<string, unknown>>
export interface Lies {
  claims?: Claims
  header?: Claims
  /** Signed by a key that nobody published, by the client's secret, or by nothing. */
  signed?: 'stranger' | 'secret' | 'none'
  metadata?: Claims
  /** Claims that only the userinfo endpoint tells. */
  userinfo?: Claims
  /** The `iss` of the answer; null: none, as before RFC 9207. */
  iss?: string | null
  away?: boolean
}

interface Key { kid: string; alg: 'RS256' | 'ES256'; secret: KeyObject; open: KeyObject }
interface Code { person: Claims; client: string; redirect: string; nonce: string | null; challenge: string }

const ISSUED_FOR = 300
/** People whom the page of the provider offers, for browsers. */
export async function simulatedProvider(client: { id: string; secret: string }, people: readonly Claims[] = []): Promise<Simulated> {
  let key = makeKey('RS256')
  const [codes, tokens, asked] = [new Map<string, Code>(), new Map<string, Claims>(), [] as string[]]
  const simulated: Simulated = { issuer: '', asked, lies: {}, visit, farewell, rotate: (kind = 'RS256') => { key = makeKey(kind) }, close }
  const server = http.createServer((request, response) => void answer(request).then(({ status = 200, headers = {}, body = '' }) => response.writeHead(status, headers).end(body), (error: unknown) => response.writeHead(500).end(String(error)))).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  simulated.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return simulated

  async function close() { server.closeAllConnections(); await new Promise((resolve) => server.close(resolve)) }

  async function answer(request: http.IncomingMessage): Promise<{ status?: number; headers?: Record<string, string>; body?: string }> {
    const url = new URL(request.url!, simulated.issuer)
    asked.push(`${request.method} ${url.pathname}`)
    if (simulated.lies.away) return { status: 503 }
    if (url.pathname === '/.well-known/openid-configuration') return json({ ...metadata(), ...simulated.lies.metadata })
    if (url.pathname === '/jwks') return json({ keys: [{ ...key.open.export({ format: 'jwk' }), kid: key.kid, alg: key.alg, use: 'sig' }] })
    if (url.pathname === '/authorize') return url.searchParams.has('as') ? { status: 302, headers: { location: authorized(url.searchParams, people[Number(url.searchParams.get('as'))]!) } } : page(url)
    if (url.pathname === '/token') return token(request, new URLSearchParams(await bodyOf(request)))
    if (url.pathname === '/userinfo') { const known = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, '')); return known ? json({ sub: known['sub'], ...simulated.lies.userinfo }) : { status: 401 } }
    if (url.pathname === '/logout') return { status: 302, headers: { location: url.searchParams.get('post_logout_redirect_uri') ?? '/' } }
    return { status: 404 }
  }

  function metadata(): Claims {
    const at = (path: string) => `${simulated.issuer}${path}`
    return {
      issuer: simulated.issuer, authorization_endpoint: at('/authorize'), token_endpoint: at('/token'), jwks_uri: at('/jwks'), userinfo_endpoint: at('/userinfo'), end_session_endpoint: at('/logout'),
      response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'], code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'], authorization_response_iss_parameter_supported: simulated.lies.iss !== null,
    }
  }

  function page(url: URL) {
    const links = people.map((person, at) => { url.searchParams.set('as', String(at)); return `<p><a href="${url.pathname}?${url.searchParams.toString().replaceAll('&', '&amp;')}">${String(person['name'])}</a></p>` })
    return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: `<!doctype html><html lang="zh"><title>企业账号</title><h1>企业账号</h1>${links.join('')}</html>` }
  }

  async function visit(address: string, person: Claims) { return authorized(new URL(address).searchParams, person) }

  function authorized(asked: URLSearchParams, person: Claims): string {
    if (asked.get('response_type') !== 'code' || !asked.get('scope')!.split(' ').includes('openid') || asked.get('code_challenge_method') !== 'S256') throw new Error('invalid_request')
    if (asked.get('client_id') !== client.id) throw new Error('unauthorized_client')
    const code = randomBytes(16).toString('base64url')
    codes.set(code, { person, client: client.id, redirect: asked.get('redirect_uri')!, nonce: asked.get('nonce'), challenge: asked.get('code_challenge')! })
    const back = new URL(asked.get('redirect_uri')!)
    back.search = String(new URLSearchParams({ code, state: asked.get('state')!, ...(simulated.lies.iss !== null && { iss: simulated.lies.iss ?? simulated.issuer }) }))
    return back.href
  }

  function token(request: http.IncomingMessage, asked: URLSearchParams) {
    const [id, secret] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':').map((each) => decodeURIComponent(each.replaceAll('+', ' ')))
    if (id !== client.id || secret !== client.secret) return json({ error: 'invalid_client' }, 401)
    const known = codes.get(asked.get('code') ?? '')
    codes.delete(asked.get('code') ?? '')
    const challenge = createHash('sha256').update(asked.get('code_verifier') ?? '').digest('base64url')
    if (!known || known.redirect !== asked.get('redirect_uri') || known.challenge !== challenge) return json({ error: 'invalid_grant' }, 400)
    const access = randomBytes(16).toString('base64url')
    tokens.set(access, known.person)
    return json({ access_token: access, token_type: 'Bearer', expires_in: ISSUED_FOR, id_token: idToken(known) })
  }

  function farewell(about: Claims): string {
    const now = Math.floor(Date.now() / 1000)
    return signedToken({ typ: 'logout+jwt' }, { iss: simulated.issuer, aud: client.id, iat: now, exp: now + 120, jti: randomBytes(8).toString('hex'), events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...about })
  }

  function idToken({ person, client: audience, nonce }: Code): string {
    const now = Math.floor(Date.now() / 1000)
    return signedToken({ typ: 'JWT' }, { iss: simulated.issuer, aud: audience, iat: now, exp: now + ISSUED_FOR, ...(nonce && { nonce }), ...person })
  }

  function signedToken(head: Claims, claims: Claims): string {
    const { lies } = simulated
    const signer = lies.signed === 'stranger' ? makeKey(key.alg) : key
    const algorithm = lies.signed === 'none' ? 'none' : lies.signed === 'secret' ? 'HS256' : key.alg
    const text = `${part({ alg: algorithm, kid: lies.signed === 'stranger' ? signer.kid : key.kid, ...head, ...lies.header })}.${part({ ...claims, ...lies.claims })}`
    return `${text}.${lies.signed === 'none' ? '' : lies.signed === 'secret' ? createHmac('sha256', client.secret).update(text).digest('base64url') : signedBy(signer, text)}`
  }
}

function makeKey(alg: Key['alg']): Key {
  const { privateKey, publicKey } = alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { kid: randomBytes(4).toString('hex'), alg, secret: privateKey, open: publicKey }
}

const signedBy = ({ secret }: Key, text: string): string => sign('sha256', Buffer.from(text), { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64url')
const part = (value: Claims): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const json = (value: unknown, status = 200) => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
async function bodyOf(request: http.IncomingMessage): Promise<string> { let text = ''; for await (const piece of request) text += String(piece); return text }
