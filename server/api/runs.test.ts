import { afterAll, beforeAll, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { dispatch } from '#kernel/delivery'
import { advanceClock } from '#platform/db'
import { house, type House } from './testing/house.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

it('H140 a run that waits is one story of its parts; whoever looks after the rule decides about it, and the audit says who', async () => {
  const { admin, sales } = home.people
  const body = { key: 'patient', label: { zh: '等一等', en: 'Patient' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '耐心' }, priority: 300, actions: [
    { do: 'wait', for: '2h' }, { do: 'branch', condition: { field: 'budget_min', op: 'ge', value: '100' }, yes: [{ do: 'tag', add: ['高意向'] }], no: [] },
    { do: 'waitUntil', until: { field: 'company', op: 'notEmpty' }, atMost: '3d', yes: [], no: [{ do: 'tag', add: ['数据悬停'] }] }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/patient', { body, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '耐心', budget_min: '500' } })).body
  await drain(home.db, home.tenant)
  const waiting = (await home.ask(admin, 'GET', '/api/v1/runs?rule=patient&status=waiting')).body.items
  expect(waiting).toMatchObject([{ status: 'waiting', wait: { state: 'waiting', kind: 'time', path: '0' }, can: ['go', 'cancel'] }])
  expect((await home.ask(admin, 'GET', '/api/v1/rules/health')).body.rules.patient).toMatchObject({ waiting: 1 })
  await advanceClock(home.db, home.tenant, 3 * 3_600_000)
  await drain(home.db, home.tenant)
  const address = `/api/v1/runs/${waiting[0].event}/patient`
  const run = (await home.ask(admin, 'GET', address)).body
  expect(run).toMatchObject({ status: 'waiting', wait: { kind: 'condition', path: '2' }, can: ['met', 'late', 'cancel'], parts: [{ status: 'waiting', steps: 1 }, { status: 'waiting', steps: 4 }], actions: body.actions })
  expect(run.steps.map(({ path, do: what, went }: { path: string; do: string; went?: string }) => [path, what, went])).toEqual([['0', 'wait', undefined], ['0', 'wait', 'due'], ['1', 'branch', 'yes'], ['1.yes.0', 'tag', undefined], ['2', 'waitUntil', undefined]])
  // Asked for by a later part it is the same run, and its whole chain begins where it began.
  expect((await home.ask(admin, 'GET', `/api/v1/runs/${run.parts[1].event}/patient`)).body.event).toBe(run.event)
  expect((await home.ask(admin, 'GET', `/api/v1/trace/${run.parts[1].event}`)).body.events[0]).toMatchObject({ seq: run.event, record: record.id })
  expect((await home.ask(sales, 'POST', address, { decision: 'late' })).status).toBe(403)
  expect((await home.ask(admin, 'POST', address, { decision: 'go' })).body.error.code).toBe('RUN_SETTLED')
  expect((await home.ask(admin, 'POST', address, { decision: 'cancel' })).body).toMatchObject({ status: 'cancelled', can: ['restore'] })
  expect((await home.ask(admin, 'POST', address, { decision: 'restore' })).body).toMatchObject({ status: 'waiting' })
  await home.ask(admin, 'POST', address, { decision: 'late' })
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'GET', address)).body).toMatchObject({ status: 'done', wait: null, can: [] })
  expect((await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}`)).body.record.tags).toEqual(expect.arrayContaining(['高意向', '数据悬停']))
  const audit = (await home.ask(admin, 'GET', '/api/v1/audit?object=system:run')).body.items
  expect(audit).toHaveLength(3)
  expect(audit[0].actor).toMatchObject({ kind: 'member' })
})

it('H232 who let a run go on, called it off or waits no more for one of its branches is named: on the timeline to whoever reads the record, in the trace and at the run', async () => {
  const { admin, sales } = home.people
  const body = { key: 'handled', label: { zh: '先放着', en: 'Handled' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '先放着' }, priority: 300, actions: [
    { do: 'wait', for: '9d' }, { do: 'tag', add: ['高意向'] }, { do: 'parallel', join: 'all', branches: [[{ do: 'wait', for: '9d' }], [{ do: 'wait', for: '9d' }, { do: 'tag', add: ['数据悬停'] }]] }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/handled', { body, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(sales, 'POST', '/api/v1/objects/lead/records', { values: { name: '先放着' } })).body
  await drain(home.db, home.tenant)
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=handled')).body.items
  const address = `/api/v1/runs/${run.event}/handled`
  const decide = async (decision: string, branch?: string) => { const { body: told } = await home.ask(admin, 'POST', address, { decision, branch }); await drain(home.db, home.tenant); return told }
  expect((await decide('cancel')).wait).toMatchObject({ state: 'cancelled', off: admin.id })
  expect((await decide('restore')).wait).toMatchObject({ state: 'waiting', off: null })
  await decide('go')
  expect((await decide('dismiss', '2.b1')).branches).toMatchObject([{ branch: '2.b1', state: 'dismissed', off: admin.id }, { branch: '2.b2', off: null }])
  const told = { woke: 'told', told: 'go', saidBy: '周敏' }
  const timeline = (await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${record.id}/timeline?limit=20`)).body.items
  expect(timeline.filter(({ cause }: { cause: { rule?: string } | null }) => cause?.rule === 'handled').map(({ cause }: { cause: object }) => cause)).toMatchObject([told])
  const { steps, parts } = (await home.ask(admin, 'GET', address)).body
  expect(steps[1]).toMatchObject({ do: 'wait', went: 'due', told: true, by: admin.id })
  const events = (await home.ask(admin, 'GET', `/api/v1/trace/${run.event}`)).body.events
  expect(events.find(({ seq }: { seq: number }) => seq === parts[1].event)).toMatchObject({ actor: null, because: told })
})

