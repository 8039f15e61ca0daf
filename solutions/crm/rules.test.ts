import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, memberContext, type Actor, type Cause } from '#kernel/access'
import { decisionsOf } from '#kernel/assignment'
import { drain } from '#kernel/automation'
import { listMembers, updateMember } from '#kernel/members'
import { setRuleState } from '#kernel/metadata'
import { countRecords, getRecord, listRecords, writeOrRefuse, type Intent, type Values } from '#kernel/records'
import { advanceClock, ids, type Tx } from '#platform/db'
import { install } from '../../server/start/install.ts'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'

let home: FreshTenant
const people = new Map<string, number>()
beforeAll(async () => {
  home = await freshTenant()
  await install(home.db, home.tenant, 'yunqi')
  const rows = await home.db.read(home.tenant, (tx) => tx.query<{ id: number; email: string }>(`select id, email from {t}.member`))
  for (const { id, email } of rows) people.set(email.split('@')[0]!, id)
})
afterAll(() => home.drop())

const FORM: [Actor, Cause] = [{ kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' }]
const kernel = (tx: Tx, [actor, cause]: [Actor, Cause] = FORM) => kernelContext(tx, actor, cause)

/** As the pricing form, or as a member. */
async function from(who: string, ...intents: Intent[]): Promise<void> {
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(who === 'form' ? await kernel(tx) : await memberContext(tx, people.get(who)!), intents))
  await drain(home.db, home.tenant)
}
const leadOf = (id: string) => home.db.read(home.tenant, async (tx) => getRecord(await kernel(tx), 'lead', id))
const tasksOf = (id: string, status = 'open') => home.db.read(home.tenant, async (tx) => (await listRecords(await kernel(tx), 'task', { filter: { all: [{ field: 'subject', op: 'eq', value: `lead:${id}` }, { field: 'status', op: 'eq', value: status }] }, limit: 50 })).records)
const told = (id: string, kind: string) => home.db.read(home.tenant, async (tx) => (await tx.query<{ member: number }>(`select member from {t}.notification where record = $1 and kind = $2 order by id`, [id, kind])).map(({ member }) => [...people].find(([, each]) => each === member)![0]))
const now = () => home.db.read(home.tenant, async (tx) => tx.now.getTime())
const HOUR = 3_600_000

async function newLead(values: Values = {}): Promise<string> {
  const id = ids.next()
  await from('form', { op: 'create', object: 'lead', id, values: { name: '王磊', phone: '+8613900000001', company: '苏州恒达汽车零部件有限公司', industry: 'auto_parts', need_type: 'mes', budget_min: '600000', region: '320500', form_source: '官网定价页', page_url: 'https://www.yunqi.example/pricing', ...values } })
  return id
}
const seen = (lead: string, kind: string, page: string, material?: string): Intent => ({ op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id: lead }, kind, page, ...(material && { material }) } })
const followed = (lead: string, result: string, nextAt: number): Intent => ({ op: 'create', object: 'activity', values: { subject: { object: 'lead', id: lead }, result, next_at: new Date(nextAt).toISOString(), resource: 'none' } })

test('R1: tagged, graded, assigned by capability, told, and the 72 hours run', async () => {
  const at = await now()
  const id = await newLead({ budget_min: '1500000' })
  const { values, tags } = await leadOf(id)
  expect(tags).toEqual(expect.arrayContaining(['高意向-价格敏感', '红标预警']))
  expect(values).toMatchObject({ grade: 'red', status: 'waiting', owner: people.get('lina') })
  const [task, ...more] = await tasksOf(id)
  expect(more).toEqual([])
  expect(task!.values).toMatchObject({ kind: 'countdown', owner: people.get('lina'), title: '3 日内首次触达：王磊' })
  expect(Date.parse(task!.values['due_at'] as string) - at).toBeGreaterThan(72 * HOUR - 1000)
  expect(await told(id, 'new_lead')).toEqual(['lina'])
  expect((await told(id, 'red_alert')).toSorted()).toEqual(['lina', 'wanghaiyan'])
  const decisions = await home.db.read(home.tenant, (tx) => decisionsOf(tx, id))
  expect(decisions).toHaveLength(1)
  expect(decisions[0]!.candidates).toHaveLength(12)
})

