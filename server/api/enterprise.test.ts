import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Lies, simulatedProvider, type Simulated } from '../channels/oidc/testing/provider.ts'
import { openSession } from '#kernel/members'
import { house, type House } from './testing/house.ts'

const ID = { id: 'crm', secret: 'geheim' }
const SALES = { sub: 's-1', name: '李思琪', email: 'sales@example.com', email_verified: true }
let home: House
let [acme, evil] = [] as unknown as [Simulated, Simulated]
beforeAll(async () => {
  home = await house()
  ;[acme, evil] = [await simulatedProvider(ID), await simulatedProvider(ID)]
  for (const [key, { issuer }] of [['acme', acme], ['evil', evil]] as const) await put(key, { name: key, issuer })
})
afterAll(async () => { await home.close(); await acme.close(); await evil.close() })
beforeEach(() => { acme.lies = {}; evil.lies = {} })

const SETTINGS = { name: 'Acme', issuer: 'https://id.acme.example', clientId: ID.id, domains: [], admits: 'matched', role: null, team: null, ends: true, active: true }
const put = (key: string, more: object, who = home.people.admin) => home.ask(who, 'PUT', `/api/v1/sign-in-providers/${key}`, { ...SETTINGS, secret: ID.secret, ...more })

interface Way { key: string; url: string; cookie: string }
async function setOut(key = 'acme'): Promise<Way> {
  const answer = await home.ask(null, 'POST', '/api/v1/auth/enterprise/begin', { key })
  expect(answer.status).toBe(200)
  return { key, url: answer.body.url, cookie: String(answer.headers['set-cookie']).split(';')[0]! }
}
const finish = ({ key, cookie }: Pick<Way, 'key' | 'cookie'>, query: string, code?: string) => home.ask(null, 'POST', '/api/v1/auth/enterprise/finish', { key, query, ...(code && { code }) }, { cookie })
async function through(person: object, lies: Lies = {}) {
  const way = await setOut()
  acme.lies = lies
  const back = new URL(await acme.visit(way.url, person as never))
  return { way, back, answer: await finish(way, back.search) }
}
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => (status === 200 ? 'in' : body.error!.code)
const sessions = () => home.db.read(home.tenant, (tx) => tx.query<{ n: number }>('select count(*)::int as n from {t}.session')).then(([row]) => row!.n)

test('H170 out to the company and back with a session', async () => {
  const state = (await home.ask(null, 'GET', '/api/v1/auth/state')).body
  expect(state.providers).toEqual([{ key: 'acme', name: 'acme' }, { key: 'evil', name: 'evil' }])
  const { way, back, answer } = await through(SALES)
  expect(way.cookie).toMatch(/^nextmove_out_[0-9a-f]{12}=/)
  expect(back.pathname).toBe('/sign-in/through/acme')
  expect(answer).toMatchObject({ status: 200, body: { id: home.people.sales.id, csrf: expect.any(String) } })
  const [gone, session] = ([answer.headers['set-cookie']].flat() as string[])
  expect([gone, session]).toEqual([expect.stringMatching(/^nextmove_out_\w+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/), expect.stringMatching(/^nextmove_session=test\./)])
  expect((await home.ask({ id: 0, cookie: session!.split(';')[0]!, csrf: answer.body.csrf }, 'GET', '/api/v1/auth/me')).body.name).toBe('李思琪')
  const before = await sessions()
  for (const [lies, code] of [[{ claims: { nonce: 'x' } }, 'SIGN_IN_UNPROVEN'], [{ claims: { aud: 'x' } }, 'SIGN_IN_UNPROVEN'], [{ claims: { exp: 1 } }, 'SIGN_IN_UNPROVEN'], [{ signed: 'stranger' }, 'SIGN_IN_UNPROVEN'], [{ signed: 'none' }, 'SIGN_IN_UNPROVEN'], [{ signed: 'secret' }, 'SIGN_IN_UNPROVEN'], [{ away: true }, 'SIGN_IN_UNPROVEN'], [{ claims: { email_verified: false, sub: 's-9' } }, 'SIGN_IN_UNKNOWN']] as const) {
    expect([lies, codeOf((await through(SALES, lies)).answer)]).toEqual([lies, code])
  }
  expect(codeOf((await through({ sub: 's-2', name: '陌生人', email: 'who@example.com', email_verified: true })).answer)).toBe('SIGN_IN_UNKNOWN')
  expect(await sessions()).toBe(before)
  const audited = (await home.ask(home.people.admin, 'GET', '/api/v1/audit?about=signIns&limit=3')).body
  expect(JSON.stringify(audited)).toContain('acme')
})

