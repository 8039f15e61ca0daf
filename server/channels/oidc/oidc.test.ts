import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Egress, openEgress, parseOpened } from '#platform/egress'
import { enterpriseDoor, type OidcClient, type Opening } from './index.ts'
import { type Lies, simulatedProvider, type Simulated } from './testing/provider.ts'

const ID = { id: 'nextmove-client', secret: 'a secret: with signs/%' }
const WANG = { sub: 'u-17', name: '王海燕', email: 'Wang@Acme.example', email_verified: true, phone_number: '+8613800138000', phone_number_verified: true }
let provider: Simulated
let egress: Egress
beforeAll(async () => { provider = await simulatedProvider(ID); egress = openEgress({ opened: parseOpened('127.0.0.1') }) })
afterAll(async () => { await egress.close(); await provider.close() })
beforeEach(() => { provider.lies = {} })

let drawn = 0
const opening = (): Opening => ({ redirect: 'https://crm.acme.example/sign-in/through/acme', state: `state-${++drawn}`, nonce: `nonce-${drawn}`, verifier: `verifier-${drawn}-`.padEnd(50, 'x') })
const client = (more: Partial<OidcClient> = {}): OidcClient => ({ issuer: provider.issuer, clientId: ID.id, secret: ID.secret, ...more })
const door = () => enterpriseDoor(egress)
const kindOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { kind: string }) => error.kind)

/** Out and back as this person, with these lies told on the way. */
async function through({ person = WANG as object, lies = {} as Lies, as = opening(), by = door() } = {}) {
  provider.lies = { ...(lies.metadata && { metadata: lies.metadata }) }
  const address = await by.setOut(client(), as)
  provider.lies = lies
  return by.comeBack(client(), as, new URL(await provider.visit(address, person as never)).search)
}

test('OI1 out and back: who they are, and only what is verified', async () => {
  expect(await through()).toMatchObject({ subject: 'u-17', name: '王海燕', email: 'Wang@Acme.example', phone: '+8613800138000' })
  expect(await through({ person: { ...WANG, email_verified: false, phone_number_verified: undefined } })).toMatchObject({ email: null, phone: null })
  expect(await through({ person: { sub: 'u-18' }, lies: { userinfo: { name: '李思琪', email: 'li@acme.example', email_verified: true } } })).toMatchObject({ subject: 'u-18', name: '李思琪', email: 'li@acme.example' })
  // The word that an address is verified is not borrowed from elsewhere.
  expect(await through({ person: { sub: 'u-19', email: 'boss@acme.example' }, lies: { userinfo: { email: 'li@acme.example', email_verified: true } } })).toMatchObject({ email: 'li@acme.example' })
  const address = new URL(await door().setOut(client(), { ...opening(), state: 'S', nonce: 'N' }))
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ response_type: 'code', client_id: ID.id, state: 'S', nonce: 'N', code_challenge_method: 'S256', scope: expect.stringContaining('openid') })
  expect(address.href).not.toContain('verifier')
})

const past = Math.floor(Date.now() / 1000) - 3_600
test.each<[string, Lies]>([
  ['another nonce', { claims: { nonce: 'of another opening' } }], ['no nonce', { claims: { nonce: undefined } }], ['another audience', { claims: { aud: 'another-client' } }], ['meant for several, this one not named as the party', { claims: { aud: [ID.id, 'another-client'], azp: 'another-client' } }],
  ['expired', { claims: { exp: past, iat: past - 60 } }], ['without an end', { claims: { exp: undefined } }], ['another issuer', { claims: { iss: 'https://evil.example' } }], ['without a subject', { claims: { sub: undefined } }],
  ['a key that nobody published', { signed: 'stranger' }], ['a stranger under the name of a known key', { signed: 'stranger', header: { kid: undefined } }], ['no signature', { signed: 'none' }], ['the client’s secret as key', { signed: 'secret' }], ['another algorithm in its head', { header: { alg: 'PS256' } }], ['critical extensions', { header: { crit: ['x'], x: 1 } }],
  ['userinfo of somebody else', { userinfo: { sub: 'u-1', email: 'boss@acme.example', email_verified: true }, claims: { email_verified: undefined } }],
])('OI2 refused: %s', async (_what, lies) => { expect(await kindOf(through({ lies }))).toBe('unproven') })