test.each([
  ['the pricing page, 500,000', { form_source: null, budget_min: '500000' }, ['高意向-价格敏感'], 'yellow'],
  ['the form of the pricing page', { page_url: null, budget_min: '500000' }, ['高意向-价格敏感'], 'yellow'],
  ['another page', { form_source: null, page_url: 'https://www.yunqi.example/about', budget_min: '900000' }, [], 'yellow'],
  ['the path of a page alone', { form_source: null, page_url: '/pricing?plan=pro', budget_min: '500000' }, ['高意向-价格敏感'], 'yellow'],
  ['less than 500,000', { budget_min: '499999.99' }, [], 'green'],
  ['a million, but food', { industry: 'food_processing', budget_min: '1000000' }, ['高意向-价格敏感'], 'yellow'],
])('R4 R5 R6: %s', async (_, values, tags, grade) => {
  const lead = await leadOf(await newLead(values))
  expect(lead.tags).toEqual(tags)
  expect(lead.values['grade']).toBe(grade)
})

test('R2: a visit comes into the stream, regrades, and pulls the next contact to within a day', async () => {
  const id = await newLead({ budget_min: '100000' })
  const at = await now()
  await from('form', seen(id, 'view', '/pricing'))
  const once = await leadOf(id)
  expect(once.values['grade']).toBe('yellow')
  expect(Date.parse(once.values['next_contact_at'] as string) - at).toBeLessThan(24 * HOUR + 5000)
  expect(once.values['last_behaviour_at']).toBeTruthy()
  await from('form', seen(id, 'view', '/pricing'), seen(id, 'view', 'https://www.yunqi.example/pricing?x=1'), seen(id, 'download', '/resources', 'mes_whitepaper'))
  expect((await leadOf(id)).values['grade']).toBe('red')
})

test('R3: a follow-up ends the countdown and begins the next from the agreed time', async () => {
  const id = await newLead()
  const agreed = (await now()) + 48 * HOUR
  await from('lina', followed(id, 'no_answer', agreed))
  expect((await leadOf(id)).values['status']).toBe('waiting')
  await from('lina', followed(id, 'interested', agreed))
  const { values } = await leadOf(id)
  expect(values['status']).toBe('called')
  expect(values['first_touch_at']).toBeTruthy()
  expect(Date.parse(values['next_contact_at'] as string)).toBe(agreed)
  const open = await tasksOf(id)
  expect(open.map((task) => Date.parse(task.values['due_at'] as string))).toEqual([agreed + 72 * HOUR])
  expect(await tasksOf(id, 'done')).toHaveLength(2)
})

test('R3: a new owner has 72 hours of their own', async () => {
  const id = await newLead()
  await advanceClock(home.db, home.tenant, 10 * HOUR)
  const at = await now()
  await from('wanghaiyan', { op: 'update', object: 'lead', id, owner: people.get('xuzihan')! })
  const [task, ...more] = await tasksOf(id)
  expect(more).toEqual([])
  expect(task!.values['owner']).toBe(people.get('xuzihan'))
  expect(Date.parse(task!.values['due_at'] as string) - at).toBeGreaterThan(72 * HOUR - 1000)
  expect(await told(id, 'transferred')).toEqual(['xuzihan'])
})

test('R3: 72 hours without a follow-up reach the supervisor once, with what the customer did last', async () => {
  const id = await newLead()
  await from('form', seen(id, 'view', '/pricing'))
  await advanceClock(home.db, home.tenant, 71 * HOUR)
  await drain(home.db, home.tenant)
  expect(await told(id, 'escalation')).toEqual([])
  await advanceClock(home.db, home.tenant, 2 * HOUR)
  await drain(home.db, home.tenant)
  await drain(home.db, home.tenant)
  expect(await told(id, 'escalation')).toEqual(['wanghaiyan'])
  const body = await home.db.read(home.tenant, async (tx) => (await tx.query<{ body: string }>(`select body from {t}.notification where record = $1 and kind = 'escalation'`, [id]))[0]!.body)
  expect(body).toContain('李娜')
  expect((await leadOf(id)).tags).toContain('已超时')
  expect((await tasksOf(id))[0]!.values['escalated_at']).toBeTruthy()
  await from('lina', followed(id, 'interested', (await now()) + 24 * HOUR))
  expect((await leadOf(id)).tags).not.toContain('已超时')
})

