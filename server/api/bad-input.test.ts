import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERRORS } from '#contract'
import { ROUTES, type Route } from '#contract/api'
import { kernelContext } from '#kernel/access'
import { writeOrRefuse } from '#kernel/records'
import { createTenant } from '#platform/db'
import { install } from '../start/install.ts'
import { house, type House } from './testing/house.ts'

let home: House
let record: { id: string; version: string }
beforeAll(async () => {
  home = await house()
  record = (await home.ask(home.people.admin, 'POST', LEADS, { values: { name: '王五' } })).body.record
  await home.ask(home.people.admin, 'PATCH', `${LEADS}/${record.id}`, { version: record.version, values: { company: '旧' } })
})
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const NOWHERE = '01900000-0000-7000-8000-000000000000'
const HOSTILE = ['\u202e', '<script>alert(1)</script>', `'; drop table "o_lead"; --`, '{{constructor}}', '%00', '..%2f..%2fetc', '😀'.repeat(50), 'ﷺ'.repeat(100)]

/** Everything that a refused request could have left behind. */
async function state(): Promise<string> {
  const tables = ['o_lead', 'o_activity', 'act', 'change', 'todo', 'member', 'team', 'definition', 'definition_version', 'api_key', 'idempotency', 'notification', 'raw_intake', 'visitor', 'visitor_event', 'identity', 'one_time_link']
  const [row] = await home.db.read(home.tenant, (tx) => tx.query<{ all: string }>(`select ${tables.map((table) => `(select count(*) || ':' || coalesce(md5(string_agg(x::text, '' order by x::text)), '') from {t}."${table}" x)`).join(` || ' ' || `)} as all`))
  return row!.all
}

const filter = (condition: unknown) => `${LEADS}?filter=${encodeURIComponent(typeof condition === 'string' ? condition : JSON.stringify(condition))}`
const field = (values: Record<string, unknown>) => ['POST', LEADS, { values: { name: '甲', ...values } }] as const
const deep = (depth: number) => '{"values":' + '{"a":'.repeat(depth) + '1' + '}'.repeat(depth) + '}'