it('H232 who dismissed a failed run, or took it up again, stands at the run with when and why', async () => {
  const { admin, director } = home.people
  const body = { key: 'nameless', label: { zh: '没有姓名', en: 'Nameless' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '写不成' }, priority: 300, actions: [{ do: 'set', values: { name: null } }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/nameless', { body, state: 'active' })).status).toBe(200)
  await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '写不成' } })
  await drain(home.db, home.tenant)
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=nameless')).body.items
  expect(run).toMatchObject({ status: 'failed', settled: null, decided: null })
  const address = `/api/v1/runs/${run.event}/nameless`
  const at = async () => (await home.ask(admin, 'GET', address)).body
  await home.ask(admin, 'POST', address, { decision: 'dismiss', reason: '测试数据' })
  expect(await at()).toMatchObject({ settled: 'dismissed', decided: { to: 'dismiss', by: admin.id, at: expect.stringMatching(/Z$/), reason: '测试数据' } })
  expect((await home.ask(admin, 'GET', '/api/v1/runs?rule=nameless')).body.items[0].decided).toEqual((await at()).decided)
  await home.ask(director, 'POST', address, { decision: 'restore' })
  expect(await at()).toMatchObject({ settled: null, decided: { to: 'restore', by: director.id, reason: null } })
})

it('H140 branches that go side by side stand beside the run, each with what can be decided about it alone', async () => {
  const { admin } = home.people
  const body = { key: 'sides', label: { zh: '分头', en: 'Sides' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '分头' }, priority: 300, actions: [
    { do: 'parallel', join: 'all', branches: [[{ do: 'wait', for: '2h' }, { do: 'set', values: { name: null } }], [{ do: 'wait', for: '9d' }, { do: 'tag', add: ['高意向'] }]] }, { do: 'tag', add: ['数据悬停'] }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/sides', { body, state: 'active' })).status).toBe(200)
  expect((await home.ask(admin, 'POST', '/api/v1/definitions/rule/preview', { rule: body })).body.sentence.zh).toContain('同时进行〔① 等 2 小时，并把「姓名」设为空；② 等 9 天，并打标签【高意向】〕，全部做完后往下，并打标签【数据悬停】')
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '分头' } })).body
  await drain(home.db, home.tenant)
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=sides&status=waiting')).body.items
  expect(run).toMatchObject({ status: 'waiting', wait: { kind: 'join', path: '0' }, can: ['go', 'cancel'], branches: [{ branch: '0.b1', kind: 'time', path: '0.b1.0', can: ['go', 'dismiss'] }, { branch: '0.b2', state: 'waiting' }] })
  expect((await home.ask(admin, 'GET', '/api/v1/rules/health')).body.rules.sides).toMatchObject({ waiting: 1 })
  const address = `/api/v1/runs/${run.event}/sides`
  expect((await home.ask(admin, 'POST', address, { decision: 'go', branch: '0.b3' })).body.error.code).toBe('RUN_SETTLED')
  await home.ask(admin, 'POST', address, { decision: 'go', branch: '0.b1' })
  await drain(home.db, home.tenant)
  const failed = (await home.ask(admin, 'GET', address)).body
  expect(failed).toMatchObject({ status: 'failed', branches: [{ branch: '0.b1', state: 'failed', error: '写不进去：请填写「姓名」', can: ['retry', 'skip', 'dismiss'] }, { state: 'waiting' }] })
  expect((await home.ask(admin, 'GET', '/api/v1/runs?rule=sides&status=failed')).body.items).toHaveLength(1)
  for (const [decision, branch] of [['dismiss', '0.b1'], ['go', '0.b2']]) await home.ask(admin, 'POST', address, { decision, branch })
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'GET', address)).body).toMatchObject({ status: 'done', wait: null, branches: [], can: [] })
  expect((await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}`)).body.record.tags).toEqual(expect.arrayContaining(['高意向', '数据悬停']))
})

it('H140 what a grading answered has its name among the runs', async () => {
  const { admin } = home.people
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '分级' } })).body
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'PATCH', `/api/v1/objects/lead/records/${record.id}`, { version: (await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}`)).body.record.version, values: { budget_min: '600000' } })).status).toBe(200)
  await drain(home.db, home.tenant)
  const { items } = (await home.ask(admin, 'GET', '/api/v1/runs')).body
  expect(items.filter(({ rule }: { rule: string }) => rule.startsWith('grading:'))).toMatchObject([{ rule: 'grading:lead_grade', ruleLabel: { zh: expect.stringContaining('红黄绿') } }])
})

