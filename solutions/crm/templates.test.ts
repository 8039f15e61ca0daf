import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, memberContext, type Context } from '#kernel/access'
import { approvalsFor, decideApproval, drain, pressFor } from '#kernel/automation'
import { createMember, createTeam, updateMember } from '#kernel/members'
import { setRuleState } from '#kernel/metadata'
import { readRecords, writeOrRefuse, type Intent, type Values } from '#kernel/records'
import { addDays, addMonths, dayOf, startOfDay } from '#language/values'
import { advanceClock, ids } from '#platform/db'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'
import { loadSolution } from '../index.ts'

const HOUR = 3_600_000
const solution = loadSolution('crm')
let home: FreshTenant
const people: Record<string, number> = {}
const within = <T>(work: (ctx: Context) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' })))
const write = (...intents: Intent[]) => within((ctx) => writeOrRefuse(ctx, intents)).then(() => drain(home.db, home.tenant))
async function make(object: string, values: Values, owner: string | null = 'sales'): Promise<string> {
  const id = ids.next()
  await write({ op: 'create', object, id, values, ...(owner && { owner: people[owner]! }) })
  return id
}
/** In steps of working life, so that nothing comes late. */
async function pass(hours: number): Promise<void> {
  for (let left = hours; left > 0; left -= 12) { await advanceClock(home.db, home.tenant, Math.min(12, left) * HOUR); await drain(home.db, home.tenant) }
}
const inDays = async (days: number) => new Date((await within(async ({ now }) => now.getTime())) + days * 24 * HOUR).toISOString()
const on = (rule: string, record: string) => home.db.read(home.tenant, (tx) => tx.query<{ status: string }>(`select status from {t}.run where rule = $1 and record = $2`, [rule, record]))
const fired = async (rule: string, record: string) => (await on(rule, record)).filter(({ status }) => status === 'done').length
const tagsOf = (object: string, id: string) => within(async (ctx) => (await readRecords(ctx, object, [id])).get(id)!.tags)

beforeAll(async () => {
  home = await freshTenant({ solution })
  const team = (await within((ctx) => createTeam(ctx, { name: '华东区' }))).id
  await within(async (ctx) => {
    for (const [key, role, above] of [['director', 'director', null], ['supervisor', 'supervisor', 'director'], ['sales', 'sales', 'supervisor'], ['rival', 'sales', 'supervisor'], ['finance', 'finance', null], ['risk', 'risk', null], ['service_lead', 'service_lead', null], ['service', 'service', 'service_lead'], ['legal', 'legal', null], ['marketing', 'marketing', null], ['product', 'product', null], ['exec', 'exec', null]] as const) {
      people[key] = (await createMember(ctx, { name: key, email: `${key}@example.com`, roles: [role], team, supervisor: above && people[above]!, capability: { skills: ['*'], regions: [], capacity: 40 } })).id
    }
  })
})
afterAll(() => home.drop())

test('every template but those that wait for a channel can be switched on as it is', async () => {
  const templates = solution.rule.filter(({ key }) => !solution.activeRules.includes(key))
  const refused: string[] = []
  for (const { key, actions } of templates) {
    const result = await within((ctx) => setRuleState(ctx, key, 'active'))
    if (!result.ok) refused.push(key)
    expect([key, result.ok]).toEqual([key, !actions.some((action) => action.do === 'message')])
  }
  expect(refused).toEqual(['r7_push', 'r11_push', 'r12_push', 'r16_unconfirmed', 'r23_push'])
  await drain(home.db, home.tenant)
})

test('R8 R9 R10 R20 a lead that nobody touches: late within half an hour of working time, stalled after two days, told of once a week', async () => {
  const lead = await make('lead', { name: '何工', status: 'waiting' })
  const alone = await make('lead', { name: '无人', status: 'unassigned', region: '310000' }, null)
  await within((ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'lead', id: lead, addTags: ['高意向'] }]))
  // A weekend may lie between.
  await pass(24 * 9)
  expect([await fired('r8_remind', lead), await fired('r8_late', lead), await fired('r10_stalled', lead), await fired('r9_sinking', lead)]).toEqual([1, 1, 1, 1])
  expect(await tagsOf('lead', lead)).toEqual(expect.arrayContaining(['响应超时', '数据悬停']))
  expect(await fired('r20_region', lead)).toBeGreaterThan(0)
  const owner = await within(async (ctx) => (await readRecords(ctx, 'lead', [alone])).get(alone)!.owner)
  expect(await fired('r9_unassigned', alone)).toBe(owner === null ? 1 : 0)
})