const CASES: readonly (readonly [what: string, method: string, url: string | (() => string), body: unknown, status: number, code: keyof typeof ERRORS, who?: 'admin' | 'director'])[] = [
  ['malformed JSON', 'POST', LEADS, '{"values": {"name":', 400, 'JSON_INVALID'],
  ['20,000-deep JSON', 'POST', LEADS, deep(20_000), 400, 'JSON_TOO_DEEP'],
  ['an oversize body', 'POST', LEADS, { values: { name: 'x'.repeat(1_100_000) } }, 413, 'BODY_TOO_LARGE'],
  ['NUL characters', ...field({ company: 'a\u0000b' }), 400, 'TEXT_INVALID'],
  ['a __proto__ key', 'POST', LEADS, '{"values":{"__proto__":{"owner":1},"name":"x"}}', 400, 'JSON_INVALID'],
  ['a constructor key', 'POST', LEADS, '{"constructor":{"prototype":{}},"values":{}}', 400, 'JSON_INVALID'],
  ['a body that is a list', 'POST', LEADS, '[1,2,3]', 400, 'REQUEST_INVALID'],
  ['a body that is null', 'POST', LEADS, 'null', 422, 'VALUE_REQUIRED'],
  ['no body', 'POST', LEADS, undefined, 422, 'VALUE_REQUIRED'],
  ['an unknown key', 'POST', LEADS, { values: {}, ownerId: 1 }, 422, 'KEY_UNKNOWN'],
  ['an unknown field', ...field({ made_up: 1 }), 400, 'FIELD_NOT_AVAILABLE'],
  ['columns of the table', ...field({ gone_act: 1 }), 400, 'FIELD_NOT_AVAILABLE'],
  ['a read-only field', ...field({ created_at: '2026-01-01T00:00:00Z' }), 422, 'FIELD_READ_ONLY'],
  ['text where money belongs', ...field({ budget_min: 'abc' }), 422, 'NUMBER_INVALID'],
  ['1e400', ...field({ budget_min: '1e400' }), 422, 'NUMBER_INVALID'],
  ['1e400 as a number', 'POST', LEADS, '{"values":{"name":"x","budget_min":1e400}}', 422, 'NUMBER_INVALID'],
  ['NaN', ...field({ budget_min: 'NaN' }), 422, 'NUMBER_INVALID'],
  ['a list where text belongs', ...field({ company: ['a'] }), 422, 'VALUE_INVALID'],
  ['an object where text belongs', ...field({ company: { a: 1 } }), 422, 'VALUE_INVALID'],
  ['a number where an option belongs', ...field({ industry: 7 }), 422, 'VALUE_INVALID'],
  ['an unknown option', ...field({ industry: 'moonshine' }), 422, 'VALUE_INVALID'],
  ['an unreadable phone', ...field({ phone: 'call me' }), 422, 'PHONE_INVALID'],
  ['2026-02-30', 'POST', '/api/v1/objects/opportunity/records', { values: { close_on: '2026-02-30' } }, 422, 'DATE_INVALID', 'director'],
  ['the year 294277', 'POST', '/api/v1/objects/opportunity/records', { values: { close_on: '294277-01-01' } }, 422, 'DATE_INVALID', 'director'],
  ['infinity as a date', 'POST', '/api/v1/objects/opportunity/records', { values: { close_on: 'infinity' } }, 422, 'DATE_INVALID', 'director'],
  ['a reference to nothing', ...field({ campaign: NOWHERE }), 422, 'VALUE_INVALID'],
  ['a reference that is no id', ...field({ campaign: `${NOWHERE}'--` }), 422, 'VALUE_INVALID'],
  ['an owner that is nobody', 'POST', LEADS, { values: { name: 'x' }, owner: 999999 }, 422, 'VALUE_INVALID'],
  ['an owner above int4', 'POST', LEADS, { values: { name: 'x' }, owner: 99999999999 }, 400, 'REQUEST_INVALID'],
  ['a name of 13 KB', ...field({ name: '长'.repeat(13_000) }), 422, 'TEXT_TOO_LONG'],
  ['an unknown tag', 'POST', LEADS, { values: { name: 'x' }, tags: ['没有这个'] }, 422, 'VALUE_INVALID'],
  ['a stale version', 'PATCH', () => `${LEADS}/${record.id}`, { version: 'zzzzzzzzzzzzzzzz', values: { company: '新' } }, 409, 'VERSION_STALE'],
  ['no version', 'PATCH', () => `${LEADS}/${record.id}`, { values: { company: '新' } }, 422, 'VALUE_REQUIRED'],
  ['an id of nowhere', 'PATCH', `${LEADS}/${NOWHERE}`, { version: 'x', values: {} }, 404, 'NOT_FOUND'],
  ['an id that is none', 'GET', `${LEADS}/17`, undefined, 400, 'REQUEST_INVALID'],
  ['an object of nowhere', 'GET', '/api/v1/objects/made_up/records', undefined, 404, 'NOT_FOUND'],
  ['an object that is none', 'GET', '/api/v1/objects/..%2f..%2fmember/records', undefined, 400, 'REQUEST_INVALID'],
  ['a system table as an object', 'GET', '/api/v1/objects/session/records', undefined, 404, 'NOT_FOUND'],
  ['a filter over an unknown field', 'GET', filter({ field: 'made_up', op: 'eq', value: 'x' }), undefined, 400, 'FIELD_NOT_AVAILABLE'],
  ['a filter that is no JSON', 'GET', filter('{'), undefined, 400, 'JSON_INVALID'],
  ['a filter that is no condition', 'GET', filter({ $where: '1=1' }), undefined, 422, 'CONDITION_INVALID'],
  ['a filter that is a list', 'GET', filter([]), undefined, 422, 'CONDITION_INVALID'],
  ['a filter 60 deep', 'GET', filter('{"not":'.repeat(60) + '{"all":[]}' + '}'.repeat(60)), undefined, 422, 'CONDITION_INVALID'],
  ['a filter 2,000 deep', 'GET', filter('{"not":'.repeat(2_000) + '{"all":[]}' + '}'.repeat(2_000)), undefined, 400, 'JSON_TOO_DEEP'],
  ['a filter of 300 parts', 'GET', filter({ any: Array.from({ length: 300 }, () => ({ field: 'name', op: 'empty' })) }), undefined, 422, 'CONDITION_INVALID'],
  ['a filter with NUL', 'GET', filter({ field: 'name', op: 'eq', value: 'a\u0000' }), undefined, 400, 'TEXT_INVALID'],
  ['a filter comparing money with text', 'GET', filter({ field: 'budget_min', op: 'ge', value: 'x' }), undefined, 422, 'CONDITION_INVALID'],
  ['a filter with a number beyond numbers', 'GET', filter('{"field":"budget_min","op":"ge","value":1e400}'), undefined, 422, 'CONDITION_INVALID'],
  ['a sort by an unknown field', 'GET', `${LEADS}?sort=-made_up`, undefined, 400, 'FIELD_NOT_AVAILABLE'],
  ['a sort that is code', 'GET', `${LEADS}?sort=name;drop`, undefined, 400, 'REQUEST_INVALID'],
  ['columns that do not exist', 'GET', `${LEADS}?fields=name,password_hash`, undefined, 400, 'FIELD_NOT_AVAILABLE'],
  ['a measure that is code', 'GET', `${LEADS.replace('records', 'aggregate')}?measures=${encodeURIComponent('[{"of":"sum(1)"}]')}`, undefined, 400, 'REQUEST_INVALID'],
  ['a stretch that is code', 'POST', LEADS.replace('records', 'aggregate'), { groupBy: [{ field: 'created_at', by: "day'); --" }] }, 400, 'REQUEST_INVALID'],
  ['a page of no rows', 'GET', `${LEADS}?limit=0`, undefined, 400, 'REQUEST_INVALID'],
  ['a page of too many', 'GET', `${LEADS}?limit=100000`, undefined, 400, 'REQUEST_INVALID'],
  ['a cursor from elsewhere', 'GET', `${LEADS}?cursor=AAAA`, undefined, 400, 'CURSOR_INVALID'],
  ['a numbered cursor from elsewhere', 'GET', '/api/v1/notifications?cursor=x', undefined, 400, 'CURSOR_INVALID'],
  ['a cursor of runs from elsewhere', 'GET', '/api/v1/runs?cursor=x', undefined, 400, 'CURSOR_INVALID'],
  ['a follow-up without its three fields', 'POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id: NOWHERE }, result: 'interested' }, 422, 'VALUE_REQUIRED'],
  ['a follow-up about nothing', 'POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id: NOWHERE }, result: 'interested', nextAt: '2026-12-01T00:00:00Z', resource: 'none' }, 422, 'VALUE_INVALID'],
  ['a bulk of nothing', 'POST', '/api/v1/commands/bulk', { object: 'lead', ids: [] }, 400, 'REQUEST_INVALID'],
  ['a bulk of 1,001', 'POST', '/api/v1/commands/bulk', { object: 'lead', ids: Array.from({ length: 1_001 }, () => NOWHERE) }, 400, 'REQUEST_INVALID'],
  ['an unknown command', 'POST', '/api/v1/commands/format-disk', {}, 404, 'NOT_FOUND'],
  ['a definition of no kind', 'PUT', '/api/v1/definitions/virus/x', { body: {} }, 400, 'REQUEST_INVALID'],
  ['a definition without sense', 'PUT', '/api/v1/definitions/object/x', { body: { key: 'x' } }, 422, 'DEFINITION_INVALID'],
  ['a rule that reads what is not there', 'POST', '/api/v1/definitions/rule/preview', { rule: { key: 'x' } }, 422, 'DEFINITION_INVALID'],
  ['a member without anything', 'POST', '/api/v1/members', {}, 422, 'VALUE_REQUIRED'],
  ['a member with a role of nowhere', 'POST', '/api/v1/members', { name: 'x', email: 'x@example.com', roles: ['ghost'] }, 422, 'VALUE_INVALID'],
  ['a member whose team is nowhere', 'POST', '/api/v1/members', { name: 'x', email: 'x@example.com', roles: ['sales'], team: 999 }, 422, 'VALUE_INVALID'],
  ['a link of nowhere', 'POST', '/api/v1/auth/reset', { token: `test.${'x'.repeat(43)}`, password: 'a good long phrase' }, 410, 'LINK_INVALID'],
  ['set-up again', 'POST', '/api/v1/auth/setup', { token: `test.${'x'.repeat(43)}`, company: 'x', administrator: { name: 'x', email: 'x@example.com', password: 'a good long phrase' }, solution: 'crm' }, 409, 'SET_UP_ALREADY'],
  ['a search of nothing', 'GET', '/api/v1/search?q=', undefined, 400, 'REQUEST_INVALID'],
  ['a stream of nonsense', 'GET', '/api/v1/stream?subscriptions=%7B', undefined, 400, 'JSON_INVALID'],
  ['a stream of too much', 'GET', `/api/v1/stream?subscriptions=${encodeURIComponent(JSON.stringify(Array.from({ length: 21 }, (_, i) => ({ key: `k${i}`, kind: 'workbench' }))))}`, undefined, 400, 'REQUEST_INVALID'],
  ['an audit of no time', 'GET', '/api/v1/audit?from=yesterday', undefined, 400, 'REQUEST_INVALID'],
  ['a clock turned back', 'POST', '/api/v1/clock', { advance: '-3d' }, 400, 'REQUEST_INVALID'],
  ['an unknown form', 'POST', '/intake/forms/nowhere', { phone: '13800138000' }, 404, 'NOT_FOUND'],
  ['a page of an unknown form', 'GET', '/f/nowhere', undefined, 404, 'NOT_FOUND'],
  ['a form with malformed JSON', 'POST', '/intake/forms/pricing', '{"phone":', 400, 'JSON_INVALID'],
  ['a form 20,000 deep', 'POST', '/intake/forms/pricing', '['.repeat(20_000), 400, 'JSON_TOO_DEEP'],
  ['a form with a __proto__ key', 'POST', '/intake/forms/pricing', '{"__proto__":{"x":1},"phone":"13800138000"}', 400, 'JSON_INVALID'],
  ['a form with NUL', 'POST', '/intake/forms/pricing', { phone: '13800138000', company: 'a\u0000' }, 400, 'TEXT_INVALID'],
  ['an oversize form', 'POST', '/intake/forms/pricing', { phone: '13800138000', company: 'x'.repeat(1_100_000) }, 413, 'BODY_TOO_LARGE'],
  ['a visit of nothing', 'POST', '/intake/behaviours', { form: 'nowhere', visitor: NOWHERE, kind: 'view' }, 404, 'NOT_FOUND'],
  ['a visit of a strange kind', 'POST', '/intake/behaviours', { form: 'pricing', visitor: NOWHERE, kind: 'fly' }, 422, 'VALUE_INVALID'],
  ['an unknown address', 'GET', '/api/v1/made-up', undefined, 404, 'NOT_FOUND'],
  ['an unknown method', 'DELETE', '/api/v1/workbench', undefined, 404, 'NOT_FOUND'],
]

it.each(CASES.map((each) => [each[0], each] as const))('H11 %s', async (_what, [, method, url, body, status, code, who = 'admin']) => {
  const before = await state()
  const ask = (lang: string) => home.ask(home.people[who], method, typeof url === 'string' ? url : url(), body, { 'accept-language': lang })
  const [zh, en] = [await ask('zh-CN'), await ask('en')]
  expect([zh.status, zh.body.error?.code, zh.body.error?.message]).toEqual([status, code, expect.any(String)])
  expect(Object.keys(zh.body.error).sort()).toEqual(['code', 'message', 'path', 'remedy', 'requestId'])
  expect(zh.body.error.message).toMatch(/\p{Script=Han}/u)
  expect(en.body.error.remedy).not.toMatch(/\p{Script=Han}/u)
  expect(JSON.stringify([zh.body, en.body])).not.toMatch(/o_lead|f_name|select |syntax error|node_modules|\.ts:/i)
  expect(await state()).toBe(before)
})

it('H11 another media type', async () => {
  const answer = await home.ask(home.people.admin, 'POST', LEADS, 'name=x', { 'content-type': 'application/x-www-form-urlencoded' })
  expect([answer.status, answer.body.error.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
})

it('H11 hostile text is text', async () => {
  for (const company of HOSTILE) {
    const made = await home.ask(home.people.admin, 'POST', LEADS, { values: { name: '攻', company } })
    expect([made.status, made.body.record.values.company]).toEqual([201, company.normalize('NFC')])
    const found = await home.ask(home.people.admin, 'GET', filter({ field: 'company', op: 'eq', value: company }))
    expect(found.body.records.map(({ id }: { id: string }) => id)).toContain(made.body.record.id)
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/search?q=${encodeURIComponent(company.slice(0, 90))}`)).status).toBe(200)
  }
})

it('H11 ids and form keys of another tenant are nothing here', async () => {
  const other = await createTenant(home.db, { key: 'other', name: '另一家' })
  await install(home.db, other, 'crm')
  const theirs = await home.db.mutate(other, async (tx) => (await writeOrRefuse(await kernelContext(tx, { kind: 'source', form: 'x' }, { kind: 'source' }), [{ op: 'create', object: 'lead', values: { name: '他家的' } }]))[0]!.id)
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  const ask = async (method: string, url: string, body?: unknown) => {
    const { status, body: { error } } = await home.ask(home.people.admin, method, `/t/test${url}`, body)
    return [status, { ...error, requestId: '' }]
  }
  const bodies = (id: string) => [['GET', `${LEADS}/${id}`], ['PATCH', `${LEADS}/${id}`, { version: 'x', values: {} }], ['DELETE', `${LEADS}/${id}`], ['GET', `${LEADS}/${id}/why`],
    ['POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id }, result: 'interested', nextAt: '2026-12-01T00:00:00Z', resource: 'none' }]] as const
  for (const [i, [method, url, body]] of bodies(theirs).entries()) expect(await ask(method, url, body)).toEqual(await ask(method, bodies(NOWHERE)[i]![1], bodies(NOWHERE)[i]![2]))
  expect((await home.ask(null, 'POST', '/t/test/intake/forms/pricing', { phone: '13800138999', consent: 'true' })).status).toBe(201)
  expect((await home.ask(null, 'POST', '/t/nowhere/intake/forms/pricing', { phone: '13800138999' })).status).toBe(404)
  await home.db.pool.query(`delete from nextmove.tenant where key = 'other'`)
  await new Promise((resolve) => setTimeout(resolve, 1_050))
})

describe('H11 every route', () => {
  const routes = (Object.values(ROUTES) as Route[]).filter(({ name }) => name !== 'stream')
  const NASTY: unknown[] = [null, 0, 'text', [], [null], { a: 1 }, { values: null }, { id: {} }, { ids: 'x' }, { token: 5, password: [] }, { body: { body: {} } }]
  const path = ({ path: at }: Route, value: string) => at.replace(/\{\w+\}/g, encodeURIComponent(value))

  it.each(routes.map((route) => [route.name, route] as const))('H11 %s never fails on nonsense', async (_name, route) => {
    for (const value of ['x', '0', '-1', '99999999999999999999', '%', '\u202e', NOWHERE]) {
      for (const body of route.method === 'GET' || route.method === 'DELETE' ? [undefined] : NASTY.slice(0, 4)) expect((await home.ask(home.people.sales, route.method, path(route, value), body)).status).toBeLessThan(500)
    }
    if (!route.body) return
    for (const body of NASTY) expect((await home.ask(home.people.sales, route.method, path(route, 'x'), body)).status).toBeLessThan(500)
  })
})