test('H170 the second factor is asked for after the company’s page, in the same browser', async () => {
  await home.db.mutate(home.tenant, (tx) => tx.query(`insert into {t}.two_factor (member, secret, begun_at, confirmed_at, recovery) values ($1, '\\x00', clock_timestamp(), clock_timestamp(), array[sha256('recovery abcdefgh')])`, [home.people.sales.id]))
  const { way, back, answer } = await through(SALES)
  expect([codeOf(answer), answer.headers['set-cookie']]).toEqual(['SECOND_FACTOR_REQUIRED', undefined])
  expect(codeOf(await finish({ ...way, cookie: '' }, back.search, 'abcd-efgh'))).toBe('SIGN_IN_STALE')
  expect(codeOf(await finish(way, back.search, 'wrong'))).toBe('SECOND_FACTOR_WRONG')
  expect(codeOf(await finish(way, back.search, 'abcd-efgh'))).toBe('in')
  expect(codeOf(await finish(way, back.search, 'abcd-efgh'))).toBe('SIGN_IN_STALE')
  await home.db.mutate(home.tenant, (tx) => tx.query('delete from {t}.two_factor where member = $1', [home.people.sales.id]))
})

test('H171 replayed, carried to another browser, swapped and mixed up: nothing opens', async () => {
  const { way, back } = await through(SALES)
  expect(codeOf(await finish(way, back.search))).toBe('SIGN_IN_STALE')
  // The attacker signs in as themselves and has the victim's browser bring it home.
  const theirs = await setOut()
  const sent = new URL(await acme.visit(theirs.url, SALES))
  const victim = await setOut()
  expect(codeOf(await finish(victim, sent.search))).toBe('SIGN_IN_STALE')
  expect(codeOf(await finish({ key: 'acme', cookie: '' }, sent.search))).toBe('SIGN_IN_STALE')
  // A code that was given for another opening does not fit this one's verifier, nor its nonce.
  const mine = await setOut()
  const query = new URLSearchParams(sent.search)
  query.set('state', new URL(mine.url).searchParams.get('state')!)
  expect(codeOf(await finish(mine, String(query)))).toBe('SIGN_IN_UNPROVEN')
  // Mix-up: they set out for evil, which passes them on to acme under its own state.
  const out = await setOut('evil')
  const passed = new URL(out.url)
  const honest = new URL((await setOut('acme')).url)
  for (const name of ['state', 'nonce', 'code_challenge']) honest.searchParams.set(name, passed.searchParams.get(name)!)
  const mixed = new URL(await acme.visit(honest.href, SALES))
  const told = evil.asked.length
  expect(mixed.pathname).toBe('/sign-in/through/acme')
  expect(codeOf(await finish({ key: 'acme', cookie: out.cookie }, mixed.search))).toBe('SIGN_IN_STALE')
  // Even at evil's own door the answer names acme.
  expect(codeOf(await finish(out, mixed.search))).toBe('SIGN_IN_UNPROVEN')
  expect(evil.asked.slice(told).filter((each) => each.includes('token'))).toEqual([])
})

test('H172 providers are looked at before they are kept, by those who may', async () => {
  const { admin, director } = home.people
  const list = await home.ask(admin, 'GET', '/api/v1/sign-in-providers')
  expect(list.body).toMatchObject({ back: expect.stringMatching(/\/sign-in\/through\/\{key\}$/), providers: [{ key: 'acme', secret: true, linked: 1 }, { key: 'evil', secret: true, linked: 0 }] })
  expect(JSON.stringify(list.body)).not.toContain(ID.secret)
  expect((await home.ask(director, 'GET', '/api/v1/sign-in-providers')).status).toBe(403)
  const asked = acme.asked.length
  expect(codeOf(await put('third', { issuer: acme.issuer }, director))).toBe('FORBIDDEN')
  expect(acme.asked).toHaveLength(asked)
  for (const issuer of ['https://10.0.0.1', 'http://169.254.169.254/latest', 'http://example.com', 'https://[::ffff:10.0.0.1]', `${acme.issuer}/other`]) expect([issuer, codeOf(await put('third', { issuer }))]).toEqual([issuer, 'PROVIDER_UNUSABLE'])
  expect((await home.ask(admin, 'GET', '/api/v1/sign-in-providers')).body.providers).toHaveLength(2)
  expect((await put('third', { issuer: `${acme.issuer}/.well-known/openid-configuration`, active: false })).body).toMatchObject({ issuer: acme.issuer, logout: true })
  expect((await home.ask(null, 'POST', '/api/v1/auth/enterprise/begin', { key: 'third' })).status).toBe(404)
  expect((await home.ask(admin, 'DELETE', '/api/v1/sign-in-providers/third')).body).toEqual({ done: true })
})

