import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain } from '#kernel/automation'
import { updateMember } from '#kernel/members'
import { writeOrRefuse } from '#kernel/records'
import { advanceClock } from '#platform/db'
import { capable, house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const PHONE = '13800138000'
const paid = (more: object = {}) => ({ event: 'paid', data: { mobile: PHONE, company: '临港重工', budget: '800000', when: '2026/12/01', amount: 1234.5, extra: { note: '加急' } }, ...more })
const trigger = (more: object = {}) => ({
  on: 'pushed', object: 'lead', proof: 'signed', match: { field: 'phone', from: 'data.mobile' }, missing: 'create',
  values: [{ name: 'company', from: 'data.company', field: 'company' }, { name: 'budget', from: 'data.budget', field: 'budget_min' }, { name: 'amount', from: 'data.amount' }, { name: 'note', from: 'data.extra.note' }], ...more,
})
const rule = (key: string, more: object = {}, actions: unknown[] = [{ do: 'set', values: { core_need: { text: '{{pushed.note}} · {{pushed.amount}} · {{company}}' }, title: { pushed: 'note' }, est_amount: { pushed: 'amount' } } }]) =>
  ({ key, label: { zh: `付款 ${key}`, en: key }, trigger: trigger(more), condition: { all: [] }, priority: 500, actions })
const put = (key: string, body: unknown, state = 'active') => home.ask(home.people.admin, 'PUT', `/api/v1/definitions/rule/${key}`, { body, state })
const keyOf = async (key: string): Promise<string> => (await home.ask(home.people.admin, 'POST', `/api/v1/rules/${key}/push-key/show`)).body.key
const came = async (key: string) => (await home.ask(home.people.admin, 'GET', `/api/v1/rules/${key}/pushes`)).body.items as { status: string; reason: string | null; body: string | null; record: { id: string } | null }[]
const lead = async (id: string) => (await home.ask(home.people.admin, 'GET', `/api/v1/objects/lead/records/${id}`)).body.record.values

function post(key: string, body: string, headers: Record<string, string>) {
  return home.app.inject({ method: 'POST', url: `/intake/pushes/${key}`, headers: { 'content-type': 'application/json', ...headers }, payload: body }).then(({ statusCode, body: text }) => ({ status: statusCode, body: JSON.parse(text) }))
}
function signed(key: string, secret: string, body: unknown, { at = Math.floor(Date.now() / 1000), event }: { at?: number; event?: string } = {}) {
  const text = JSON.stringify(body)
  return post(key, text, { 'x-nextmove-signature': `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${text}`).digest('hex')}`, ...(event && { 'x-event-id': event }) })
}

it('H180 H184 what is pushed makes its record, or finds it, and the rule goes on with what was sent, also after a wait', async () => {
  expect((await put('paid', rule('paid', {}, [...rule('x').actions, { do: 'wait', for: '1h' }, { do: 'create', object: 'task', values: { title: { text: '核对 {{pushed.amount}}' }, kind: 'follow', subject: { record: true }, due_at: { now: true, plus: '1d' } } }]))).body.error).toBeUndefined()
  const secret = await keyOf('paid')
  const first = await signed('paid', secret, paid(), { event: 'e-1' })
  expect(first).toMatchObject({ status: 200, body: { status: 'created' } })
  await drain(home.db, home.tenant)
  const [item] = await came('paid')
  expect(item).toMatchObject({ status: 'accepted', reason: null })
  const id = item!.record!.id
  expect(await lead(id)).toMatchObject({ phone: '+8613800138000', company: '临港重工', budget_min: '800000', title: '加急', est_amount: '1234.5', core_need: '加急 · 1234.5 · 临港重工' })
  // The same person again: found, and what cannot be read is named and left as it was.
  expect((await signed('paid', secret, paid({ data: { mobile: '138 0013 8000', company: '临港二厂', budget: '很多', amount: 8 } }), { event: 'e-2' })).body.status).toBe('updated')
  await drain(home.db, home.tenant)
  expect(await lead(id)).toMatchObject({ company: '临港二厂', budget_min: '800000', title: '加急', est_amount: '8' })
  expect((await came('paid'))[0]).toMatchObject({ record: { id }, reason: expect.stringContaining('data.budget') })
  await advanceClock(home.db, home.tenant, 3_700_000)
  await drain(home.db, home.tenant)
  const tasks = await home.db.read(home.tenant, (tx) => tx.query<{ f_title: string }>(`select f_title from {t}.o_task where f_title like '核对%' order by 1`))
  expect(tasks.map(({ f_title: title }) => title)).toEqual(['核对 1234.5', '核对 8'])
  const changes = (await home.ask(home.people.admin, 'GET', `/api/v1/objects/lead/records/${id}/changes`)).body.items
  expect(JSON.stringify(changes)).toContain('外部推送 · 付款 paid')
})

it('H184 a run that was refused and is tried again by the mended rule still knows what was sent', async () => {
  const mended = { do: 'set', values: { title: { pushed: 'note' }, core_need: { text: '{{pushed.note}} · {{pushed.amount}}' } } }
  expect((await put('mended', rule('mended', {}, [{ do: 'set', values: { company: { text: '{{pushed.note}}'.repeat(20) } } }, mended]))).body.error).toBeUndefined()
  await signed('mended', await keyOf('mended'), paid({ data: { mobile: '13600136111', amount: 7, extra: { note: '急'.repeat(150) } } }), { event: 'm-1' })
  await drain(home.db, home.tenant)
  const id = (await came('mended'))[0]!.record!.id
  const [failed] = await home.db.read(home.tenant, (tx) => tx.query<{ event: number; status: string }>(`select event, status from {t}.run where rule = 'mended' and record = $1`, [id]))
  expect([failed!.status, (await lead(id)).title]).toEqual(['failed', undefined])
  expect((await put('mended', rule('mended', {}, [mended]))).body.error).toBeUndefined()
  expect((await home.ask(home.people.admin, 'POST', `/api/v1/runs/${failed!.event}/mended`, { decision: 'retry' })).status).toBe(200)
  await drain(home.db, home.tenant)
  expect(await lead(id)).toMatchObject({ title: '急'.repeat(60), core_need: `${'急'.repeat(150)} · 7` })
  await put('mended', rule('mended', {}, [mended]), 'paused')
})

it('H184 what was sent is cut into a text by whole characters, and half a character is none', async () => {
  expect((await put('signs', rule('signs', {}, [{ do: 'set', values: { core_need: { text: '{{pushed.note}}' } } }]))).body.error).toBeUndefined()
  const sent = async (event: string, note: string) => {
    expect((await signed('signs', await keyOf('signs'), paid({ data: { mobile: '13500135111', extra: { note } } }), { event })).status).toBe(200)
    await drain(home.db, home.tenant)
    return (await lead((await came('signs'))[0]!.record!.id)).core_need
  }
  expect(await sent('s-1', `${'a'.repeat(199)}😀 and more`)).toBe(`${'a'.repeat(199)}😀`)
  expect(await sent('s-2', 'half \ud83d of it')).toBe('half \ufffd of it')
  await put('signs', rule('signs'), 'paused')
})

it('H182 the same event counts once; another body under its number is refused; two at once make one record', async () => {
  const secret = await keyOf('paid')
  const again = await signed('paid', secret, paid(), { event: 'e-1' })
  expect(again).toMatchObject({ status: 200, body: { status: 'created' } })
  expect((await came('paid')).length).toBe(2)
  expect((await signed('paid', secret, paid({ event: 'other' }), { event: 'e-1' })).body.error.code).toBe('IDEMPOTENCY_CONFLICT')
  const at = Math.floor(Date.now() / 1000)
  const fresh = { data: { mobile: '13900139000' } }
  const both = await Promise.all(['a', 'b', 'c'].map((event) => signed('paid', secret, fresh, { at, event })))
  expect(both.map(({ body }) => String(body.status)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['created', 'updated', 'updated'])
  // Without a number of its own a signature counts once.
  const lone = { data: { mobile: '13900139001' } }
  expect([(await signed('paid', secret, lone, { at })).body.id, (await signed('paid', secret, lone, { at })).body.id].filter((id, i, all) => all.indexOf(id) === i).length).toBe(1)
})

it('H181 H183 who does not show who they are is refused and named, and none of their words kept; an old signature, an unreadable one, a rule that is off, a record that is not there', async () => {
  const secret = await keyOf('paid')
  const refusals = [await signed('paid', 'wrong', paid()), await post('paid', '{}', {}), await signed('paid', secret, paid(), { at: Math.floor(Date.now() / 1000) - 400 })]
  expect(refusals.map(({ status, body }) => `${status} ${body.error.code}`)).toEqual(Array(3).fill('401 PUSH_NOT_PROVEN'))
  expect((await came('paid')).slice(0, 3).map(({ reason, body }) => [reason, body])).toEqual([['too_old', ''], ['no_proof', ''], ['bad_proof', '']])
  expect((await signed('paid', secret, { data: { mobile: '不知道' } })).body.error.code).toBe('PUSH_UNREADABLE')
  expect((await came('paid'))[0]).toMatchObject({ status: 'refused', reason: 'PUSH_UNREADABLE data.mobile', body: '{"data":{"mobile":"不知道"}}' })
  expect((await signed('nobody', secret, paid())).status).toBe(404)
  expect((await post('paid', `{"x":"${'a'.repeat(300_000)}"}`, {})).body.error).toMatchObject({ code: 'BODY_TOO_LARGE', message: '提交的内容超过 256 KB' })
  // By a secret in a header; only found, never made.
  expect((await put('tell', rule('tell', { proof: 'secret', missing: 'ignore' }))).status).toBe(200)
  const other = await keyOf('tell')
  const told = (mobile: string, key = other) => post('tell', JSON.stringify({ data: { mobile } }), { 'x-nextmove-secret': key })
  expect([(await told(PHONE)).body.status, (await told('13700137000')).body.status, (await told(PHONE, secret)).status]).toEqual(['updated', 'ignored', 401])
  expect((await came('tell')).map(({ reason }) => reason)).toEqual(['bad_proof', 'no_record', null])
  // A new key is good at once, the old one for a day.
  expect((await home.ask(home.people.admin, 'POST', '/api/v1/rules/tell/push-key/change')).body.previousUntil).not.toBeNull()
  expect([(await told(PHONE)).status, (await told(PHONE, await keyOf('tell'))).status, (await keyOf('tell')) === other]).toEqual([200, 200, false])
  expect((await put('tell', rule('tell', { proof: 'secret', missing: 'ignore' }), 'paused')).status).toBe(200)
  expect((await told(PHONE)).body.status).toBe('kept')
  expect((await came('tell'))[0]).toMatchObject({ reason: 'off', record: null })
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/rules/tell/pushes')).status).toBe(403)
  expect(JSON.stringify((await home.ask(home.people.admin, 'GET', '/api/v1/audit?looked=true')).body)).not.toContain(other)
})

it('H184 what names the record must tell it, what is written must be writable, and a step names only what is taken', async () => {
  const said = async (body: unknown) => { const answer = (await put('draft', body, 'template')).body; return String(answer.error?.message ?? 'ok') }
  expect(await said(rule('draft', { match: { field: 'company', from: 'c' } }))).toContain('不能凭')
  expect(await said(rule('draft', { match: { field: 'id', from: 'c' } }))).toContain('没有时不能新建')
  expect(await said(rule('draft', { values: [{ name: 'note', from: 'n', field: 'grade' }, { name: 'amount', from: 'n' }] }))).toContain('不能由推送写入')
  expect(await said(rule('draft', { values: [] }))).toContain('没有取「')
  expect(await said({ ...rule('draft'), trigger: { on: 'created', object: 'lead' } })).toContain('没有取「note」')
  expect(await said(rule('draft'))).toBe('ok')
})

it('H191 H192 a tracking link leads where it says and nowhere else, under a name that the browser keeps, and its numbers are read by whoever may read it', async () => {
  const { admin, sales, rival } = home.people
  const target = 'https://www.example.com/v?id=1&x=%2Fy'
  const made = (await home.ask(sales, 'POST', '/api/v1/objects/tracking_link/records', { values: { name: '产品视频', target } })).body.record
  const open = (path: string, headers: Record<string, string> = { 'user-agent': 'Mozilla/5.0 MicroMessenger' }, method: 'GET' | 'HEAD' = 'GET') => home.app.inject({ method, url: path, headers })
  const at = `/l/${made.values.token}`
  const first = await open(`${at}?to=https://evil.example`)
  const visitor = /^nextmove_visit=([0-9a-f-]{36}); Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/.exec(String(first.headers['set-cookie']))![1]!
  expect([first.statusCode, first.headers.location]).toEqual([302, `${target}&nm_visit=${visitor}`])
  const again = await open(at, { 'user-agent': 'Mozilla/5.0', cookie: `nextmove_visit=${visitor}` })
  expect(again.headers.location).toContain(visitor)
  for (const [headers, method] of [[{ 'user-agent': 'Baiduspider/2.0' }, 'GET'], [{ 'user-agent': 'Mozilla/5.0', 'sec-purpose': 'prefetch' }, 'GET'], [{ 'user-agent': 'Mozilla/5.0' }, 'HEAD']] as const)
    expect((await open(at, headers, method)).headers).toMatchObject({ location: target })
  const dead = await open('/l/0000000000')
  expect([dead.statusCode, dead.headers['content-type'], dead.body.includes('链接已失效')]).toEqual([404, 'text/html; charset=utf-8', true])
  const read = (who: typeof sales) => home.ask(who, 'GET', `/api/v1/objects/tracking_link/records/${made.id}/openings`)
  expect((await read(admin)).body).toMatchObject({ url: expect.stringMatching(new RegExp(`${at}$`)), clicks: 2, visitors: 1, machines: 2, known: 0 })
  expect([(await read(rival)).status, (await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${made.id}/openings`)).status]).toEqual([404, 404])
  // Later, on the form itself: the browser is known by the cookie alone.
  const sent = await home.app.inject({ method: 'POST', url: '/intake/forms/pricing', headers: { 'content-type': 'application/json', cookie: `nextmove_visit=${visitor}` }, payload: JSON.stringify({ phone: '13900001111', consent: true }) })
  expect(await lead(sent.json().id)).toMatchObject({ tracking_link: made.id })
  expect((await read(admin)).body).toMatchObject({ clicks: 2, known: 1 })
  const many = await Promise.all(Array.from({ length: 130 }, () => open(at)))
  expect(many.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThan(0)
})

it('H240 a call that a telephone system posts stands on the lead of its number or on the customer it became, once, and rules about calls and messages answer it', async () => {
  const { admin, finance: marketing } = home.people
  const inADay = () => home.db.read(home.tenant, async (tx) => tx.now.getTime() + 86_400_000)
  const rows = <T extends object>(sql: string, given: unknown[] = []) => home.db.read(home.tenant, (tx) => tx.query<T>(sql, given))
  const template = async (key: string) => (await home.ask(admin, 'GET', `/api/v1/definitions/rule/${key}`)).body.body
  for (const key of ['call_pushed', 'message_pushed']) expect((await put(key, await template(key))).body.error).toBeUndefined()
  const asked = { key: 'asked', label: { zh: '来电来信', en: 'Asked' }, trigger: { on: 'created', object: 'behaviour' }, condition: { all: [{ field: 'kind', op: 'in', value: ['message', 'call'] }] }, priority: 500,
    actions: [{ do: 'create', object: 'task', values: { title: { text: '回应：{{content}} {{seconds}}' }, kind: 'follow', subject: { field: 'subject' }, due_at: { now: true, plus: '1h' } } }] }
  expect((await put('asked', asked)).body.error).toBeUndefined()
  const [calls, messages] = [await keyOf('call_pushed'), await keyOf('message_pushed')]
  const happened = (record: string) => rows<{ kind: string; seconds: number | null; caller: string | null; content: string; at: Date }>(`select f_kind as kind, f_seconds as seconds, f_caller as caller, f_content as content, f_occurred_at as at from {t}.o_behaviour where f_subject = $1 order by f_occurred_at`, [record])
  const tasks = (record: string) => rows<{ title: string }>(`select f_title as title from {t}.o_task where f_subject = $1 and f_title like '回应%' order by created_at`, [record]).then((found) => found.map(({ title }) => title))
  // Nobody knows the number: a lead is made, and what came in twice under one number stands there once.
  const at = new Date(Date.now() - 60_000).toISOString()
  const call = { caller: '+86 136-0013 6000', seconds: '130', menu: '按 1 咨询产品', at }
  const first = await signed('call_pushed', calls, call, { event: 'call-1' })
  expect(first.body).toMatchObject({ status: 'created' })
  await drain(home.db, home.tenant)
  expect((await signed('call_pushed', calls, call, { event: 'call-1' })).body).toEqual(first.body)
  await drain(home.db, home.tenant)
  const id = (await came('call_pushed'))[0]!.record!.id
  expect(await happened(id)).toEqual([{ kind: 'call', seconds: 130, caller: '+8613600136000', content: '按 1 咨询产品', at: new Date(at) }])
  expect(await tasks(id)).toEqual(['回应：按 1 咨询产品 2 分 10 秒'])
  const stands = await lead(id)
  expect(stands).toMatchObject({ phone: '+8613600136000', channel: 'hotline', last_behaviour_at: at })
  const told = (await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${id}/timeline`)).body.items.find(({ child }: { child?: { object: string } }) => child?.object === 'behaviour')
  expect(told.actor).toMatchObject({ kind: 'rule', name: '电话系统推送来电' })
  // R2: earlier than a day from now.
  expect(Date.parse(stands.next_contact_at)).toBeLessThanOrEqual(await inADay())
  expect((await rows<{ owner: number | null }>(`select owner from {t}.o_task where f_subject = $1 and f_title like '补一句来电结论%'`, [id])).length).toBe(1)
  // Whoever sees only the last digits of a phone sees no more of it here, and nothing of what was said.
  await home.db.mutate(home.tenant, async (tx) => updateMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), marketing.id, { roles: ['marketing'] }))
  const seen = (await home.ask(marketing, 'GET', `/api/v1/objects/behaviour/records?filter=${encodeURIComponent(JSON.stringify({ field: 'kind', op: 'eq', value: 'call' }))}`)).body.records
  expect(seen[0].values).toMatchObject({ kind: 'call', caller: expect.stringMatching(/^\*+6000$/) })
  expect(JSON.stringify(seen)).not.toContain('咨询产品')
  // A message of the same number finds the same lead.
  expect((await signed('message_pushed', messages, { phone: '13600136000', text: '能发一份报价吗' }, { event: 'message-1' })).body.status).toBe('updated')
  await drain(home.db, home.tenant)
  expect((await happened(id)).map(({ kind, content }) => [kind, content])).toEqual([['call', '按 1 咨询产品'], ['message', '能发一份报价吗']])
  expect(await tasks(id)).toEqual(['回应：按 1 咨询产品 2 分 10 秒', '回应：能发一份报价吗'])
  // Who is a customer already: the new lead belongs to them; once it is converted, calls stand on the customer.
  const customer = (await home.ask(admin, 'POST', '/api/v1/objects/customer/records', { values: { name: '老客户', kind: 'company', phone: '13700137001' } })).body.record.id
  const known = await signed('call_pushed', calls, { caller: '137 0013 7001', seconds: 8 }, { event: 'call-2' })
  await drain(home.db, home.tenant)
  const made = (await came('call_pushed'))[0]!.record!.id
  expect([known.body.status, (await lead(made)).customer, (await happened(made)).length]).toEqual(['created', customer, 1])
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), [{ op: 'update', object: 'lead', id: made, values: { status: 'converted' } }]))
  await signed('call_pushed', calls, { caller: '13700137001', seconds: 45, menu: '按 2 售后' }, { event: 'call-3' })
  await drain(home.db, home.tenant)
  expect([(await happened(made)).length, (await happened(customer)).map(({ seconds, content }) => [seconds, content])]).toEqual([1, [[45, '按 2 售后']]])
  const kept = (await home.ask(admin, 'GET', `/api/v1/objects/customer/records/${customer}`)).body.record.values
  expect([kept.last_behaviour_at !== null, Date.parse(kept.next_contact_at) <= await inADay()]).toEqual([true, true])
})

