import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, setPassword, updateMember, createMember } from '#kernel/members'
import { kernelContext } from '#kernel/access'
import { createTenant } from '#platform/db'
import { house, PASSWORD, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const kernel = <T>(work: (ctx: Awaited<ReturnType<typeof kernelContext>>) => Promise<T>) => home.db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
const lead = { values: { name: '张三', phone: '138 0013 8000' } }
const LEADS = '/api/v1/objects/lead/records'
const code = (answer: { body: { error?: { code: string } } }) => answer.body.error?.code
const count = async () => (await home.db.read(home.tenant, (tx) => tx.query<{ n: number }>(`select count(*)::int as n from {t}."o_lead"`)))[0]!.n
const aWhile = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('H1 the tenant: prefix, host, or the only one; another’s session and key are nothing here', async () => {
  const { sales } = home.people
  expect((await home.ask(sales, 'GET', '/api/v1/auth/me')).body.tenant.key).toBe('test')
  expect((await home.ask(sales, 'GET', '/t/test/api/v1/auth/me')).status).toBe(200)
  await createTenant(home.db, { key: 'other', name: 'Other' })
  await aWhile(1_050)
  const nowhere = await home.ask(sales, 'GET', '/t/nowhere/api/v1/auth/me')
  const foreign = await home.ask(sales, 'GET', '/t/other/api/v1/auth/me')
  expect([nowhere.status, foreign.status]).toEqual([404, 404])
  expect({ ...foreign.body.error, requestId: '' }).toEqual({ ...nowhere.body.error, requestId: '' })
  const { key } = await kernel((ctx) => createKey(ctx, sales.id, 'k', ['admin']))
  const [own, other] = [await home.ask(null, 'GET', '/t/test/api/v1/auth/me', undefined, { authorization: `Bearer ${key}` }), await home.ask(null, 'GET', '/t/other/api/v1/auth/me', undefined, { authorization: `Bearer ${key}` })]
  expect([own.status, other.status]).toEqual([200, 404])
  expect((await home.ask(sales, 'GET', '/api/v1/auth/me')).status).toBe(404)
  expect((await home.ask(sales, 'GET', '/api/v1/auth/me', undefined, { host: 'test.crm.example' })).status).toBe(200)
  await home.db.pool.query(`delete from nextmove.tenant where key = 'other'`)
  await aWhile(1_050)
})

it.each([
  ['body', 'POST', LEADS, { ...lead, tenantId: 7 }, 'tenantId'],
  ['nested', 'POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id: '00000000-0000-7000-8000-000000000000', owner: 1 }, result: 'a', nextAt: '2026-12-01T00:00:00Z', resource: 'none' }, 'subject.owner'],
  ['query', 'GET', `${LEADS}?limit=5&offset=3`, undefined, 'offset'],
])('H2 an unknown key in the %s is refused with its path', async (_where, method, url, body, path) => {
  const answer = await home.ask(home.people.sales, method, url, body)
  expect([answer.status, answer.body.error]).toEqual([422, expect.objectContaining({ code: 'KEY_UNKNOWN', path })])
})

describe('H3 proof of origin', () => {
  it.each([
    ['no token', { 'x-csrf-token': '' }, 403],
    ['a wrong token', { 'x-csrf-token': 'guess' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['our own page', { origin: 'http://localhost:3000', host: 'localhost:3000', 'sec-fetch-site': 'same-origin' }, 200],
  ])('H3 %s', async (_what, headers, status) => {
    const answer = await home.ask(home.people.sales, 'POST', '/api/v1/notifications/read', { all: true }, headers)
    expect(answer.status).toBe(status)
  })

  it('H3 signing in is not done for somebody by another page', async () => {
    const answer = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'sales@example.com', password: PASSWORD }, { 'sec-fetch-site': 'cross-site' })
    expect([answer.status, code(answer)]).toEqual([403, 'CSRF_FAILED'])
  })
})

describe('H4 idempotency', () => {
  const once = (key: string, body: unknown, who = home.people.sales) => home.ask(who, 'POST', LEADS, body, { 'idempotency-key': key })

  it('H4 the same again gets the stored answer', async () => {
    const before = await count()
    const [first, second] = [await once('k-1', lead), await once('k-1', lead)]
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
    expect(await count()).toBe(before + 1)
  })

  it('H4 another body or another address under the same key is refused', async () => {
    await once('k-2', lead)
    expect(code(await once('k-2', { values: { name: '李四' } }))).toBe('IDEMPOTENCY_CONFLICT')
    expect(code(await home.ask(home.people.sales, 'POST', '/api/v1/commands/tag', { object: 'lead', ids: ['00000000-0000-7000-8000-000000000000'], add: [] }, { 'idempotency-key': 'k-2' }))).toBe('IDEMPOTENCY_CONFLICT')
  })

  it('H4 two at once happen once; another member’s key is another key; a refused one may be tried again', async () => {
    const before = await count()
    const both = await Promise.all([once('k-3', lead), once('k-3', lead)])
    expect(both.map(({ status }) => status)).toEqual([201, 201])
    expect(both[0]!.body.record.id).toBe(both[1]!.body.record.id)
    expect((await once('k-3', lead, home.people.rival)).body.record.id).not.toBe(both[0]!.body.record.id)
    expect((await once('k-4', { values: { phone: '1' } })).status).toBe(422)
    expect((await once('k-4', lead)).status).toBe(201)
    expect(await count()).toBe(before + 3)
    expect((await once('bad key \u0001'.replace('\u0001', 'ü'), lead)).status).toBe(400)
  })
})

describe('H5 H6 signing in', () => {
  it('H5 rotating addresses, casing and keys does not help', async () => {
    const tries: [status: number, told: boolean][] = []
    for (let i = 0; i < 12; i++) {
      const account = i % 2 ? 'Director@Example.com' : ' director@example.COM'
      const answer = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account, password: `guess ${i}` }, { 'x-forwarded-for': `10.9.8.${i}` })
      tries.push([answer.status, Number(answer.headers['retry-after'] ?? 0) > 0])
    }
    expect(tries).toEqual([...Array(10).fill([401, false]), [429, true], [429, true]])
    expect(code(await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'director@example.com', password: PASSWORD, email: 'x' }))).toBe('KEY_UNKNOWN')
  })

  it('H6 the cookie', async () => {
    const signIn = (url: string, headers = {}) => home.ask(null, 'POST', url, { account: 'finance@example.com', password: PASSWORD }, headers)
    expect((await signIn('/api/v1/auth/sign-in')).headers['set-cookie']).toMatch(/^nextmove_session=test\.[\w-]{43}; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax$/)
    expect((await signIn('/t/test/api/v1/auth/sign-in')).headers['set-cookie']).toContain('; Path=/t/test; ')
  })

  it('H5 unknown account and wrong password look the same', async () => {
    const [unknown, wrong] = [await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'nobody@example.com', password: 'x' }), await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'finance@example.com', password: 'x' })]
    expect({ ...unknown.body.error, requestId: '' }).toEqual({ ...wrong.body.error, requestId: '' })
    const forgot = [await home.ask(null, 'POST', '/api/v1/auth/forgot', { account: 'nobody@example.com' }), await home.ask(null, 'POST', '/api/v1/auth/forgot', { account: 'finance@example.com' })]
    expect(forgot.map(({ status, body }) => [status, body])).toEqual([[200, { mail: false }], [200, { mail: false }]])
  })
})