test('R9 who is tagged as high intent is followed up within three days, however late the next contact was agreed', async () => {
  const lead = await make('lead', { name: '高意向的', status: 'called' })
  const clocks = () => home.db.read(home.tenant, (tx) => tx.query<{ title: string; escalated: boolean }>(`select split_part(f_title, '：', 1) as title, f_escalated_at is not null as escalated from {t}.o_task where f_subject = $1 and f_kind = 'countdown' and f_status = 'open' order by f_due_at`, [lead]))
  await make('activity', { subject: { object: 'lead', id: lead }, result: solution.dictionary.find(({ key }) => key === 'activity_result')!.options[0]!.key, next_at: await inDays(20) })
  expect((await clocks()).map(({ title }) => title)).toEqual(['按约定时间跟进'])
  await write({ op: 'update', object: 'lead', id: lead, addTags: ['高意向'] })
  await write({ op: 'update', object: 'lead', id: lead, removeTags: ['高意向'] })
  await write({ op: 'update', object: 'lead', id: lead, addTags: ['高意向'] })
  expect((await clocks()).map(({ title }) => title)).toEqual(['高意向 3 日内跟进', '按约定时间跟进'])
  await pass(80)
  expect(await clocks()).toEqual([{ title: '高意向 3 日内跟进', escalated: true }, { title: '按约定时间跟进', escalated: false }])
})

test('R18 R21 customers: checked while they are active and nobody writes anything down for five working days; dealers without orders', async () => {
  const customer = await make('customer', { name: '临港动力', kind: 'company', segment: 'dealer' })
  const [quiet, told] = [await make('customer', { name: '没有动静', kind: 'company' }), await make('customer', { name: '有人跟进', kind: 'company' })]
  await pass(24 * 8)
  // However late the customer stirs.
  expect(await fired('r18_silent', customer)).toBe(0)
  for (const id of [customer, told]) await make('behaviour', { subject: { object: 'customer', id }, kind: 'view', page: '/pricing', occurred_at: await inDays(0) }, null)
  await make('activity', { subject: { object: 'customer', id: told }, result: solution.dictionary.find(({ key }) => key === 'activity_result')!.options[0]!.key, next_at: await inDays(1) })
  await pass(24 * 4)
  expect([await fired('r18_silent', customer), await fired('r18_silent', quiet), await fired('r18_silent', told)]).toEqual([1, 0, 0])
  const [ticket, ...more] = await home.db.read(home.tenant, (tx) => tx.query<{ owner: number; handler: number; kind: string }>('select owner, f_handler as handler, f_kind as kind from {t}.o_ticket where f_customer = $1', [customer]))
  expect([ticket, more]).toEqual([{ owner: people['supervisor'], handler: people['supervisor'], kind: 'check' }, []])
  const notified = await home.db.read(home.tenant, (tx) => tx.query<{ member: number }>(`select member from {t}.notification where rule = 'r18_silent' order by member`))
  expect(notified.map(({ member }) => member)).toEqual([people['supervisor'], people['risk']].toSorted((a, b) => a! - b!))
  // Dealers are looked at on the first of the coming month: that month is not over, the three before it are compared.
  const looked = await fired('r21_dealer', customer)
  const first = addMonths(`${dayOf(Date.parse(await inDays(0)), home.tenant.zone).slice(0, 7)}-01`, 1)
  const dealer = async (name: string, months: readonly [number, number, number], today = 0) => {
    const id = await make('customer', { name, kind: 'company', segment: 'dealer' })
    for (const [i, orders] of months.entries()) for (let n = 0; n < orders; n++) await make('order', { customer: id, ordered_on: addDays(addMonths(first, i - 3), n * 3) })
    for (let n = 0; n < today; n++) await make('order', { customer: id, ordered_on: first })
    return id
  }
  const [falling, steady, once, refilled, trained] = [await dealer('越买越少', [9, 5, 2]), await dealer('照常', [4, 4, 4]), await dealer('只少了一个月', [5, 5, 2]), await dealer('这个月又来买了', [9, 5, 2], 3), await dealer('来培训了', [9, 5, 2])]
  const begins = startOfDay(first, home.tenant.zone)
  await make('behaviour', { subject: { object: 'customer', id: trained }, kind: 'training', occurred_at: new Date(begins - 6 * 24 * HOUR).toISOString() }, null)
  await pass(Math.ceil((begins - Date.parse(await inDays(0))) / HOUR) + 10)
  expect(await fired('r21_dealer', customer) - looked).toBe(1)
  expect(await Promise.all([falling, steady, once, refilled, trained].map((id) => fired('r21_dealer', id)))).toEqual([1, 0, 0, 1, 0])
  const tasks = await home.db.read(home.tenant, (tx) => tx.query<{ owner: number }>(`select owner from {t}.o_task where f_subject = $1 and f_kind = 'research'`, [falling]))
  expect(tasks).toEqual([{ owner: people['supervisor'] }])
})