test('OI2 nor does a provider that offers only HS256 and none get that far', async () => {
  provider.lies = { metadata: { id_token_signing_alg_values_supported: ['HS256', 'none'] } }
  expect(await kindOf(door().look(provider.issuer))).toBe('unusable')
})

test('OI3 a changed key counts at once, of either kind; the one before no longer', async () => {
  const by = door()
  expect(await kindOf(through({ by }))).toBe('done')
  provider.rotate('ES256')
  expect(await kindOf(through({ by }))).toBe('done')
  provider.rotate('RS256')
  expect(await kindOf(through({ by }))).toBe('done')
})

test('OI4 state, issuer, code, verifier and address belong together', async () => {
  const [by, mine] = [door(), opening()]
  const back = new URL(await provider.visit(await by.setOut(client(), mine), WANG))
  const again = (change: (query: URLSearchParams) => void, as: Partial<Opening> = {}) => { const query = new URLSearchParams(back.search); change(query); return kindOf(by.comeBack(client(), { ...mine, ...as }, String(query))) }
  expect(await again((query) => query.set('state', 'another'))).toBe('unproven')
  expect(await again((query) => query.delete('state'))).toBe('unproven')
  expect(await again((query) => query.set('iss', 'https://evil.example'))).toBe('unproven')
  expect(await again((query) => query.delete('iss'))).toBe('unproven')
  expect(await again((query) => query.append('code', 'two'))).toBe('unproven')
  expect(await again((query) => { query.delete('code'); query.set('error', 'access_denied') })).toBe('unproven')
  expect(await again(() => {})).toBe('done')
  expect(await again(() => {})).toBe('unproven')
  for (const wrong of [{ verifier: 'v'.repeat(50) }, { redirect: 'https://crm.acme.example/sign-in/through/other' }]) {
    const query = new URL(await provider.visit(await by.setOut(client(), mine), WANG)).search
    expect(await kindOf(by.comeBack(client(), { ...mine, ...wrong }, query))).toBe('unproven')
  }
})

test.each<[string, Lies]>([
  ['another name', { metadata: { issuer: 'https://evil.example' } }], ['a page of scripts as door', { metadata: { authorization_endpoint: 'javascript:alert(1)' } }], ['plain http elsewhere', { metadata: { token_endpoint: 'http://acme.example/token' } }],
  ['no keys', { metadata: { jwks_uri: undefined } }], ['PKCE without S256', { metadata: { code_challenge_methods_supported: ['plain'] } }],
])('OI5 not worked with: %s', async (_what, lies) => {
  provider.lies = lies
  expect(await kindOf(door().look(provider.issuer))).toBe('unusable')
})

test('OI5 http is for this machine only', async () => {
  expect(await kindOf(door().look('http://acme.example'))).toBe('unusable')
})

test('OI6 inner addresses are refused, also as the place of keys; silence is not the person’s fault', async () => {
  const closed = openEgress()
  expect(await kindOf(enterpriseDoor(closed).look(provider.issuer))).toBe('unusable')
  await closed.close()
  expect(await kindOf(enterpriseDoor(egress).look('https://10.0.0.1'))).toBe('unusable')
  const by = door()
  const mine = opening()
  const query = new URL(await provider.visit(await by.setOut(client(), mine), WANG)).search
  expect(await kindOf(by.comeBack(client({ issuer: 'http://127.0.0.1:1' }), mine, query))).toBe('away')
})

test('OI7 leaving ends the provider’s session where it offers that', async () => {
  const redirect = 'https://crm.acme.example/sign-in'
  const exit = new URL((await door().leave(client(), { hint: 'token', redirect }))!)
  expect([exit.pathname, Object.fromEntries(exit.searchParams)]).toEqual(['/logout', { client_id: ID.id, id_token_hint: 'token', post_logout_redirect_uri: redirect }])
  provider.lies = { metadata: { end_session_endpoint: undefined } }
  expect([await door().look(provider.issuer), await door().leave(client(), { hint: null, redirect })]).toEqual([{ logout: false }, null])
})

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const now = () => Math.floor(Date.now() / 1000)
const heard = (token: string, by = door()) => by.heard(client(), token, now())

