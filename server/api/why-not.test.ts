import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'

it('H81 why a rule did nothing about a record: what was missing, what was seen, what would have been enough; what the reader may not see keeps its words to itself', async () => {
  const { sales, admin, finance } = home.people
  const { record } = (await home.ask(sales, 'POST', LEADS, { values: { name: '何工', budget_min: '480000', page_url: 'https://x.cn/pricing' } })).body
  await drain(home.db, home.tenant)
  const { items } = (await home.ask(sales, 'GET', `${LEADS}/${record.id}/why-not`)).body
  expect(items.map(({ rule }: { rule: string }) => rule)).toContain('r1_assign')
  const answer = items.find(({ rule }: { rule: string }) => rule === 'r1_tag')
  expect(answer).toMatchObject({ kind: 'condition', missing: [{ sentence: { zh: expect.stringContaining('50 万') }, saw: { zh: '48 万' }, gap: { zh: '差 2 万' }, alone: true }] })
  expect(answer.said.zh).toMatch(/^事情发生了（.+），但条件当时不满足$/)
  expect((await home.ask(admin, 'GET', `/api/v1/rules/r4_price_sensitive/why-not/lead/${record.id}`)).body).toMatchObject({ kind: 'off', said: { zh: '规则还没有启用' } })
  expect((await home.ask(finance, 'GET', `${LEADS}/${record.id}/why-not`)).status).toBe(404)
  const role = (await home.ask(admin, 'GET', '/api/v1/definitions/role/sales')).body
  role.body.objects.lead.fields = { ...role.body.objects.lead.fields, budget_min: { read: 'hidden' } }
  await home.ask(admin, 'PUT', '/api/v1/definitions/role/sales', { body: role.body })
  const hidden = (await home.ask(sales, 'GET', `/api/v1/rules/r1_tag/why-not/lead/${record.id}`)).body
  expect(hidden.missing).toEqual([{ sentence: null, saw: null, gap: null, alone: true }])
})

it('H37 a draft is read as its publication would be: what refuses it, and what its maker should know', async () => {
  const { admin } = home.people
  const rule = (await home.ask(admin, 'GET', '/api/v1/definitions/rule/r1_tag')).body.body
  const preview = async (body: object) => (await home.ask(admin, 'POST', '/api/v1/definitions/rule/preview', { rule: body })).body
  const twin = { ...rule, key: 'twin', label: { zh: '又一条', en: 'Twin' } }
  expect((await preview(twin)).warnings.map(({ code, rules }: { code: string; rules: string[] }) => [code, rules])).toContainEqual(['shadowed', ['r1_tag']])
  expect((await preview(twin)).warnings.map(({ code }: { code: string }) => code)).toContain('untested')
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/twin', { body: twin, state: 'active' })).status).toBe(200)
  const checkup = (await home.ask(admin, 'GET', '/api/v1/rules/checkup')).body
  expect(checkup.items.find(({ rule: key }: { rule: string }) => key === 'twin').warnings.map(({ code }: { code: string }) => code)).toEqual(expect.arrayContaining(['shadowed', 'untested']))
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/rules/checkup')).body).toEqual({ rules: 0, items: [] })
  expect((await home.ask(admin, 'DELETE', '/api/v1/definitions/rule/twin')).status).toBe(200)
  const never = { ...twin, condition: { all: [{ field: 'budget_min', op: 'ge', value: '500000' }, { field: 'budget_min', op: 'lt', value: '300000' }] } }
  expect((await preview(never)).problems[0].message.zh).toBe('条件永远不成立：「预算下限 ≥ 50 万」和「预算下限 < 30 万」不可能同时满足')
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/twin', { body: never, state: 'template' })).body.error).toMatchObject({ code: 'DEFINITION_INVALID', path: 'condition' })
})