test('R12 retention: a call within a working day, else the supervisor is told; a visit after it; a week later another look', async () => {
  const [called, left] = [await make('lead', { name: '要走的', status: 'called' }), await make('lead', { name: '没人管的', status: 'called' })]
  for (const lead of [called, left]) await write({ op: 'update', object: 'lead', id: lead, addTags: ['高危流失'] })
  const tasks = (lead: string) => home.db.read(home.tenant, (tx) => tx.query<{ id: string; title: string }>(`select id, f_title as title from {t}.o_task where f_subject = $1 and f_title like any(array['亲自致电%', '预约%']) order by created_at`, [lead]))
  const told = async (lead: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ title: string }>(`select distinct title from {t}.notification where rule = 'r12_retention' and record = $1`, [lead]))).map(({ title }) => title.split('：')[0]!).toSorted((a, b) => (a < b ? -1 : 1))
  const [call] = await tasks(called)
  await write({ op: 'update', object: 'task', id: call!.id, values: { status: 'done' } })
  expect([(await tasks(called)).map(({ title }) => title.split('：')[0]), (await tasks(left)).length]).toEqual([['亲自致电挽留', '预约免费上门检测'], 1])
  // Whatever day of the week it is: a working day passes within four.
  await pass(24 * 4)
  expect([await told(called), await told(left)]).toEqual([['高危流失，请亲自致电'], ['挽留致电超过 1 个工作日没有做', '高危流失，请亲自致电']])
  await make('behaviour', { subject: { object: 'lead', id: called }, kind: 'view', page: '/cases', occurred_at: await inDays(0) }, null)
  await write({ op: 'update', object: 'lead', id: called, values: { last_behaviour_at: await inDays(0) } })
  await pass(24 * 8)
  expect([(await tagsOf('lead', called)).includes('高危流失'), (await tagsOf('lead', left)).includes('高危流失')]).toEqual([false, true])
  expect(await told(left)).toContain('挽留一周后仍没有动静')
})

test('R24 a customer changes hands: open tasks and opportunities go along, and whoever does not call is told on', async () => {
  const customer = await make('customer', { name: '换人的客户', kind: 'company' })
  const [open, won] = [await make('opportunity', { name: '在谈', customer, amount: '100', close_on: (await inDays(30)).slice(0, 10) }), await make('opportunity', { name: '输了', customer, amount: '100', close_on: (await inDays(30)).slice(0, 10), stage: 'lost' })]
  const task = await make('task', { title: '未完成', subject: { object: 'customer', id: customer }, kind: 'follow', due_at: await inDays(2), status: 'open' })
  await within((ctx) => writeOrRefuse({ ...ctx, actor: { kind: 'member', id: people['director']! }, cause: { kind: 'member' } }, [{ op: 'update', object: 'customer', id: customer, owner: people['supervisor']! }])).then(() => drain(home.db, home.tenant))
  const owners = await Promise.all([['opportunity', open], ['opportunity', won], ['task', task]].map(([object, id]) => within(async (ctx) => (await readRecords(ctx, object!, [id!])).get(id!)!.owner)))
  expect(owners).toEqual([people['supervisor'], people['sales'], people['supervisor']])
  await pass(24 * 4)
  const told = await home.db.read(home.tenant, (tx) => tx.query<{ member: number; title: string }>(`select member, title from {t}.notification where rule = 'r24_handover' and title like '交接后%' order by member`))
  expect(told.map(({ member }) => member)).toEqual([people['supervisor'], people['director']].toSorted((a, b) => a! - b!))
})

