import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { bumpEpoch } from '#kernel/metadata'
import { house, type House, type Person } from './testing/house.ts'

let home: House
let team: number
beforeAll(async () => {
  home = await house()
  const { supervisor, rival } = home.people
  team = await home.db.mutate(home.tenant, async (tx) => {
    const [row] = await tx.query<{ id: number }>(`update {t}.team set head = $1 where id = (select team from {t}.member where id = $1) returning id`, [supervisor.id])
    await tx.query(`with other as (insert into {t}.team (name) values ('华南区') returning id) update {t}.member set team = (select id from other) where id = $1`, [rival.id])
    await bumpEpoch(tx)
    return row!.id
  })
})
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const draft = (key: string, more: object = {}) => ({ key, label: { zh: key, en: key }, trigger: { on: 'changed', object: 'lead', fields: ['company'] }, condition: { all: [] }, actions: [{ do: 'tag', add: ['高意向'] }], priority: 300, team, ...more })
const put = (who: Person, rule: { key: string }, state = 'active') => home.ask(who, 'PUT', `/api/v1/definitions/rule/${rule.key}`, { body: rule, state })
const listed = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/definitions/rule')).body.definitions.map(({ key }: { key: string }) => key)

it('H85 a supervisor builds, tries, follows and removes a rule of their own department and sees no other', async () => {
  const { supervisor, sales, rival, admin } = home.people
  expect(await listed(supervisor)).toEqual([])
  expect((await put(supervisor, draft('mine'))).status).toBe(200)
  expect(await listed(supervisor)).toEqual(['mine'])
  expect((await home.ask(supervisor, 'GET', '/api/v1/definitions/rule/r1_tag')).status).toBe(404)
  const [ours, theirs] = await Promise.all([sales, rival].map(async (who) => {
    const { record } = (await home.ask(who, 'POST', LEADS, { values: { name: `客户${who.id}` } })).body
    await home.ask(who, 'PATCH', `${LEADS}/${record.id}`, { version: record.version, values: { company: '新公司' } })
    return record.id as string
  }))
  await drain(home.db, home.tenant)
  const tags = async (id: string) => (await home.ask(admin, 'GET', `${LEADS}/${id}`)).body.record.tags
  expect([await tags(ours!), await tags(theirs!)]).toEqual([['高意向'], []])
  expect((await home.ask(supervisor, 'GET', '/api/v1/runs?rule=mine')).body.items).toHaveLength(1)
  expect(Object.keys((await home.ask(supervisor, 'GET', '/api/v1/rules/health')).body.rules)).toEqual(['mine'])
  expect((await home.ask(supervisor, 'GET', '/api/v1/runs?rule=r1_grade')).status).toBe(403)
  expect((await home.ask(supervisor, 'POST', '/api/v1/trials', { kind: 'rule', body: draft('mine'), days: 7 })).status).toBe(200)
  expect((await home.ask(supervisor, 'DELETE', '/api/v1/definitions/rule/mine')).status).toBe(200)
})

it.each([
  ['no department', { team: undefined }, 'RULE_WITHOUT_TEAM'],
  ['another department', { team: 9999 }, 'RULE_WITHOUT_TEAM'],
  ['the outside', { actions: [{ do: 'webhook', url: 'https://example.com/x' }] }, 'RULE_BEYOND_RIGHTS'],
  ['a tag of rights', { trigger: { on: 'changed', object: 'customer' }, actions: [{ do: 'tag', add: ['敏感客户'] }] }, 'POLICY_TAG_PROTECTED', 'RULE_BEYOND_RIGHTS'],
  ['what they may not write', { trigger: { on: 'changed', object: 'opportunity' }, actions: [{ do: 'set', values: { won_amount: '1' } }] }, 'RULE_BEYOND_RIGHTS'],
  ['what they may not make', { actions: [{ do: 'create', object: 'payment', values: {} }] }, 'RULE_BEYOND_RIGHTS'],
] as const)('H85 refused: %s', async (_, more, code, tried: string = code) => {
  const body = { ...draft('no_such'), ...more }
  const { status, body: answer } = await put(home.people.supervisor, body)
  expect([answer.error?.code, status >= 400]).toEqual([code, true])
  const trial = await home.ask(home.people.supervisor, 'POST', '/api/v1/trials', { kind: 'rule', body, days: 7 })
  expect(trial.body.error?.code).toBe(tried)
})