test('H172 signing out says where the provider’s session ends; a password’s session ends nowhere else', async () => {
  const { answer } = await through(SALES)
  const cookie = ([answer.headers['set-cookie']].flat() as string[])[1]!.split(';')[0]!
  const out = await home.ask({ id: 0, cookie, csrf: answer.body.csrf }, 'POST', '/api/v1/auth/sign-out')
  const leave = new URL(out.body.leave)
  expect([leave.origin, leave.searchParams.get('client_id'), leave.searchParams.get('id_token_hint')?.split('.').length]).toEqual([acme.issuer, ID.id, 3])
  const [linked] = (await home.ask(home.people.admin, 'GET', '/api/v1/sign-in-providers/acme/members')).body.members
  expect(linked).toMatchObject({ name: '李思琪' })
  expect((await home.ask(home.people.admin, 'DELETE', `/api/v1/sign-in-providers/acme/members/${linked.member}`)).body).toEqual({ done: true })
  expect((await home.ask(home.people.rival, 'POST', '/api/v1/auth/sign-out')).body).toEqual({ done: true, leave: null })
})

test('H230 whoever leaves the company’s sign-in is out here within a second: one session by its name, or all of theirs by that provider', async () => {
  await home.db.mutate(home.tenant, (tx) => tx.query('delete from {t}.two_factor'))
  const come = async (sid: string | undefined, way: () => Promise<Way> = () => setOut()) => {
    const out = await way()
    const by = out.key === 'acme' ? acme : evil
    const { headers, body } = await finish(out, new URL(await by.visit(out.url, { ...SALES, sid } as never)).search)
    const cookie = ([headers['set-cookie']].flat() as string[]).find((each) => each.startsWith('nextmove_session='))!.split(';')[0]!
    return { id: 0, cookie, csrf: body.csrf as string }
  }
  const inside = async (person: { id: number; cookie: string; csrf: string }) => (await home.ask(person, 'GET', '/api/v1/auth/me')).status === 200
  const tell = (token: string, key = 'acme') => home.app.inject({ method: 'POST', url: `/sign-in/through/${key}/leave`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ logout_token: token }).toString() })
  const within = async (person: Parameters<typeof inside>[0]) => { const begun = performance.now(); while (await inside(person)) if (performance.now() - begun > 1_000) return false; return true }
  const byPassword = { id: 0, csrf: '', cookie: `nextmove_session=${await home.db.mutate(home.tenant, (tx) => openSession(tx, home.people.sales.id, { ip: null, agent: null }))}` }
  const [one, two, nameless, elsewhere] = [await come('s-one'), await come('s-two'), await come(undefined), await come('s-one', () => setOut('evil'))]
  expect(await Promise.all([one, two, nameless, elsewhere].map(inside))).toEqual([true, true, true, true])
  // By another provider's word, about somebody else, or for nobody: nothing ends.
  for (const [token, key] of [[evil.farewell({ sid: 's-one' }), 'acme'], [acme.farewell({ sid: 's-one' }), 'evil'], [acme.farewell({ sid: 's-one' }), 'nobody'], ['x', 'acme']] as const) {
    const answer = await tell(token, key)
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([400, 'no-store'])
  }
  expect((await tell(acme.farewell({ sid: 's-one', sub: 's-77' }))).statusCode).toBe(200)
  expect(await Promise.all([one, two, nameless, elsewhere].map(inside))).toEqual([true, true, true, true])
  const token = acme.farewell({ sid: 's-one' })
  const answer = await tell(token)
  expect([answer.statusCode, answer.headers['cache-control'], answer.body]).toEqual([200, 'no-store', ''])
  expect([await within(one), await inside(two), await inside(nameless), await inside(elsewhere), await inside(byPassword)]).toEqual([true, true, true, true, true])
  expect((await tell(token)).statusCode).toBe(400)
  expect((await tell(acme.farewell({ sub: SALES.sub }))).statusCode).toBe(200)
  expect([await within(two), await within(nameless), await inside(elsewhere), await inside(byPassword)]).toEqual([true, true, true, true])
  const audited = await home.ask(home.people.admin, 'GET', '/api/v1/audit?about=signIns&limit=50')
  expect(JSON.stringify(audited.body)).toContain('logout token')
})

test('H230 somebody on their way in is turned back as well', async () => {
  await home.db.mutate(home.tenant, (tx) => tx.query(`insert into {t}.two_factor (member, secret, begun_at, confirmed_at, recovery) values ($1, '\\x00', clock_timestamp(), clock_timestamp(), array[sha256('recovery abcdefgh')])`, [home.people.sales.id]))
  const way = await setOut()
  const back = new URL(await acme.visit(way.url, { ...SALES, sid: 's-three' } as never))
  expect(codeOf(await finish(way, back.search))).toBe('SECOND_FACTOR_REQUIRED')
  const { statusCode } = await home.app.inject({ method: 'POST', url: '/sign-in/through/acme/leave', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams({ logout_token: acme.farewell({ sid: 's-three' }) }).toString() })
  expect([statusCode, codeOf(await finish(way, back.search, 'abcd-efgh'))]).toEqual([200, 'SIGN_IN_STALE'])
})