test('a new ticket: whoever is on the hotline then is told and has it to take in; after the change of shifts the next one', async () => {
  const at = await inDays(0)
  const after = (hours: number) => new Date(Date.parse(at) + hours * HOUR).toISOString()
  await make('shift', { duty: 'hotline', member: people['sales']!, starts_at: after(-1), ends_at: after(3) })
  await make('shift', { duty: 'sales', member: people['risk']!, starts_at: after(-1), ends_at: after(9) })
  await make('shift', { duty: 'hotline', member: people['finance']!, starts_at: after(3), ends_at: after(6) })
  const told = async (ticket: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ member: number }>(`select member from {t}.notification where record = $1 and rule = 'ticket_on_duty'`, [ticket]))).map(({ member }) => member)
  const first = await make('ticket', { title: '终端连不上', kind: 'repair' }, 'director')
  expect(await told(first)).toEqual([people['sales']])
  expect(await home.db.read(home.tenant, (tx) => tx.query(`select owner from {t}."o_task" where f_title = '受理工单：终端连不上'`))).toEqual([{ owner: people['sales'] }])
  await pass(4)
  expect(await told(await make('ticket', { title: '报表对不上', kind: 'consult' }, 'director'))).toEqual([people['finance']])
})

const told = async (rule: string, record?: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ member: number; title: string }>(`select member, title from {t}.notification where rule = $1 and ($2::uuid is null or record = $2) order by member`, [rule, record ?? null])))
const tasksOf = async (record: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ title: string; owner: number }>(`select f_title as title, owner from {t}."o_task" where f_subject = $1 and f_status = 'open' order by 1`, [record])))
const ownerOf = (object: string, id: string) => within(async (ctx) => (await readRecords(ctx, object, [id])).get(id)!.owner)

test('R11: thirty days without an answer, and the price looked at last: tagged, and its owner sends the comparison; looked at something else, nothing', async () => {
  const [price, other] = [await make('lead', { name: '问价的', status: 'called' }), await make('lead', { name: '看案例的', status: 'called' })]
  for (const [id, page] of [[price, 'https://yunqi.example/pricing'], [other, 'https://yunqi.example/cases']] as const) await make('behaviour', { subject: { object: 'lead', id }, kind: 'view', page, occurred_at: await inDays(0) }, null)
  await pass(24 * 29)
  expect(await fired('r11_price_silent', price)).toBe(0)
  await pass(24 * 2)
  expect([(await tagsOf('lead', price)).includes('价格敏感型'), (await tagsOf('lead', other)).includes('价格敏感型')]).toEqual([true, false])
  expect((await tasksOf(price)).map(({ title }) => title)).toContain('发送竞品对比表：问价的')
})

test('R12: two videos unopened, unsubscribed, less than fifteen seconds on the site: likely to leave, and the head of service hears of it; after a long stay, or where one was looked at, nobody does', async () => {
  const [short, long, looked] = [await make('lead', { name: '走得快', status: 'called' }), await make('lead', { name: '看得久', status: 'called' }), await make('lead', { name: '看了视频', status: 'called' })]
  for (const [id, seconds] of [[short, 9], [long, 90], [looked, 9]] as const) {
    for (const days of [-9, -4]) await make('tracking_link', { name: '产品视频', kind: 'video', target: 'https://video.example/1', subject: { object: 'lead', id }, sent_at: await inDays(days), ...(id === looked && days === -4 && { first_opened_at: await inDays(-1) }) })
    // Not three days old: it may still be opened.
    await make('tracking_link', { name: '新视频', kind: 'video', target: 'https://video.example/2', subject: { object: 'lead', id }, sent_at: await inDays(-1), first_opened_at: await inDays(0) })
    await make('behaviour', { subject: { object: 'lead', id }, kind: 'dwell', page: '/', seconds, occurred_at: await inDays(0) }, null)
    await make('behaviour', { subject: { object: 'lead', id }, kind: 'unsubscribe', occurred_at: await inDays(0) }, null)
  }
  expect([(await tagsOf('lead', short)).includes('高危流失'), (await tagsOf('lead', long)).includes('高危流失'), (await tagsOf('lead', looked)).includes('高危流失')]).toEqual([true, false, false])
  expect((await tasksOf(short)).find(({ title }) => title === '挽留：走得快')).toMatchObject({ owner: people['service_lead'] })
  expect((await told('r12_leaving')).map(({ member, title }) => [member, title])).toEqual([[people['service_lead'], '高危流失：走得快']])
})