test('R3: a lead that has ended has no clock', async () => {
  const id = await newLead()
  await from('lina', { op: 'update', object: 'lead', id, values: { status: 'invalid', invalid_reason: 'no_need' } })
  expect(await tasksOf(id)).toEqual([])
  expect(await tasksOf(id, 'cancelled')).toHaveLength(1)
})

test('R1: a known person who comes back gets a new clock, and an owner if there was none', async () => {
  const id = await newLead()
  await from('lina', { op: 'update', object: 'lead', id, values: { status: 'invalid', invalid_reason: 'no_need' } })
  await from('form', { op: 'update', object: 'lead', id, values: { status: 'waiting' } })
  expect(await tasksOf(id)).toHaveLength(1)
  const pooled = await newLead()
  await from('wanghaiyan', { op: 'update', object: 'lead', id: pooled, owner: null, values: { status: 'pool' } })
  expect((await leadOf(pooled)).values['owner'] ?? null).toBeNull()
  await from('form', { op: 'update', object: 'lead', id: pooled, values: { status: 'waiting' } })
  expect((await leadOf(pooled)).values).toMatchObject({ status: 'waiting', owner: people.get('lina') })
  expect(await tasksOf(pooled)).toHaveLength(1)
})

/** Gives everybody another capacity; what they had before, by member. */
async function capacities(of: (member: number) => number): Promise<Map<number, number>> {
  const members = await home.db.read(home.tenant, async (tx) => listMembers(await kernel(tx)))
  for (const { id, capability } of members) await home.db.mutate(home.tenant, async (tx) => updateMember(await kernel(tx), id, { capability: { ...capability, capacity: of(id) } }))
  return new Map(members.map(({ id, capability }) => [id, capability.capacity]))
}

const reached = (lead: string, kind: 'call' | 'message'): Intent => ({ op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id: lead }, kind, ...(kind === 'call' ? { seconds: 40, caller: '+8613900000001' } : { content: '还想再聊聊' }) } })

test('R1 R2: who calls or writes out of a pool, or after being marked invalid, is assigned again, with a clock, and the owner is told', async () => {
  const [invalid, pooled] = [await newLead(), await newLead()]
  await from('lina', { op: 'update', object: 'lead', id: invalid, values: { status: 'invalid', invalid_reason: 'no_need' } })
  await from('wanghaiyan', { op: 'update', object: 'lead', id: pooled, owner: null, values: { status: 'pool' } })
  const loose = ids.next()
  await from('form', { op: 'create', object: 'task', id: loose, values: { title: '补一句来电结论：王磊', subject: { object: 'lead', id: pooled }, kind: 'follow', due_at: new Date((await now()) + HOUR).toISOString() } })
  // A look at a page is no call.
  await from('form', seen(invalid, 'view', '/pricing'), seen(pooled, 'view', '/pricing'))
  expect([(await leadOf(invalid)).values['status'], (await leadOf(pooled)).values['status'], await told(pooled, 'new_lead')]).toEqual(['invalid', 'pool', ['lina']])
  const at = await now()
  await from('form', reached(invalid, 'message'), reached(pooled, 'call'))
  for (const id of [invalid, pooled]) {
    const { values } = await leadOf(id)
    expect([values['status'], values['owner'], values['invalid_reason'] ?? null, await told(id, 'new_lead')]).toEqual(['waiting', people.get('lina'), null, ['lina', 'lina']])
    expect(Date.parse(values['next_contact_at'] as string) - at).toBeLessThan(24 * HOUR + 5000)
    const clocks = (await tasksOf(id)).filter((task) => task.values['kind'] === 'countdown')
    expect(clocks.map(({ values: { title, owner } }) => [title, owner])).toEqual([['3 日内首次触达：王磊（再次联系）', people.get('lina')]])
  }
  expect((await tasksOf(pooled)).find((task) => task.id === loose)!.values['owner']).toBe(people.get('lina'))
  const [notice] = await home.db.read(home.tenant, (tx) => tx.query<{ title: string; body: string }>(`select title, body from {t}.notification where record = $1 and title like '再次联系%'`, [pooled]))
  expect(notice!.title).toBe('再次联系：王磊 苏州恒达汽车零部件有限公司')
  // Once more, while it is theirs: nothing begins again.
  await from('form', reached(pooled, 'call'))
  expect([await told(pooled, 'new_lead'), (await tasksOf(pooled)).filter((task) => task.values['kind'] === 'countdown').length]).toEqual([['lina', 'lina'], 1])
})

