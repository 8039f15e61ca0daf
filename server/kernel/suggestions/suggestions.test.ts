import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMember, createKey, setPassword } from '#kernel/members'
import { kernelContext, memberContext } from '#kernel/access'
import { hashPassword } from '#platform/crypto'
import { house, PASSWORD, type House, type Person } from '../../api/testing/house.ts'

let home: House
let agent: Person
let key: string
const LEADS = '/api/v1/objects/lead/records'

beforeAll(async () => {
  home = await house()
  const hash = await hashPassword(PASSWORD)
  const id = await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
    const made = await createMember(ctx, { name: '代理商小何', email: 'agent@example.com', roles: ['agent'], team: null, supervisor: null, capability: { skills: [], regions: [], capacity: 40 } })
    await setPassword(ctx, made.id, hash, { keep: null })
    return made.id
  })
  key = await home.db.mutate(home.tenant, async (tx) => (await createKey(await memberContext(tx, id), id, '代理商系统', ['write'])).key)
  const answer = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'agent@example.com', password: PASSWORD })
  agent = { id, cookie: String(answer.headers['set-cookie']).split(';')[0]!, csrf: answer.body.csrf }
})
afterAll(() => home.close())

const send = (values: object) => home.ask(null, 'POST', LEADS, { values }, { authorization: `Bearer ${key}` })
const list = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/suggestions')).body.items as { id: string; state: string; title: string; record: string | null; made: string | null; by: { name: string }; fields: { field: string; before: unknown; value: unknown; taken: boolean }[]; can: { decide: boolean } }[]
const decide = (who: Person, id: string, body: object) => home.ask(who, 'POST', `/api/v1/suggestions/${id}/decide`, body)
const leads = async () => (await home.ask(home.people.admin, 'GET', '/api/v1/objects/lead/count')).body

test('V1 V2 what an account that may only suggest writes is kept and no record is touched; everybody else is refused as ever', async () => {
  const before = await leads()
  for (const again of [1, 2]) expect([again, (await send({ name: '周海', phone: '13800138001', company: '苏州精工' })).body.error?.code]).toEqual([again, 'TAKEN_AS_SUGGESTION'])
  expect((await home.ask(agent, 'POST', LEADS, { values: { name: '王芳', phone: '13800138002' } })).body.error.code).toBe('TAKEN_AS_SUGGESTION')
  expect((await list(agent)).map(({ title, state, can }) => [title, state, can.decide])).toEqual([['周海', 'open', false], ['王芳', 'open', false]])
  expect(await leads()).toEqual(before)
  expect((await home.ask(agent, 'POST', '/api/v1/suggestions', { object: 'lead', values: { nothing: 1 } })).body.error).toMatchObject({ code: 'FIELD_NOT_AVAILABLE', path: 'nothing' })
  expect((await home.ask(agent, 'POST', '/api/v1/suggestions', { object: 'customer', values: { name: 'x' } })).body.error.code).toBe('FORBIDDEN')
  expect((await home.ask(home.people.finance, 'POST', LEADS, { values: { name: 'x' } })).body.error.code).not.toBe('TAKEN_AS_SUGGESTION')
  const shown = (await home.ask(agent, 'GET', '/api/v1/definitions')).body.objects.find(({ key: object }: { key: string }) => object === 'lead')
  expect([shown.can.suggest, ...['name', 'phone', 'code', 'grade'].map((field) => shown.fields.find(({ key: each }: { key: string }) => each === field)?.suggest)]).toEqual([true, true, true, undefined, undefined])
  const theirs = (await home.ask(home.people.sales, 'POST', LEADS, { values: { name: '别人的' } })).body.record
  expect((await home.ask(agent, 'PATCH', `${LEADS}/${theirs.id}`, { version: theirs.version, values: { name: '改' } })).status).toBe(404)
})

test('V3 V4 V5 somebody takes some of its fields: one act of theirs, shared with the author, told and logged; decided once', async () => {
  const { admin, sales } = home.people
  expect(await list(sales)).toEqual([])
  const [first, second] = await list(admin)
  expect([first!.by.name, first!.can.decide, first!.fields.map(({ field }) => field).sort()]).toEqual(['代理商小何', true, ['company', 'name', 'phone']])
  expect((await decide(sales, first!.id, { take: ['name'] })).status).toBe(403)
  expect((await decide(admin, first!.id, { take: ['budget_max'] })).body.error.code).toBe('FIELD_NOT_AVAILABLE')
  const taken = await decide(admin, first!.id, { take: ['name', 'phone'], reason: '公司名待核实' })
  expect(taken.body).toMatchObject({ state: 'taken', made: expect.any(String), undo: expect.any(String) })
  const seen = (await home.ask(agent, 'GET', `${LEADS}/${taken.body.made}`)).body.record
  expect([seen.values.name, seen.values.company, seen.can.edit]).toEqual(['周海', undefined, false])
  expect((await home.ask(agent, 'PATCH', `${LEADS}/${seen.id}`, { version: seen.version, values: { company: '苏州精工二厂' } })).body.error.code).toBe('TAKEN_AS_SUGGESTION')
  expect((await decide(admin, second!.id, { take: [], reason: '号码是空号' })).body).toEqual({ state: 'declined', made: null, undo: null })
  expect((await decide(admin, first!.id, { take: ['company'] })).body.error.code).toBe('SUGGESTION_DECIDED')
  const change = (await list(admin))[0]!
  expect([change.record, change.fields]).toEqual([seen.id, [{ field: 'company', before: null, value: '苏州精工二厂', taken: false }]])
  expect((await decide(admin, change.id, { take: ['company'] })).body.state).toBe('taken')
  expect((await home.ask(agent, 'GET', `${LEADS}/${seen.id}`)).body.record.values.company).toBe('苏州精工二厂')
  expect((await list(agent)).map(({ state }) => state).sort()).toEqual(['declined', 'taken', 'taken'])
  const told = (await home.ask(agent, 'GET', '/api/v1/notifications')).body.items.map(({ title }: { title: string }) => title)
  expect(told).toEqual(expect.arrayContaining(['周敏采纳了你关于线索的部分建议', '周敏没有采纳你关于线索的建议']))
  const { items } = (await home.ask(admin, 'GET', '/api/v1/audit?object=system:suggestion&limit=20')).body
  expect(items).toHaveLength(6)
  expect((await home.ask(admin, 'POST', '/api/v1/commands/undo', { undo: taken.body.undo })).status).toBe(200)
  await send({ name: '坏号码', phone: 'abc' })
  const [bad] = await list(admin)
  expect((await decide(admin, bad!.id, { take: ['name', 'phone'] })).body.error).toMatchObject({ path: 'phone' })
  expect((await list(admin))[0]).toMatchObject({ id: bad!.id, state: 'open' })
})