test('R7: who leaves a number on Douyin is tagged by product, with a task for the supervisor, and the owner hears of it', async () => {
  const lead = await make('lead', { name: '刷到的', channel: 'douyin', need_type: 'mes', phone: '+8613811112222' })
  expect((await tagsOf('lead', lead)).filter((tag) => tag.startsWith('抖音')).toSorted()).toEqual(['抖音-MES意向', '抖音意向'])
  expect((await told('r7_douyin', lead)).map(({ member }) => member)).toEqual([people['supervisor'], people['sales']].toSorted((a, b) => a! - b!))
  expect(await home.db.read(home.tenant, (tx) => tx.query(`select owner from {t}.o_task where f_subject = $1 and f_title like '抖音留资待处理%'`, [lead]))).toEqual([{ owner: people['supervisor'] }])
})

test('R15: three months after a deal somebody asks how it goes; three points or fewer make a care ticket that the head of service hears of', async () => {
  // The first day of which three months end after tomorrow's beginning: a few days later at most, at the end of a short month.
  const [tomorrow, since] = [(await inDays(1)).slice(0, 10), (await inDays(-93)).slice(0, 10)]
  const threeMonths = Array.from({ length: 9 }, (_, n) => addDays(since, n)).find((day) => addMonths(day, 3) > tomorrow)!
  const [bought, later] = [await make('customer', { name: '买了三个月', kind: 'company', last_deal_on: threeMonths }), await make('customer', { name: '刚买的', kind: 'company', last_deal_on: (await inDays(-3)).slice(0, 10) })]
  await pass(6 * 24)
  expect([await fired('r15_revisit', bought), await fired('r15_revisit', later)]).toEqual([1, 0])
  const [low, high] = [await make('ticket', { title: '不太满意', customer: bought, kind: 'repair' }, 'service'), await make('ticket', { title: '很满意', customer: bought, kind: 'repair' }, 'service')]
  for (const [id, satisfaction] of [[low, 3], [high, 5]] as const) await write({ op: 'update', object: 'ticket', id, values: { satisfaction } })
  const cares = await home.db.read(home.tenant, (tx) => tx.query(`select f_title as title, f_customer as customer, owner from {t}.o_ticket where f_kind = 'care'`))
  expect(cares).toEqual([{ title: '关怀：不太满意', customer: bought, owner: people['service_lead'] }])
  expect(await told('r15_care', low)).toEqual([{ member: people['service_lead'], title: '满意度 3 分：不太满意' }])
})

test('R23: a customer who asks about warranty again is marked, and whoever answers is told what to send', async () => {
  const customer = await make('customer', { name: '问保修的客户', kind: 'company' })
  const asks = (title: string) => make('ticket', { title, customer, kind: 'consult', description: '种植牙保修期多久' }, 'service')
  await asks('第一次问')
  expect(await tagsOf('customer', customer)).not.toContain('保修疑问')
  const second = await asks('第二次问')
  expect(await tagsOf('customer', customer)).toContain('保修疑问')
  expect(await told('r23_warranty', second)).toEqual([{ member: people['service'], title: '客户反复问保修：第二次问' }])
})

test('R5: a lead tagged as auto parts goes at once to somebody who knows them, its countdown with it', async () => {
  const lead = await make('lead', { name: '要零部件的', status: 'waiting' })
  const countdown = await make('task', { title: '三日内跟进', subject: { object: 'lead', id: lead }, kind: 'countdown', due_at: await inDays(3), status: 'open' })
  await within((ctx) => updateMember(ctx, people['rival']!, { capability: { skills: ['auto_parts'], regions: [], capacity: 40 } }))
  await write({ op: 'update', object: 'lead', id: lead, addTags: ['汽车零部件'] })
  expect([await ownerOf('lead', lead), await ownerOf('task', countdown)]).toEqual([people['rival'], people['rival']])
  expect(await told('r5_reroute', lead)).toEqual([{ member: people['rival'], title: '按标签重新分配给你：要零部件的' }])
})

