import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kernelContext, type Context } from '#kernel/access'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { ids, DatabaseAway } from '#platform/db'
import { coalesce } from './coalesce.ts'
import { correct, dismiss, lockSubmission, reopen, submissionsBehind, type IntakeResult, type KeptSubmission } from './index.ts'
import { openIntakeDesk, type Desk } from './testing/desk.ts'

let desk: Desk
beforeAll(async () => { desk = await openIntakeDesk() })
afterAll(() => desk.drop())

let next = 10_000_000
const phone = (): string => `138${(next++).toString().padStart(8, '0')}`
const made = async (body: Record<string, unknown>): Promise<string> => {
  const result = await desk.send(body)
  if (!result.ok) throw new Error(result.refusal.code)
  return result.answer.id
}
const lead = async (id: string) => (await desk.rows<Record<string, unknown>>('select * from {t}.o_lead where id = $1', [id]))[0]!
const raws = (status: string) => desk.rows<{ body: string; reason: string | null }>('select body, reason from {t}.raw_intake where status = $1 order by received_at desc', [status])
const change = (intents: Intent[]) => desk.write(async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), intents))

describe('reading', () => {
  test.each([['138 0013 8001', '+8613800138001'], ['138-0013-8002', '+8613800138002'], ['+86 138 0013 8003', '+8613800138003'], ['１３８００１３８００４', '+8613800138004']])('N1 %s', async (written, stored) => {
    expect(await lead(await made({ phone: written }))).toMatchObject({ f_phone: stored })
  })
  test.each([['50-100万', '500000', '1000000'], ['80万', '800000', '800000'], ['50万以上', '500000', null]])('N2 budget %s', async (budget, low, high) => {
    expect(await lead(await made({ phone: phone(), budget }))).toMatchObject({ f_budget_min: low, f_budget_max: high })
  })
  test('N3 words find their options', async () => {
    expect(await lead(await made({ phone: phone(), industry: '汽车零部件', need: 'MES系统', region: '江苏苏州' }))).toMatchObject({ f_industry: 'auto_parts', f_need_type: 'mes', f_region: '320500' })
  })
  test('N4 what cannot be read is set aside', async () => {
    const id = await made({ phone: phone(), industry: '炼金术', name: '李四' })
    expect(await lead(id)).toMatchObject({ f_industry: null, f_name: '李四' })
    expect((await desk.rows('select reason from {t}.raw_intake where record = $1', [id]))[0]).toEqual({ reason: 'industry: unknown_option' })
  })
  test('N5 where the visitor came from', async () => {
    expect(await lead(await made({ phone: phone(), _page_url: 'https://x.example/pricing', _referrer: 'https://search.example/', utm_source: 'douyin' })))
      .toMatchObject({ f_page_url: 'https://x.example/pricing', f_referrer: 'https://search.example/', f_utm_source: 'douyin', f_ip_region: '310000' })
  })
  test('N21 a record that is named by what was sent is put in; an unknown name is kept as a word', async () => {
    const campaign = ids.next()
    await change([{ op: 'create', object: 'campaign', id: campaign, values: { name: '秋季投放', utm_campaign: 'autumn' } }])
    expect(await lead(await made({ phone: phone(), utm_campaign: 'autumn' }))).toMatchObject({ f_campaign: campaign, f_utm_campaign: 'autumn' })
    expect(await lead(await made({ phone: phone(), utm_campaign: 'nobody' }))).toMatchObject({ f_campaign: null, f_utm_campaign: 'nobody' })
    expect((await desk.rows<{ n: number }>('select f_lead_count as n from {t}.o_campaign where id = $1', [campaign]))[0]).toEqual({ n: 1 })
  })
  test('N6 consent only when given', async () => {
    const [silent, given] = [await made({ phone: phone() }), await made({ phone: phone(), consent: 'true' })]
    expect(await lead(silent)).toMatchObject({ f_consent_at: null })
    expect(await lead(given)).toMatchObject({ f_consent: true })
    expect(await desk.rows('select version, purpose, ip, record from {t}.consent where record = any($1)', [[silent, given]])).toEqual([{ version: '2026-11', purpose: '产品咨询、报价与售前沟通', ip: '202.96.209.5', record: given }])
  })
})

describe('keeping', () => {
  test('N7 the body as it came', async () => {
    const body = { phone: '999', name: ' 王 五 ', other: 1 }
    await desk.send(body)
    expect((await raws('quarantined'))[0]!.body).toBe(JSON.stringify(body))
  })
  test.each([[{ phone: '1380013' }, '1380013: too_short'], [{ phone: '13800139999', website: 'http://spam' }, 'honeypot']])('N8 quarantined %o', async (body, reason) => {
    expect(await desk.send(body)).toMatchObject({ ok: true, answer: { status: 'quarantined', reason } })
    expect((await raws('quarantined'))[0]!.reason).toBe(reason)
  })
  test('N9 missing answers', async () => {
    expect(await desk.send({ name: '无号' })).toMatchObject({ ok: false, refusal: { code: 'VALUE_REQUIRED', params: { field: '手机' } } })
    expect((await raws('refused'))[0]!.reason).toBe('手机: missing')
  })
})