test('OI8 a notice of leaving tells whose session is over, or which, signed with either kind of key', async () => {
  expect(await heard(provider.farewell({ sub: 'u-17', sid: 's-1', jti: 'n-1' }))).toEqual({ subject: 'u-17', sid: 's-1', notice: 'n-1' })
  expect(await heard(provider.farewell({ sid: 's-2', exp: undefined }))).toMatchObject({ subject: null, sid: 's-2' })
  provider.lies = { header: { typ: 'JWT' }, claims: { aud: ['another', ID.id] } }
  expect(await heard(provider.farewell({ sub: 'u-17' }))).toMatchObject({ subject: 'u-17', sid: null })
  provider.lies = {}
  provider.rotate('ES256')
  expect(await heard(provider.farewell({ sub: 'u-17' }))).toMatchObject({ subject: 'u-17' })
  provider.rotate('RS256')
})

test.each<[string, Lies]>([
  ['another issuer', { claims: { iss: 'https://evil.example' } }], ['another audience', { claims: { aud: 'another-client' } }], ['no audience', { claims: { aud: undefined } }],
  ['of an hour ago', { claims: { iat: past } }], ['of tomorrow', { claims: { iat: past + 90_000 } }], ['of no time', { claims: { iat: undefined } }], ['a time in words', { claims: { iat: 'now' } }], ['expired', { claims: { exp: past } }],
  ['no event', { claims: { events: undefined } }], ['another event', { claims: { events: { 'http://schemas.openid.net/event/other': {} } } }], ['an event that is no object', { claims: { events: { [EVENT]: 'yes' } } }],
  ['an id_token instead: a nonce', { claims: { nonce: 'n' } }], ['an empty nonce', { claims: { nonce: null } }], ['an access token', { header: { typ: 'at+jwt' } }],
  ['without a name', { claims: { jti: undefined } }], ['a number for a name', { claims: { jti: 7 } }], ['of nobody', { claims: { sub: undefined, sid: undefined } }], ['a list of people', { claims: { sub: ['u-17'] } }], ['an empty session', { claims: { sid: '' } }],
  ['a key that nobody published', { signed: 'stranger' }], ['a stranger under the name of a known key', { signed: 'stranger', header: { kid: undefined } }], ['no signature', { signed: 'none' }], ['the client’s secret as key', { signed: 'secret' }],
  ['another algorithm in its head', { header: { alg: 'PS256' } }], ['an algorithm for another kind of key', { header: { alg: 'ES256' } }], ['critical extensions', { header: { crit: ['b64'], b64: false } }], ['a key of its own', { signed: 'stranger', header: { kid: undefined, jwk: { kty: 'RSA' }, jku: 'https://evil.example/keys' } }],
])('OI8 no notice: %s', async (_what, lies) => {
  provider.lies = lies
  expect(await kindOf(heard(provider.farewell({ sub: 'u-17', sid: 's-1' })))).toBe('unproven')
})

test('OI8 nor is what was altered, cut or is no token; a provider that does not answer is away', async () => {
  const token = provider.farewell({ sub: 'u-17' })
  const [head, , signature] = token.split('.')
  const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()), sub: 'u-1' })).toString('base64url')
  for (const wrong of [`${head}.${other}.${signature}`, `${token.slice(0, -4)}AAAA`, `${token}.x`, `${head}..${signature}`, 'nonsense', '', 'a.b.c', `${token}${'A'.repeat(20_000)}`]) expect([wrong.slice(-20), await kindOf(heard(wrong))]).toEqual([wrong.slice(-20), 'unproven'])
  expect(await kindOf(heard(token))).toBe('done')
  provider.lies = { away: true }
  expect(await kindOf(heard(token, door()))).not.toBe('done')
  provider.lies = {}
  provider.rotate('RS256')
  expect(await kindOf(heard(token))).toBe('unproven')
})