it('H240 a call of a lead that waits in a pool gives it an owner again, who is told and has what is left to do', async () => {
  const { admin, sales } = home.people
  await capable(home, [sales])
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '公海里的', phone: '13600136009', industry: 'auto', region: '310000' } })).body
  await drain(home.db, home.tenant)
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), [{ op: 'update', object: 'lead', id: record.id, owner: null, values: { status: 'pool' } }]))
  await drain(home.db, home.tenant)
  expect((await signed('call_pushed', await keyOf('call_pushed'), { caller: '13600136009', seconds: 61 }, { event: 'call-pool' })).body.status).toBe('updated')
  await drain(home.db, home.tenant)
  const stands = (await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}`)).body.record.values
  const told = await home.db.read(home.tenant, (tx) => tx.query<{ member: number; title: string }>(`select member, title from {t}.notification where record = $1 and rule = 'r1_called'`, [record.id]))
  const left = await home.db.read(home.tenant, (tx) => tx.query<{ title: string; owner: number }>(`select f_title as title, owner from {t}.o_task where f_subject = $1 and f_status = 'open' and f_title not like '回应%' order by f_title`, [record.id]))
  expect([stands.status, stands.owner]).toEqual(['waiting', sales.id])
  expect(told).toEqual([{ member: sales.id, title: '再次联系：公海里的' }])
  expect(left).toEqual([{ title: '3 日内首次触达：公海里的（再次联系）', owner: sales.id }, { title: '补一句来电结论：公海里的', owner: sales.id }])
})

it('H240 what is looked for elsewhere must be told by the same kind of field, and stand in a reference to it', async () => {
  const said = async (existing: object[]) => { const answer = (await put('elsewhere', rule('elsewhere', { existing }), 'template')).body; return answer.error ? answer.error.details?.map(({ path }: { path: string }) => path) ?? answer.error.path ?? String(answer.error.message) : 'ok' }
  expect(await said([{ object: 'customer', field: 'phone', into: 'customer' }])).toBe('ok')
  expect(await said([{ object: 'customer', field: 'name', into: 'customer' }])).not.toBe('ok')
  expect(await said([{ object: 'customer', field: 'phone', into: 'contact' }])).not.toBe('ok')
})