it('H185 what a rule asks a member for stands in their list and behind the message; the run page names the word, and a failed run goes on without a step', async () => {
  const { admin, sales, rival, supervisor } = home.people
  const body = { key: 'discount', label: { zh: '折扣放行', en: 'Discount' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '要折扣' }, priority: 300, actions: [
    { do: 'approve', to: [{ supervisor: true }], title: '给 {{name}} 打九折', body: '预算 {{budget_min}}', atMost: '1wd', yes: [{ do: 'tag', add: ['高意向'] }], no: [], late: [] }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/discount', { body, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(sales, 'POST', '/api/v1/objects/lead/records', { values: { name: '要折扣', budget_min: '500' } })).body
  await drain(home.db, home.tenant)
  const [asked] = (await home.ask(supervisor, 'GET', '/api/v1/approvals')).body.items
  expect(asked).toMatchObject({ title: '给 要折扣 打九折', body: '预算 ¥500', rule: { key: 'discount' }, asked: ['王海燕'], instead: null, record: { id: record.id, title: '要折扣' }, state: 'waiting', can: true })
  expect([(await home.ask(supervisor, 'GET', '/api/v1/approvals/waiting')).body, (await home.ask(rival, 'GET', '/api/v1/approvals/waiting')).body]).toEqual([{ waiting: 1 }, { waiting: 0 }])
  const notice = (await home.ask(supervisor, 'GET', '/api/v1/notifications?limit=20')).body.items.find(({ object }: { object: string }) => object === 'system:approval')
  expect(notice).toMatchObject({ record: asked.id, title: '请审批：给 要折扣 打九折' })
  expect([(await home.ask(rival, 'GET', '/api/v1/approvals')).body.items, (await home.ask(rival, 'GET', `/api/v1/approvals/${asked.id}`)).status, (await home.ask(rival, 'POST', `/api/v1/approvals/${asked.id}/decide`, { agree: true, reason: '' })).status]).toEqual([[], 404, 404])
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=discount')).body.items
  expect(run).toMatchObject({ status: 'waiting', wait: { kind: 'approval', path: '0' }, can: ['late', 'cancel'] })
  expect((await home.ask(supervisor, 'POST', `/api/v1/approvals/${asked.id}/decide`, { agree: true, reason: '老客户' })).body).toMatchObject({ state: 'approved', decidedBy: '王海燕', reason: '老客户', can: false })
  expect((await home.ask(supervisor, 'GET', '/api/v1/approvals/waiting')).body).toEqual({ waiting: 0 })
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'GET', `/api/v1/runs/${run.event}/discount`)).body).toMatchObject({ status: 'done', steps: [{ do: 'approve' }, { do: 'approve', went: 'approved', reason: '老客户' }, { do: 'tag' }] })
  const [said] = (await home.ask(admin, 'GET', '/api/v1/audit?object=system:run&limit=1')).body.items
  expect([said.reason, said.fields.map(({ label, after }: { label: string; after: unknown }) => `${label} ${String(after)}`)]).toEqual(['老客户', expect.arrayContaining(['决定 同意', '规则 折扣放行', '关于 线索 要折扣', '步骤 1', '原因 老客户'])])
  // A field that the record's own rules keep too short.
  const broken = { ...body, key: 'broken', actions: [{ do: 'set', values: { wechat: '微'.repeat(400) } }, { do: 'tag', add: ['高意向'] }], condition: { field: 'name', op: 'eq', value: '写不下' } }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/broken', { body: broken, state: 'active' })).body.error).toBeUndefined()
  await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '写不下' } })
  await drain(home.db, home.tenant)
  const [failed] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=broken&status=failed')).body.items
  expect(failed).toMatchObject({ status: 'failed', can: ['retry', 'skip', 'dismiss'], steps: [{ path: '0', why: 'failed' }] })
  const address = `/api/v1/runs/${failed.event}/broken`
  // Why, as a sentence and not as it is kept: in the list, on its page, in the trace and beside the rule.
  const why = expect.stringMatching(/^写不进去：.*「微信」/)
  expect([failed.error, (await home.ask(admin, 'GET', address)).body.error]).toEqual([why, why])
  expect((await home.ask(admin, 'GET', `/api/v1/trace/${failed.event}`)).body.events[0].runs.find(({ rule }: { rule: string }) => rule === 'broken').error).toEqual(why)
  expect((await home.ask(admin, 'GET', '/api/v1/rules/health')).body.rules.broken.problem).toEqual(why)
  expect((await home.ask(admin, 'POST', address, { decision: 'skip', step: '0' })).body.error.code).toBe('VALUE_REQUIRED')
  expect((await home.ask(sales, 'POST', address, { decision: 'skip', step: '0', reason: 'x' })).status).toBe(403)
  expect((await home.ask(admin, 'POST', address, { decision: 'skip', step: '0', reason: '字数超了' })).status).toBe(200)
  await drain(home.db, home.tenant)
  expect((await home.ask(admin, 'GET', address)).body).toMatchObject({ status: 'done', steps: [{ path: '0', why: 'failed' }, { path: '0', why: 'by_hand', reason: '字数超了' }, { do: 'tag' }] })
})