it('H5 forgotten: a mail with a link to our own address, and the same answer for everybody', async () => {
  const mails: { to: string; text: string }[] = []
  home.api.mail = async (_tenant, mail) => void mails.push(mail)
  const ask = (account: string) => home.ask(null, 'POST', '/api/v1/auth/forgot', { account }, { host: 'evil.example' })
  expect([(await ask('rival@example.com')).body, (await ask('nobody@example.com')).body]).toEqual([{ mail: true }, { mail: true }])
  await aWhile(300)
  home.api.mail = null
  expect(mails.map(({ to }) => to)).toEqual(['rival@example.com'])
  const token = /http:\/\/localhost:3000\/reset#(\S+)/.exec(mails[0]!.text)![1]
  expect((await home.ask(null, 'POST', '/api/v1/auth/reset', { token, password: 'a brand new phrase' })).body.id).toBe(home.people.rival.id)
})

async function newcomer(name: string, mustChange = false) {
  const id = await kernel(async (ctx) => (await createMember(ctx, { name, email: `${name}@example.com`, roles: ['sales'] })).id)
  const { hashPassword } = await import('#platform/crypto')
  const hash = await hashPassword(PASSWORD)
  await kernel((ctx) => setPassword(ctx, id, hash, { keep: null, mustChange }))
  const answer = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: `${name}@example.com`, password: PASSWORD })
  return { id, cookie: String(answer.headers['set-cookie']).split(';')[0]!, csrf: answer.body.csrf as string }
}