test('R1: a call of a test lead stays with the tests; where nobody can take who calls, the supervisor hears of it', async () => {
  const [test, pooled] = [await newLead(), await newLead()]
  await from('lina', { op: 'update', object: 'lead', id: test, values: { status: 'invalid', invalid_reason: 'test', is_test: true } })
  await from('wanghaiyan', { op: 'update', object: 'lead', id: pooled, owner: null, values: { status: 'pool' } })
  const before = await capacities(() => 0)
  await from('form', reached(test, 'call'), reached(pooled, 'call'))
  await capacities((id) => before.get(id)!)
  expect([(await leadOf(test)).values['status'], (await leadOf(pooled)).values['status'], (await leadOf(pooled)).values['owner'] ?? null]).toEqual(['invalid', 'unassigned', null])
  expect(await told(pooled, 'nobody_available')).toContain('wanghaiyan')
  expect(await tasksOf(pooled)).toEqual([])
})

test('R1: nobody can take it: it waits unassigned, and the supervisor hears of it', async () => {
  const before = await capacities(() => 0)
  const id = await newLead()
  expect((await leadOf(id)).values['status']).toBe('unassigned')
  expect((await leadOf(id)).values['owner'] ?? null).toBeNull()
  expect(await tasksOf(id)).toEqual([])
  const all = await home.db.read(home.tenant, (tx) => tx.query<{ member: number; kind: string }>(`select member, kind from {t}.notification where record = $1`, [id]))
  expect(all.map(({ member }) => member)).toContain(people.get('wanghaiyan'))
  await capacities((id) => before.get(id)!)
})

test('R1: what a salesperson writes down stays theirs and has its clock', async () => {
  const id = ids.next()
  await from('lina', { op: 'create', object: 'lead', id, values: { name: '张三', phone: '+8613900000002', industry: 'food_processing' } })
  expect((await leadOf(id)).values).toMatchObject({ owner: people.get('lina'), status: 'waiting', grade: 'green' })
  expect(await tasksOf(id)).toHaveLength(1)
  expect(await home.db.read(home.tenant, async (tx) => countRecords(await memberContext(tx, people.get('huangjiaxin')!), 'lead', { filter: { field: 'id', op: 'eq', value: id } }))).toEqual({ exact: 0 })
})

test('no rule of the solution has failed', async () => {
  expect(await home.db.read(home.tenant, (tx) => tx.query(`select rule, status, error, steps from {t}.run where status not in ('done', 'skipped')`))).toEqual([])
})

test('R19: one person moves the expected purchase a third time within seven days, and risk control hears of it once', async () => {
  await home.db.mutate(home.tenant, async (tx) => setRuleState(await kernel(tx, [{ kind: 'system', reason: 'test' }, { kind: 'definition' }]), 'r19_tampering', 'active'))
  const [customer, id] = [ids.next(), ids.next()]
  await from('wanghaiyan', { op: 'create', object: 'customer', id: customer, values: { name: '恒达' } }, { op: 'create', object: 'opportunity', id, values: { name: '恒达 MES', customer, amount: '500000', close_on: '2027-03-31', purchase_on: '2026-12-31' } })
  const runs = () => home.db.read(home.tenant, (tx) => tx.query<{ seen: { times: number } }>(`select seen from {t}.run where record = $1 and rule = 'r19_tampering'`, [id]))
  for (const day of ['2027-01-10', '2027-01-20']) await from('wanghaiyan', { op: 'update', object: 'opportunity', id, values: { purchase_on: day } })
  expect(await runs()).toEqual([])
  await from('wanghaiyan', { op: 'update', object: 'opportunity', id, values: { purchase_on: '2027-01-31' } })
  expect(await runs()).toMatchObject([{ seen: { times: 3 } }])
})