test('R16 R17: nobody confirms a ticket for two hours and the head of service hears of it; a critical complaint and a defect reach the other departments', async () => {
  const customer = await make('customer', { name: '出事的客户', kind: 'company' })
  const slow = await make('ticket', { title: '没人理', customer, kind: 'repair' }, 'service')
  const quick = await make('ticket', { title: '有人理', customer, kind: 'repair', confirmed_at: await inDays(0), status: 'working' }, 'service')
  await pass(3)
  expect([(await told('r16_tell', slow)).map(({ member }) => member), await told('r16_tell', quick)]).toEqual([[people['service_lead'], people['service']].toSorted((a, b) => a! - b!), []])
  const critical = await make('ticket', { title: '产线停了', customer, kind: 'complaint', severity: 'critical' }, 'service')
  expect((await told('r17_critical', critical)).map(({ member }) => member)).toEqual([people['service_lead'], people['legal'], people['marketing']].toSorted((a, b) => a! - b!))
  expect((await told('r17_critical', customer)).map(({ member }) => member)).toEqual([people['supervisor']])
  const raised = await make('ticket', { title: '先是小事', customer, kind: 'complaint' }, 'service')
  expect(await told('r17_critical', raised)).toEqual([])
  await write({ op: 'update', object: 'ticket', id: raised, values: { severity: 'critical' } })
  expect((await told('r17_raised', raised)).map(({ member }) => member)).toEqual([people['service_lead'], people['legal'], people['marketing']].toSorted((a, b) => a! - b!))
  await write({ op: 'update', object: 'ticket', id: slow, values: { kind: 'defect' } })
  expect((await told('r17_defect', slow)).map(({ member }) => member)).toEqual([people['service'], people['product']].toSorted((a, b) => a! - b!))
})

test('R14: signed in sales, delivery begins in service and finance is asked for the invoice', async () => {
  const customer = await make('customer', { name: '签约的客户', kind: 'company' })
  const deal = await make('opportunity', { name: '二期', customer, amount: '800000', close_on: (await inDays(10)).slice(0, 10) })
  await write({ op: 'update', object: 'opportunity', id: deal, values: { stage: 'signed' } })
  const tickets = await home.db.read(home.tenant, (tx) => tx.query(`select f_title as title, f_kind as kind, owner, f_handler as handler from {t}."o_ticket" where f_customer = $1`, [customer]))
  expect(tickets).toEqual([{ title: '交付：二期', kind: 'delivery', owner: people['service_lead'], handler: people['service_lead'] }])
  expect(await tasksOf(deal)).toEqual([{ title: '开票：二期', owner: people['finance'] }])
  expect((await told('r14_signed', deal)).map(({ member }) => member)).toEqual([people['finance'], people['service_lead']].toSorted((a, b) => a! - b!))
})

test('R10: the monthly scan names each gap of a stalled lead in a task of its own, once', async () => {
  const [gaps, whole] = [await make('lead', { name: '缺得多', status: 'called', pain: '待定' }), await make('lead', { name: '都填了', status: 'called', budget_min: '500000', decision_role: 'decider', pain: '排产靠人' })]
  await pass(24 * 33)
  const titles = async (id: string) => (await tasksOf(id)).map(({ title }) => title.split('：')[0]).filter((title) => title!.startsWith('补录'))
  expect([await titles(gaps), await titles(whole)]).toEqual([['补录决策链角色', '补录当前痛点', '补录预算'].toSorted(), []])
})

test('R10: what somebody moves again is no longer stalled', async () => {
  const lead = await make('lead', { name: '又动了', status: 'called' })
  // That nobody answers it is marked in working time, which moves it once more: holidays may lie between.
  await pass(24 * 12)
  expect(await tagsOf('lead', lead)).toContain('数据悬停')
  await within((ctx) => writeOrRefuse({ ...ctx, actor: { kind: 'member', id: people['sales']! }, cause: { kind: 'member' } }, [{ op: 'update', object: 'lead', id: lead, values: { pain: '排产靠人' } }])).then(() => drain(home.db, home.tenant))
  expect([await tagsOf('lead', lead), (await within(async (ctx) => (await readRecords(ctx, 'lead', [lead])).get(lead)!)).values['stalled']]).toEqual([expect.not.arrayContaining(['数据悬停']), false])
})