it('H7 suspension and signing out close the door within a second', async () => {
  const [leaver, quitter] = [await newcomer('leaver'), await newcomer('quitter')]
  await kernel((ctx) => updateMember(ctx, leaver.id, { state: 'suspended' }))
  const out = await home.ask(quitter, 'POST', '/api/v1/auth/sign-out')
  expect([out.status, String(out.headers['set-cookie'])]).toEqual([200, expect.stringContaining('Max-Age=0')])
  await aWhile(1_000)
  expect([(await home.ask(leaver, 'GET', LEADS)).status, (await home.ask(quitter, 'GET', LEADS)).status]).toEqual([401, 401])
})

it('H8 first the password', async () => {
  const fresh = await newcomer('fresh', true)
  expect([code(await home.ask(fresh, 'GET', LEADS)), (await home.ask(fresh, 'GET', '/api/v1/auth/me')).body.mustChange]).toEqual(['PASSWORD_CHANGE_REQUIRED', true])
  expect((await home.ask(fresh, 'POST', '/api/v1/auth/change-password', { current: PASSWORD, next: 'my very own phrase' })).status).toBe(200)
  await aWhile(1_000)
  expect((await home.ask(fresh, 'GET', LEADS)).status).toBe(200)
})

it.each([
  ['read', 'GET', LEADS, undefined, 200], ['read', 'POST', LEADS, lead, 403], ['write', 'POST', LEADS, lead, 201], ['write', 'GET', LEADS, undefined, 200],
  ['write', 'GET', '/api/v1/members', undefined, 403], ['admin', 'GET', '/api/v1/members', undefined, 200], ['write', 'PUT', '/api/v1/definitions/tag/x', { body: {} }, 403],
  ['admin', 'POST', '/api/v1/api-keys', { name: 'more', scopes: ['admin'] }, 403], ['admin', 'POST', '/api/v1/auth/change-password', { current: PASSWORD, next: 'x' }, 403],
] as const)('H9 scope %s: %s %s', async (scope, method, url, body, status) => {
  const { key } = await kernel((ctx) => createKey(ctx, home.people.admin.id, 'k', [scope]))
  expect((await home.ask(null, method, url, body, { authorization: `Bearer ${key}` })).status).toBe(status)
})

it.each([
  ['members', 'GET', '/api/v1/members'], ['audit', 'GET', '/api/v1/audit'], ['runs', 'GET', '/api/v1/runs'], ['status', 'GET', '/api/v1/status'], ['rules', 'GET', '/api/v1/definitions/rule'], ['roles', 'GET', '/api/v1/definitions/role/sales'],
])('H10 sales may not look at %s', async (_what, method, url) => {
  const answer = await home.ask(home.people.sales, method, url)
  expect([answer.status, code(answer), (await home.ask(null, method, url)).status]).toEqual([403, 'FORBIDDEN', 401])
})
