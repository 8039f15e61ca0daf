import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const rule = async (key: string) => (await home.ask(home.people.admin, 'GET', `/api/v1/definitions/rule/${key}`)).body.body

async function tried(who: Person, ask: object) {
  const begun = await home.ask(who, 'POST', '/api/v1/trials', ask)
  if (begun.status !== 200) return begun
  for (;;) {
    const answer = await home.ask(who, 'GET', `/api/v1/trials/${begun.body.id}`)
    if (answer.body.state !== 'running') return answer
    await pause(25)
  }
}

it('H80 a draft is tried on the past: what would differ, for whom, beside what really happened, through the reader’s lens', async () => {
  const { admin, sales, director } = home.people
  const { record } = (await home.ask(sales, 'POST', LEADS, { values: { name: '何工', budget_min: '300000', page_url: 'https://x.cn/pricing' } })).body
  await drain(home.db, home.tenant)
  const lower = JSON.parse(JSON.stringify(await rule('r1_tag')).replace('500000', '200000'))
  const { body } = await tried(admin, { kind: 'rule', body: lower, days: 7 })
  expect(body).toMatchObject({ state: 'done', problem: null, answer: { fired: { now: 0, asIf: 1 }, total: 1, rows: [{ object: 'lead', record: record.id, title: '何工', made: false, apart: [{ what: 'tag', detail: { zh: '高意向-价格敏感' }, now: null }] }] } })
  expect(body.answer.rows[0].actual[0]).toMatchObject({ actor: { name: '李思琪' }, said: { zh: '进来' } })
  expect(body.answer.kinds).toContainEqual({ what: 'tag', now: 0, asIf: 1, actual: 0 })
  expect((await home.ask(admin, 'GET', `${LEADS}/${record.id}`)).body.record.tags).toEqual([])
  expect([body.answer.words.asIf, body.answer.pushes]).toEqual([{ known: 0, unknown: 0 }, null])
  // Tried as it is, it is no longer called untested; otherwise it would be again.
  const fresh = { ...lower, key: 'fresh' }
  const untested = async (draft: object) => ((await home.ask(admin, 'POST', '/api/v1/definitions/rule/preview', { rule: draft })).body.warnings as { code: string }[]).some(({ code }) => code === 'untested')
  expect(await untested(fresh)).toBe(true)
  expect((await tried(admin, { kind: 'rule', body: fresh, days: 7 })).body.state).toBe('done')
  expect([await untested(fresh), await untested({ ...fresh, actions: [...fresh.actions, { do: 'stop' }] })]).toEqual([false, true])
  const begun = await home.ask(admin, 'POST', '/api/v1/trials', { kind: 'rule', body: lower, days: 7 })
  expect((await home.ask(director, 'GET', `/api/v1/trials/${begun.body.id}`)).body.error.code).toBe('NOT_FOUND')
  expect((await home.ask(admin, 'DELETE', `/api/v1/trials/${begun.body.id}`)).body).toEqual({ done: true })
  expect((await home.ask(admin, 'GET', `/api/v1/trials/${begun.body.id}`)).status).toBe(404)
})

it('H80 a draft that could not be published says why; who may not configure it may not try it', async () => {
  const { admin, sales } = home.people
  const body = await rule('r1_tag')
  expect((await tried(admin, { kind: 'rule', body: { ...body, condition: { field: 'nothing', op: 'empty' } }, days: 7 })).body).toMatchObject({ state: 'failed', problem: { zh: expect.stringContaining('条件') } })
  expect((await home.ask(sales, 'POST', '/api/v1/trials', { kind: 'rule', body, days: 7 })).body.error.code).toBe('FORBIDDEN')
  expect((await home.ask(admin, 'POST', '/api/v1/trials', { kind: 'rule', body, days: 999 })).status).toBe(400)
})

it('H80 a draft that asks somebody for their word ends there where nobody was asked, and says whom it waits for', async () => {
  const { admin } = home.people
  const lower = JSON.parse(JSON.stringify(await rule('r1_tag')).replace('500000', '200000'))
  const asking = { ...lower, actions: [{ do: 'approve', to: [{ supervisor: true }], title: '放行', atMost: '24h', yes: lower.actions, no: [], late: [] }] }
  const { answer } = (await tried(admin, { kind: 'rule', body: asking, days: 7 })).body
  expect(answer).toMatchObject({ words: { now: { unknown: 0 }, asIf: { known: 0, unknown: 1 } }, pushes: null, total: 1, rows: [{ title: '何工', apart: [{ what: 'unanswered', detail: { zh: '王海燕' }, now: null }] }] })
})