it('H195 what a rule has sent out stands on the record’s timeline and at its step, with how it stands', async () => {
  const { admin, sales } = home.people
  const body = { key: 'hook', label: { zh: '推给 ERP', en: 'Hook' }, trigger: { on: 'created', object: 'lead' }, condition: { field: 'name', op: 'eq', value: '推出去' }, priority: 300, actions: [{ do: 'webhook', url: 'https://erp.example/in?token=secret' }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/hook', { body, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(sales, 'POST', '/api/v1/objects/lead/records', { values: { name: '推出去' } })).body
  await drain(home.db, home.tenant)
  const told = async () => (await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${record.id}/timeline?limit=1`)).body
  const [first] = (await told()).items
  expect(first).toMatchObject({ kind: 'sent', actor: { kind: 'rule', name: '推给 ERP' }, sent: { channel: 'webhook', to: 'erp.example', state: 'waiting', attempts: 0 } })
  expect(JSON.stringify(first)).not.toContain('token')
  await dispatch(home.db, home.tenant, { webhook: { idempotent: true, send: async () => ({ is: 'refused', reason: '410' }) } })
  const page = await told()
  expect(page.items[0].sent).toMatchObject({ state: 'refused', attempts: 1, reason: '410' })
  // The page after it goes on below it.
  const rest = (await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${record.id}/timeline?limit=50&cursor=${encodeURIComponent(page.next)}`)).body.items
  expect(rest.map(({ kind }: { kind: string }) => kind)).not.toContain('sent')
  expect(rest.length).toBeGreaterThan(0)
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=hook')).body.items
  expect(run.steps[0]).toMatchObject({ do: 'webhook', sent: { state: 'refused', to: 'erp.example' } })
  expect((await home.ask(admin, 'GET', `/api/v1/trace/${run.event}`)).body.events[0].runs.find(({ rule }: { rule: string }) => rule === 'hook').sent).toMatchObject([{ state: 'refused', to: 'erp.example' }])
})

it('H140 what a step wrote on another record, and what a rule saw of one above, is told by that record', async () => {
  const { admin, sales } = home.people
  const body = { key: 'onward', label: { zh: '带到客户', en: 'Onward' }, trigger: { on: 'created', object: 'opportunity' }, condition: { all: [{ field: 'name', op: 'eq', value: '带过去' }, { parent: 'customer', where: { field: 'name', op: 'notEmpty' } }] }, priority: 300, actions: [{ do: 'set', via: 'customer', values: { short_name: '写过去的' } }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/onward', { body, state: 'active' })).body.error).toBeUndefined()
  const make = async (object: string, values: object) => { const { body: made } = await home.ask(sales, 'POST', `/api/v1/objects/${object}/records`, { values }); expect(made.error).toBeUndefined(); return made.record }
  const [customer, other] = [await make('customer', { kind: 'company', name: '上面的' }), await make('customer', { kind: 'company', name: '另一家' })]
  const deal = await make('opportunity', { name: '带过去', customer: customer.id, amount: '100000', close_on: '2030-01-01', stage: 'analysis' })
  await drain(home.db, home.tenant)
  const [run] = (await home.ask(admin, 'GET', '/api/v1/runs?rule=onward')).body.items
  expect(run.steps).toMatchObject([{ do: 'set', on: { object: 'customer', id: customer.id }, values: { short_name: '写过去的' } }])
  const told = async () => (await home.ask(admin, 'GET', `/api/v1/runs/${run.event}/onward`)).body.seen
  expect(await told()).toMatchObject({ own: { name: '带过去' }, parents: { customer: { own: { name: '上面的' } } } })
  expect((await home.ask(admin, 'GET', `/api/v1/trace/${run.event}`)).body.events[0].runs.find(({ rule }: { rule: string }) => rule === 'onward').seen.parents).toEqual({ customer: { own: { name: '上面的' } } })
  // The way up leads elsewhere now: whether its reader may see what was there is not known any more.
  const { version } = (await home.ask(sales, 'GET', `/api/v1/objects/opportunity/records/${deal.id}`)).body.record
  expect((await home.ask(sales, 'PATCH', `/api/v1/objects/opportunity/records/${deal.id}`, { version, values: { customer: other.id } })).status).toBe(200)
  expect(await told()).toMatchObject({ own: { name: '带过去' }, parents: {} })
})

it('H140 a look for records that failed stands under its rule without a record, is tried again or dismissed, and tells whoever looks after rules', async () => {
  const { admin } = home.people
  const body = { key: 'daily_look', label: { zh: '每天看一遍', en: 'Daily look' }, trigger: { on: 'schedule', object: 'lead', cron: '0 9 * * *' }, condition: { field: 'name', op: 'eq', value: '每天看' }, priority: 300, actions: [{ do: 'tag', add: ['高意向'] }] }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/daily_look', { body, state: 'active' })).status).toBe(200)
  const { record } = (await home.ask(admin, 'POST', '/api/v1/objects/lead/records', { values: { name: '每天看' } })).body
  await drain(home.db, home.tenant)
  const forbid = (sql: string) => home.db.mutate(home.tenant, (tx) => tx.query(`alter table {t}.timer ${sql}`))
  await forbid(`add constraint no_look check (key not like 'swept:daily_look:%')`)
  await advanceClock(home.db, home.tenant, 24 * 3_600_000)
  await drain(home.db, home.tenant)
  await forbid('drop constraint no_look')
  const parked = async () => (await home.ask(admin, 'GET', '/api/v1/runs?status=parked')).body.items.filter(({ ruleLabel }: { ruleLabel: { zh: string } | null }) => ruleLabel?.zh === '每天看一遍')
  const [run] = await parked()
  expect(run).toMatchObject({ rule: '*', object: 'lead', record: null, title: null, can: ['retry', 'dismiss'] })
  const [told] = (await home.ask(admin, 'GET', '/api/v1/notifications')).body.items.filter(({ kind }: { kind: string }) => kind === 'parked')
  expect(told).toMatchObject({ title: '自动化规则处理失败：「每天看一遍」到时间没能执行，已停放', record: null })
  const address = `/api/v1/runs/${run.event}/*`
  expect((await home.ask(admin, 'GET', address)).body).toMatchObject({ record: null, ruleLabel: { zh: '每天看一遍' } })
  expect((await home.ask(admin, 'POST', address, { decision: 'retry' })).body).toMatchObject({ settled: 'retried' })
  await drain(home.db, home.tenant)
  expect(await parked()).toEqual([])
  expect((await home.ask(admin, 'GET', `/api/v1/objects/lead/records/${record.id}`)).body.record.tags).toContain('高意向')
})