describe('what waits', () => {
  const answers = (result: IntakeResult) => (result.ok ? result.answer : null)!
  const settling = <T>(id: string, work: (ctx: Context, kept: KeptSubmission) => Promise<T>): Promise<T> => desk.write(async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
    return work(ctx, await lockSubmission(tx, id))
  })
  const form = async () => (await desk.intake.form(desk.tenant, 'pricing'))!
  const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: { refusal?: { code: string } }) => error.refusal?.code ?? JSON.stringify(error))

  test('N18 corrected, it goes through intake like any other', async () => {
    const { id } = answers(await desk.send({ phone: '1390000', name: '改号', company: '甲' }))
    const again = async (phone: string) => { const asked = await form(); return settling(id, (ctx, kept) => correct(ctx, kept, { form: asked, answers: { phone }, ipRegion: null }, desk.ports)) }
    expect(await refusal(again('139'))).toBe('SUBMISSION_UNREADABLE')
    const made = await again('13900007701')
    expect(made.status).toBe('created')
    expect(await lead(made.id)).toMatchObject({ f_name: '改号', f_company: '甲', f_phone: '+8613900007701' })
    expect(await desk.rows('select status, record, body from {t}.raw_intake where id = $1', [id])).toEqual([{ status: 'corrected', record: made.id, body: JSON.stringify({ phone: '1390000', name: '改号', company: '甲' }) }])
    expect(await desk.rows(`select c.object, c.fields from {t}.change c where c.record = $1`, [id])).toEqual([{ object: 'system:submission', fields: { status: ['quarantined', 'corrected'] } }])
    expect(await refusal(again('13900007701'))).toBe('SUBMISSION_SETTLED')
  })
  test('N19 dismissed with a reason, and put back', async () => {
    const { id } = answers(await desk.send({ phone: '13900007702', website: 'http://spam' }))
    await settling(id, (ctx, kept) => dismiss(ctx, kept, '机器'))
    expect(await refusal(settling(id, (ctx, kept) => dismiss(ctx, kept, '再来')))).toBe('SUBMISSION_SETTLED')
    expect((await desk.write((tx) => lockSubmission(tx, id)))).toMatchObject({ status: 'dismissed', settledReason: '机器' })
    await settling(id, reopen)
    expect((await desk.write((tx) => lockSubmission(tx, id)))).toMatchObject({ status: 'quarantined', act: null })
    const asked = await form()
    expect((await settling(id, (ctx, kept) => correct(ctx, kept, { form: asked, answers: {}, ipRegion: null }, desk.ports))).status).toBe('created')
  })
  test('N20 what joined is found from the record', async () => {
    const first = await made({ phone: '13900007703' })
    await desk.send({ phone: '13900007703', name: '再来' })
    const behind = await desk.write((tx) => submissionsBehind(tx, 'lead', first))
    expect(behind.map(({ body }) => JSON.parse(body))).toEqual([{ phone: '13900007703', name: '再来' }, { phone: '13900007703' }])
  })
})

describe('recognising', () => {
  test('N10 joins the open record, fills what is empty', async () => {
    const number = phone()
    const id = await made({ phone: number, company: '甲公司' })
    expect(await desk.send({ phone: number, company: '乙公司', name: '赵六' })).toMatchObject({ answer: { id, status: 'joined' } })
    expect(await lead(id)).toMatchObject({ f_company: '甲公司', f_name: '赵六' })
    expect(await desk.rows('select f_kind from {t}.o_behaviour where f_subject = $1', [id])).toEqual([{ f_kind: 'submit' }])
  })
  test('N11 reopens', async () => {
    const number = phone()
    const id = await made({ phone: number })
    await change([{ op: 'update', object: 'lead', id, values: { status: 'invalid', invalid_reason: 'test' } }]).catch(() => change([{ op: 'update', object: 'lead', id, values: { status: 'invalid' } }]))
    expect(await desk.send({ phone: number })).toMatchObject({ answer: { id, status: 'joined', reopened: true } })
    expect(await lead(id)).toMatchObject({ f_status: 'waiting' })
  })
  test('N12 a new record beside a converted one', async () => {
    const number = phone()
    const id = await made({ phone: number })
    await change([{ op: 'update', object: 'lead', id, values: { status: 'converted' } }])
    expect(await desk.send({ phone: number })).toMatchObject({ answer: { status: 'created', id: expect.not.stringContaining(id) } })
  })
  test('N13 linked to the record of another object', async () => {
    const number = phone()
    const customer = ids.next()
    await change([{ op: 'create', object: 'customer', id: customer, values: { name: '老客户', kind: 'company', phone: `+86${number}` } }])
    expect(await lead(await made({ phone: number }))).toMatchObject({ f_customer: customer })
  })
  test('N14 one person at once is one record', async () => {
    const number = phone()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => desk.send({ phone: number, name: `${i}` })))
    expect(answers.filter((each) => each.ok && each.answer.status === 'created')).toHaveLength(1)
    expect(await desk.rows('select id from {t}.o_lead where f_phone = $1', [`+86${number}`])).toHaveLength(1)
  })
})

describe('gathering', () => {
  test('N15 what arrives together is one batch', async () => {
    const sizes: number[] = []
    const add = coalesce(async (items: readonly number[]) => { sizes.push(items.length); return items.map((n) => n * 2) }, { items: 64, wait: 4, lanes: 2 })
    expect(await Promise.all([1, 2, 3].map(add))).toEqual([2, 4, 6])
    expect(sizes).toEqual([3])
  })
  test('N16 a failing one fails alone', async () => {
    const add = coalesce(async (items: readonly number[]) => { if (items.includes(2)) throw new Error('two'); return [...items] }, { items: 64, wait: 4, lanes: 2 })
    expect(await Promise.allSettled([1, 2, 3].map(add))).toMatchObject([{ value: 1 }, { reason: { message: 'two' } }, { value: 3 }])
  })
  test('N17 nothing is acknowledged while the database is away', async () => {
    const add = coalesce(async (): Promise<number[]> => { throw new DatabaseAway('away') }, { items: 64, wait: 4, lanes: 2 })
    await expect(add(1)).rejects.toBeInstanceOf(DatabaseAway)
  })
})