it('H85 who leads nobody, and another department’s rule, are refused', async () => {
  const { admin, sales, supervisor } = home.people
  expect((await put(sales, draft('salesman'))).status).toBe(403)
  await put(admin, { ...draft('company', { team: undefined }) })
  expect((await put(supervisor, draft('company'))).status).toBe(403)
  expect((await home.ask(supervisor, 'DELETE', '/api/v1/definitions/rule/company')).status).toBe(403)
  expect((await home.ask(sales, 'GET', '/api/v1/rules/health')).status).toBe(403)
})

it('H86 a rule of many steps stands in one’s own automation step by step, what is inside a step below it', async () => {
  const { admin, sales } = home.people
  const tags = (add: string) => ({ do: 'tag', add: [add] })
  const rule = draft('steps', { team: undefined, actions: [
    { do: 'approve', to: [{ supervisor: true }], title: '{{name}}', atMost: '2d', yes: [tags('高意向')], no: [{ do: 'wait', for: '1h' }, tags('数据悬停')], late: [] },
    { do: 'parallel', join: 'any', branches: [[{ do: 'wait', for: '2h' }], [{ do: 'waitUntil', until: { field: 'name', op: 'eq', value: '甲' }, atMost: '1d', yes: [tags('高意向')], no: [] }]] }, tags('数据悬停')] })
  expect((await put(admin, rule)).status).toBe(200)
  const { body } = await home.ask(sales, 'GET', '/api/v1/own-automation')
  const { when, steps } = body.rules.find(({ key }: { key: string }) => key === 'steps')
  expect((await home.ask(admin, 'DELETE', '/api/v1/definitions/rule/steps')).status).toBe(200)
  expect([when.zh, ...steps.zh.map(({ text, depth }: { text: string; depth: number }) => `${'　'.repeat(depth)}${text}`)]).toEqual([
    '当线索的公司名变更', '请直属主管审批「〔姓名〕」（最多 2 天）', '　同意：打标签【高意向】', '　不同意', '　　等 1 小时', '　　打标签【数据悬停】',
    '同时进行，任何一个做完后（其余叫停）往下', '　① 等 2 小时', '　分支 ②', '　　等到 姓名 等于 甲（最多 1 天）', '　　　成立：打标签【高意向】', '打标签【数据悬停】',
  ])
  const behaviour = body.rules.find(({ key }: { key: string }) => key === 'r2_behaviour').steps.zh.map(({ text }: { text: string }) => text)
  expect(behaviour.map((text: string) => text.replace(/^若 .+?，(?=对)/, '').slice(0, 4))).toEqual(['对线索把', '对线索重', '对客户把', '对联系人'])
  expect(behaviour.map((text: string) => text.startsWith('若 状态 属于 '))).toEqual([true, true, false, false])
  expect([when.en, steps.en.length, steps.en[1]]).toEqual([expect.stringMatching(/^When Company/), 11, { text: expect.stringMatching(/^approved: tag /), depth: 1 }])
})

it('H86 one’s own automation: what works on one’s records, without what one may not know; settled at once', async () => {
  const { sales } = home.people
  const { body } = await home.ask(sales, 'GET', '/api/v1/own-automation')
  expect(body).toMatchObject({ settings: { paused: [], slots: [] }, closedUntil: null, kept: { notices: 0, outside: 0 } })
  expect(body.rules.find(({ key }: { key: string }) => key === 'r3_escalate')).toMatchObject({ required: true })
  const slots = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }]
  const after = await home.ask(sales, 'PUT', '/api/v1/own-automation', { paused: ['r1_grade'], slots })
  expect(after.body).toMatchObject({ settings: { paused: ['r1_grade'], slots }, closedUntil: expect.any(String) })
  expect((await home.ask(sales, 'PUT', '/api/v1/own-automation', { paused: ['r3_escalate'], slots: [] })).body.error.code).toBe('RULE_REQUIRED')
  expect((await home.ask(sales, 'PUT', '/api/v1/own-automation', { paused: [], slots: [{ days: [], from: '1', to: null }] })).status).toBe(400)
  await home.ask(sales, 'PUT', '/api/v1/own-automation', { paused: [], slots: [] })
})