it('H83 how every rule has done in the last seven days, to those who look after rules', async () => {
  const { admin, sales } = home.people
  await home.ask(sales, 'POST', LEADS, { values: { name: '体检' } })
  await drain(home.db, home.tenant)
  const { body } = await home.ask(admin, 'GET', '/api/v1/rules/health')
  expect(body.rules.r1_assign).toMatchObject({ done: expect.any(Number), failed: 0, last: expect.any(String), problem: null })
  expect(body.rules.r1_assign.done).toBeGreaterThan(0)
  expect(body).toMatchObject({ parked: 0 })
  expect((await home.ask(sales, 'GET', '/api/v1/rules/health')).body.error.code).toBe('FORBIDDEN')
})

it('H84 the whole chain of an event from its first cause: rules with their versions, what they did, who was told and read it, what people did next', async () => {
  const { sales, rival, supervisor } = home.people
  const follows = { key: 'follows', label: { zh: '接着', en: 'follows' }, trigger: { on: 'ran', object: 'lead', rule: 'r1_tag', outcome: 'finished' }, condition: { all: [] }, priority: 500, actions: [{ do: 'set', values: { title: '已分析' } }] }
  expect((await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/rule/follows', { body: follows, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(supervisor, 'POST', LEADS, { values: { name: '全程', budget_min: '800000', page_url: 'https://x.cn/pricing' } })).body
  await drain(home.db, home.tenant)
  const items = (await home.ask(supervisor, 'GET', `${LEADS}/${record.id}/why`)).body.items
  const event = items.find(({ rule }: { rule: { key: string } | null }) => rule?.key === 'r1_tag').run.event
  const trace = (await home.ask(supervisor, 'GET', `/api/v1/trace/${event}`)).body
  expect(trace.events[0]).toMatchObject({ seq: event, depth: 0, title: '全程', born: true, actor: { kind: 'member', name: '王海燕' } })
  const rules = trace.events[0].runs.map(({ rule, status }: { rule: string; status: string }) => `${rule} ${status}`)
  // In the order in which they worked, and what they did together under all their names.
  expect(rules.filter((each: string) => each.endsWith(' done'))).toEqual(['r1_tag done', 'r1_grade done', 'r1_assign done'])
  expect(trace.events.find(({ depth, fields }: { depth: number; fields: unknown[] }) => depth > 0 && fields.length > 0).actor.name).toMatch(/^R4 高意向-价格敏感 等 3 条规则$/)
  const next = trace.events.find(({ runs }: { runs: { rule: string }[] }) => runs.some(({ rule }) => rule === 'follows'))
  expect(next).toMatchObject({ actor: { kind: 'rule', name: trace.events[0].runs.find(({ rule }: { rule: string }) => rule === 'r1_tag').label }, fields: [] })
  expect((await home.ask(supervisor, 'GET', `/api/v1/trace/${next.seq}`)).body.events[0].seq).toBe(event)
  await home.ask(home.people.admin, 'DELETE', '/api/v1/definitions/rule/follows')
  const later = trace.events.find(({ depth }: { depth: number }) => depth > 0)
  expect((await home.ask(supervisor, 'GET', `/api/v1/trace/${later.seq}`)).body.events[0].seq).toBe(event)
  const { version } = (await home.ask(supervisor, 'GET', `${LEADS}/${record.id}`)).body.record
  expect((await home.ask(supervisor, 'PATCH', `${LEADS}/${record.id}`, { version, values: { company: '临港' } })).status).toBe(200)
  expect((await home.ask(supervisor, 'GET', `/api/v1/trace/${event}`)).body.next.map(({ actor }: { actor: { name: string } }) => actor.name)).toContain('王海燕')
  const owner = (await home.ask(supervisor, 'GET', `${LEADS}/${record.id}`)).body.record.values.owner
  expect((await home.ask(owner === sales.id ? rival : sales, 'GET', `/api/v1/trace/${event}`)).status).toBe(404)
  expect((await home.ask(supervisor, 'GET', '/api/v1/trace/999999999')).status).toBe(404)
})