test('R22: an instalment is told of three days before, once, and a day after to three; a contract is renewed once', async () => {
  const customer = await make('customer', { name: '回款的客户', kind: 'company' })
  const contract = await make('contract', { name: '一年', customer, amount: '100000', status: 'effective', ends_on: (await inDays(62)).slice(0, 10) })
  const plan = await make('payment_plan', { name: '首期', contract, amount: '100000', due_on: (await inDays(5)).slice(0, 10) })
  const renewals = () => home.db.read(home.tenant, (tx) => tx.query<{ id: string; owner: number }>(`select id, owner from {t}.o_opportunity where f_renews = $1`, [contract]))
  await pass(24 * 4)
  expect([(await told('r22_before_due', plan)).map(({ member }) => member), (await renewals()).map(({ owner }) => owner)]).toEqual([[people['sales']], [people['sales']]])
  await write({ op: 'update', object: 'opportunity', id: (await renewals())[0]!.id, values: { stage: 'lost', lost_reason: 'price' } })
  await pass(24 * 4)
  expect([(await told('r22_before_due', plan)).length, (await told('r22_overdue', plan)).map(({ member }) => member), (await renewals()).length]).toEqual([1, [people['sales'], people['supervisor'], people['finance']].toSorted((a, b) => a! - b!), 1])
})

test('R26 a quote that is approved or sent takes its opportunity along, never back, and leaves alone what is further on or lost', async () => {
  const customer = await make('customer', { name: '推进客户' })
  const day = (await inDays(30)).slice(0, 10)
  const deals = await Promise.all(['analysis', 'solution', 'contract_reviewed', 'lost'].map((stage) => make('opportunity', { name: stage, customer, amount: '100', close_on: day, stage, ...(stage === 'lost' && { lost_reason: 'price' }) })))
  const quotes = await Promise.all(deals.map((opportunity) => make('quote', { opportunity, customer, valid_until: day })))
  const stages = () => within(async (ctx) => { const found = await readRecords(ctx, 'opportunity', deals); return deals.map((id) => found.get(id)!.values['stage']) })
  await within((ctx) => writeOrRefuse(ctx, quotes.map((id) => ({ op: 'update', object: 'quote', id, values: { approval: 'approved' } }))))
  await drain(home.db, home.tenant)
  expect(await stages()).toEqual(['quote_approved', 'quote_approved', 'contract_reviewed', 'lost'])
  const now = await inDays(0)
  await within((ctx) => writeOrRefuse(ctx, quotes.map((id) => ({ op: 'update', object: 'quote', id, values: { sent_at: now } }))))
  await drain(home.db, home.tenant)
  expect(await stages()).toEqual(['quoted', 'quoted', 'contract_reviewed', 'lost'])
})

test('R25 a quote is signed level by level: by how much is taken off and how much it is, in order; whoever says no ends it', async () => {
  const customer = await make('customer', { name: '签核客户' })
  const opportunity = await make('opportunity', { name: '签核', customer, amount: '100', close_on: (await inDays(30)).slice(0, 10) })
  const submitted = async (price: string, discount: string) => {
    const quote = await make('quote', { opportunity, customer, valid_until: (await inDays(30)).slice(0, 10) })
    await write({ op: 'create', object: 'quote_line', id: ids.next(), values: { quote, quantity: '1', price, discount } })
    await within((ctx) => pressFor(ctx, { rule: 'quote_signoff', object: 'quote', ids: [quote] }))
    await drain(home.db, home.tenant)
    return quote
  }
  const say = async (who: string, record: string, agree = true) => {
    await home.db.mutate(home.tenant, async (tx) => {
      const ctx = await memberContext(tx, people[who]!)
      const asked = (await approvalsFor(ctx)).find((each) => each.record === record && each.state === 'waiting')
      if (!asked) throw new Error(`${who} is not asked`)
      await decideApproval(ctx, asked.id, { agree, reason: agree ? '' : '折扣太大' })
    })
    await drain(home.db, home.tenant)
  }
  const stands = async (id: string) => (await within(async (ctx) => (await readRecords(ctx, 'quote', [id])).get(id)!)).values['approval']
  const [small, middle, large, refused, forgotten] = [await submitted('100000', '5'), await submitted('600000', '15'), await submitted('2000000', '30'), await submitted('100000', '5'), await submitted('100000', '5')]
  expect(await stands(small)).toBe('pending')
  for (const quote of [small, middle, large]) await say('supervisor', quote)
  await say('supervisor', refused, false)
  expect([await stands(small), await stands(middle), await stands(refused)]).toEqual(['approved', 'pending', 'rejected'])
  for (const quote of [middle, large]) await say('director', quote)
  expect([await stands(middle), await stands(large)]).toEqual(['approved', 'pending'])
  for (const who of ['finance', 'legal']) await say(who, large)
  expect(await stands(large)).toBe('pending')
  await say('exec', large)
  expect(await stands(large)).toBe('approved')
  await pass(24 * 4)
  expect(await stands(forgotten)).toBe('draft')
})
