import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drain } from '#kernel/automation'
import { kernelContext } from '#kernel/access'
import { writeOrRefuse } from '#kernel/records'
import { capable, house, type House, type Person } from './testing/house.ts'

let home: House
beforeAll(async () => {
  home = await house()
  await capable(home, [home.people.sales, home.people.rival])
})
afterAll(() => home.close())

const LEADS = '/api/v1/objects/lead/records'
const get = async (who: Person, url: string) => {
  const { status, body } = await home.ask(who, 'GET', url)
  expect([url, status, status === 200 ? null : body.error]).toEqual([url, 200, null])
  return body
}
const engine = () => drain(home.db, home.tenant)
/** A lead that the engine assigns. */
async function incoming(values: object) {
  const made = await home.ask(home.people.admin, 'POST', LEADS, { values: { industry: 'auto', region: '310000', ...values }, owner: null })
  expect(made.status).toBe(201)
  await engine()
  return (await get(home.people.admin, `${LEADS}/${made.body.record.id}`)).record
}

describe('H13 definitions', () => {
  it('H13 what a member may read, and nothing of the rest', async () => {
    const [sales, finance] = [await get(home.people.sales, '/api/v1/definitions'), await get(home.people.finance, '/api/v1/definitions')]
    const lead = sales.objects.find(({ key }: { key: string }) => key === 'lead')
    expect(lead.can).toMatchObject({ read: true, create: true, delete: false })
    expect(lead.fields.find(({ key }: { key: string }) => key === 'grade')).toMatchObject({ write: false, base: false })
    expect(lead.fields.find(({ key }: { key: string }) => key === 'owner')).toMatchObject({ base: true })
    expect(finance.objects.some(({ key }: { key: string }) => key === 'lead')).toBe(false)
    expect(finance.forms).toEqual([])
    expect(JSON.stringify(finance)).not.toContain('budget_min')
    expect(sales.me).toMatchObject({ id: home.people.sales.id, rights: [], home: 'workbench' })
    expect(sales.members.find(({ id }: { id: number }) => id === home.people.sales.id)).toEqual({ id: home.people.sales.id, name: '李思琪', avatar: '思琪', team: 1, job: null, active: true })
    expect(JSON.stringify(sales.members)).not.toContain('@')
  })
})

it('H13 long answers are packed for those who come over a network', async () => {
  const get = (remoteAddress: string, url: string) => home.app.inject({ url, remoteAddress, headers: { cookie: home.people.sales.cookie, 'accept-encoding': 'gzip, br' } })
  const far = await get('203.0.113.7', '/api/v1/definitions')
  expect([far.headers['content-encoding'], JSON.parse(gunzipSync(far.rawPayload).toString()).objects.length > 5]).toEqual(['gzip', true])
  expect([(await get('127.0.0.1', '/api/v1/definitions')).headers['content-encoding'], (await get('203.0.113.7', '/api/v1/auth/me')).headers['content-encoding']]).toEqual([undefined, undefined])
})

describe('H14 H15 configuring', () => {
  const view = (owner: number | null, shared = false) => ({ body: { key: 'mine', label: { zh: '我的红色', en: 'My red' }, object: 'lead', filter: { field: 'grade', op: 'eq', value: 'red' }, sort: [], columns: ['name'], owner, shared, order: 1 } })

  it('H14 a new field is live in the answer after next', async () => {
    const { definitions } = (await get(home.people.admin, '/api/v1/definitions/object'))
    const task = definitions.find(({ key }: { key: string }) => key === 'task')
    const body = { ...task.body, fields: [...task.body.fields, { key: 'effort', label: { zh: '工时', en: 'Effort' }, kind: 'decimal' }] }
    expect((await home.ask(home.people.sales, 'PUT', '/api/v1/definitions/object/task', { body })).status).toBe(403)
    const put = await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/object/task', { body, expectVersion: task.version })
    expect([put.status, put.body.version]).toEqual([200, task.version + 1])
    const made = await home.ask(home.people.admin, 'POST', '/api/v1/objects/task/records', { values: { title: '盘点', due_at: '2026-12-01T00:00:00Z', effort: '2.5' } })
    expect(made.body.record.values.effort).toBe('2.5')
    const { versions } = await get(home.people.admin, '/api/v1/definitions/object/task/versions')
    expect(versions[0]).toMatchObject({ version: task.version + 1, by: { kind: 'member', id: home.people.admin.id, name: '周敏' } })
    expect((await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/object/task', { body, expectVersion: task.version })).status).toBe(409)
  })

  it('H14 one’s own views are one’s own', async () => {
    const { sales, rival } = home.people
    expect((await home.ask(sales, 'PUT', '/api/v1/definitions/view/mine', view(sales.id))).status).toBe(200)
    expect((await get(sales, '/api/v1/definitions')).views.some(({ key }: { key: string }) => key === 'mine')).toBe(true)
    expect((await get(rival, '/api/v1/definitions')).views.some(({ key }: { key: string }) => key === 'mine')).toBe(false)
    expect((await home.ask(rival, 'DELETE', '/api/v1/definitions/view/mine')).status).toBe(404)
    for (const body of [view(null), view(sales.id, true), view(rival.id)]) expect((await home.ask(sales, 'PUT', '/api/v1/definitions/view/mine', body)).status).toBe(403)
    expect((await home.ask(sales, 'DELETE', '/api/v1/definitions/view/mine')).status).toBe(200)
  })

  it('H15 the kinds of events stand with when a rule works, the rest with what must hold', async () => {
    const rule = (condition: object) => ({ key: 'called', label: { zh: '来电', en: 'Called' }, trigger: { on: 'created', object: 'behaviour' }, condition, actions: [{ do: 'stop' }], priority: 10 })
    const read = async (condition: object) => (await home.ask(home.people.admin, 'POST', '/api/v1/definitions/rule/preview', { rule: rule(condition) })).body.sentence
    const kinds = { field: 'kind', op: 'in', value: ['message', 'call'] }
    expect(await read({ all: [kinds] })).toEqual({ zh: '当发生客户行为：发来消息或来电，就到此为止', en: 'When a Behaviour happens (Sent a message or Called): stop' })
    expect((await read({ all: [kinds, { field: 'seconds', op: 'ge', value: 60 }] })).zh).toMatch(/^当发生客户行为：发来消息或来电，如果 时长（秒） ≥ 60，就/)
    expect((await read({ all: [] })).zh).toBe('当发生客户行为，就到此为止')
  })

  it('H15 sentences in both languages, with what is wrong', async () => {
    const read = async (who: Person, body: object) => (await home.ask(who, 'POST', '/api/v1/definitions/rule/preview', body)).body
    expect(await read(home.people.sales, { object: 'lead', condition: { field: 'budget_min', op: 'ge', value: '500000' } })).toEqual({ sentence: { zh: '预算下限 ≥ 50 万', en: expect.stringContaining('500,000') }, problems: [] })
    expect(await read(home.people.sales, { object: 'lead', condition: { field: 'made_up', op: 'eq', value: 1 } })).toMatchObject({ sentence: null, problems: [{ path: 'field', code: 'unknown_field', message: { zh: expect.stringContaining('made_up') } }] })
    const { definitions } = await get(home.people.director, '/api/v1/definitions/rule')
    for (const { body } of definitions) {
      const { sentence, problems, error } = await read(home.people.director, { rule: body })
      // A channel that is not connected is said, and nothing else is wrong.
      const sends = body.actions.flatMap((action: { do: string }, i: number) => (action.do === 'message' ? [{ path: `actions.${i}`, code: 'RULE_NOT_SUPPORTED' }] : []))
      expect([body.key, problems, error]).toMatchObject([body.key, sends, undefined])
      expect(sentence.zh).toMatch(/^当.+，就.+/)
      expect(sentence.en).not.toMatch(/undefined|\[object/)
    }
    const other = await read(home.people.director, { rule: { ...definitions[0].body, key: 'other', trigger: { on: 'created', object: 'customer' }, condition: { all: [] }, actions: [{ do: 'assign', policy: 'lead_by_capability' }] } })
    expect(other.problems.map(({ message }: { message: { zh: string } }) => message.zh)).toEqual(['「线索按能力分配」用于「线索」，不是「客户」'])
    const said = async (key: string, more: object = {}) => (await read(home.people.director, { rule: { ...definitions.find(({ body }: { body: { key: string } }) => body.key === key).body, ...more } })).sentence
    // What must hold for one action alone is said with it; else the sentence would promise what is not done.
    expect((await said('r1_reopened')).zh).toContain('若 负责人 为空，把「状态」设为待分配')
    expect((await said('r1_reopened')).en).toContain('if Owner is empty, set “Status” to Unassigned')
    expect(await said('r1_tag', { trigger: { on: 'created', object: 'lead', form: 'pricing' } })).toMatchObject({ zh: expect.stringMatching(/^当表单「官网定价页」提交线索/) })
    expect(await said('r1_tag', { trigger: { on: 'schedule', object: 'lead', cron: '0 9 * * 1' } })).toMatchObject({ zh: expect.stringMatching(/^当每周一 09:00，逐条看线索/), en: expect.stringMatching(/^When it is time \(every Monday at 09:00\), for each Lead/) })
    expect((await said('r19_tampering')).en).toMatch(/ of an Opportunity changes/)
  })
})

describe('H16 H17 H18 records', () => {
  it('H16 created, listed, changed, deleted, restored', async () => {
    const { admin } = home.people
    const customer = (await home.ask(admin, 'POST', '/api/v1/objects/customer/records', { values: { name: '远航科技', kind: 'company' } })).body.record
    const contact = await home.ask(admin, 'POST', '/api/v1/objects/contact/records', { values: { name: '赵工', customer: customer.id } })
    expect(contact.body.related).toEqual({ [customer.id]: { object: 'customer', title: '远航科技' } })
    const page = await get(admin, `/api/v1/objects/contact/records?filter=${encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '赵工' }))}&fields=name,customer&sort=-created_at`)
    expect(page).toMatchObject({ records: [{ id: contact.body.record.id, values: { name: '赵工', customer: customer.id } }], next: null, related: { [customer.id]: { title: '远航科技' } } })
    expect(await get(admin, '/api/v1/objects/contact/count')).toEqual({ exact: 1 })
    const url = `/api/v1/objects/contact/records/${contact.body.record.id}`
    const edited = await home.ask(admin, 'PATCH', url, { version: contact.body.record.version, values: { title: '厂长' } })
    expect([edited.status, edited.body.record.values.title]).toEqual([200, '厂长'])
    expect((await home.ask(admin, 'DELETE', url)).status).toBe(200)
    expect((await home.ask(admin, 'GET', url)).status).toBe(404)
    expect((await home.ask(admin, 'POST', '/api/v1/commands/restore', { object: 'contact', ids: [contact.body.record.id] })).body).toEqual({ changed: 1, refused: [], undo: expect.any(String) })
    const { items } = await get(admin, `${url}/changes`)
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['restored', 'deleted', 'changed', 'created'])
    expect(items[0]).toMatchObject({ actor: { id: admin.id, name: '周敏' }, ip: '127.0.0.1' })
  })

  it('H17 a follow-up: three fields, and the subject is stamped', async () => {
    const lead = (await home.ask(home.people.sales, 'POST', LEADS, { values: { name: '跟进我' } })).body.record
    const said = { subject: { object: 'lead', id: lead.id }, result: 'interested', nextAt: '2026-12-24T09:00:00+08:00', resource: 'none' }
    for (const key of ['result', 'nextAt', 'resource'] as const) expect((await home.ask(home.people.sales, 'POST', '/api/v1/commands/follow-up', { ...said, [key]: undefined })).body.error).toMatchObject({ code: 'VALUE_REQUIRED', path: key })
    const made = await home.ask(home.people.sales, 'POST', '/api/v1/commands/follow-up', { ...said, method: 'wechat', note: '微信聊过' })
    expect(made.body.record).toMatchObject({ object: 'activity', values: { result: 'interested', method: 'wechat', resource: 'none', next_at: '2026-12-24T01:00:00.000Z' } })
    const after = (await get(home.people.sales, `${LEADS}/${lead.id}`)).record.values
    expect(after).toMatchObject({ next_contact_at: '2026-12-24T01:00:00.000Z', last_activity_at: expect.any(String), first_touch_at: expect.any(String) })
    const { items } = await get(home.people.sales, `${LEADS}/${lead.id}/timeline`)
    expect(items.find(({ kind }: { kind: string }) => kind === 'child').child).toMatchObject({ object: 'activity', id: made.body.record.id })
    expect((await home.ask(home.people.rival, 'POST', '/api/v1/commands/follow-up', said)).status).toBe(422)
  })

  it('H18 in bulk: what may be done is done, the rest is named', async () => {
    const [mine, theirs] = [(await home.ask(home.people.sales, 'POST', LEADS, { values: { name: '我的' } })).body.record, (await home.ask(home.people.rival, 'POST', LEADS, { values: { name: '他的' } })).body.record]
    const bulk = await home.ask(home.people.sales, 'POST', '/api/v1/commands/bulk', { object: 'lead', ids: [mine.id, theirs.id, mine.id], values: { company: '批量' } })
    expect(bulk.body).toEqual({ changed: 1, undo: expect.any(String), refused: [{ id: theirs.id, title: '', code: 'NOT_FOUND', message: expect.any(String), path: expect.anything() }].map((each) => ({ ...each, path: bulk.body.refused[0].path })) })
    expect((await get(home.people.rival, `${LEADS}/${theirs.id}`)).record.values.company).toBeUndefined()
    const moved = await home.ask(home.people.supervisor, 'POST', '/api/v1/commands/transfer', { object: 'lead', ids: [mine.id, theirs.id], owner: home.people.rival.id })
    expect(moved.body).toEqual({ changed: 1, refused: [], undo: expect.any(String) })
    const shared = (access: string) => home.ask(home.people.rival, 'POST', '/api/v1/commands/share', { object: 'lead', ids: [theirs.id], members: [{ member: home.people.sales.id, access }] })
    expect((await shared('write')).body).toEqual({ changed: 1, refused: [], undo: expect.any(String) })
    expect((await get(home.people.sales, `${LEADS}/${theirs.id}`)).record).toMatchObject({ collaborators: [{ member: home.people.sales.id, write: true }], can: { edit: true, delete: false, transfer: false, share: false } })
    expect((await shared('none')).body).toEqual({ changed: 1, refused: [], undo: expect.any(String) })
    expect((await home.ask(home.people.sales, 'GET', `${LEADS}/${theirs.id}`)).status).toBe(404)
    const tagged = await home.ask(home.people.rival, 'POST', '/api/v1/commands/tag', { object: 'lead', ids: [mine.id], add: ['高意向-价格敏感'] })
    expect([tagged.status, tagged.body.changed]).toEqual([200, 1])
  })
  it('H18 everything that matches, a task for each, and what hangs on it goes along', async () => {
    const { sales, rival, supervisor } = home.people
    const customer = (await home.ask(sales, 'POST', '/api/v1/objects/customer/records', { values: { name: '成批', kind: 'company' } })).body.record
    const contact = (await home.ask(sales, 'POST', '/api/v1/objects/contact/records', { values: { name: '联系', customer: customer.id } })).body.record
    const theirs = (await home.ask(rival, 'POST', '/api/v1/objects/customer/records', { values: { name: '别家', kind: 'company' } })).body.record
    const { ids, more } = await get(sales, `/api/v1/objects/customer/ids?filter=${encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '成批' }))}`)
    expect([ids, more]).toEqual([[customer.id], false])
    const tasks = (await home.ask(sales, 'POST', '/api/v1/commands/bulk', { object: 'customer', ids: [customer.id, theirs.id], create: { object: 'task', via: 'subject', values: { title: '回访', kind: 'follow', due_at: '2027-01-01T02:00:00Z', status: 'open' } } })).body
    expect(tasks).toMatchObject({ changed: 1, refused: [{ id: theirs.id, code: 'NOT_FOUND' }] })
    expect((await home.ask(sales, 'POST', '/api/v1/commands/undo', { undo: tasks.undo })).body.changed).toBe(1)
    const moved = (await home.ask(supervisor, 'POST', '/api/v1/commands/transfer', { object: 'customer', ids: [customer.id], owner: rival.id, reason: '换区', children: true })).body
    expect(moved).toMatchObject({ changed: 2, refused: [] })
    expect((await get(rival, `/api/v1/objects/contact/records/${contact.id}`)).record.values.owner).toBe(rival.id)
    expect((await get(home.people.admin, `/api/v1/audit?record=${customer.id}`)).items[0].reason).toBe('换区')
    expect((await home.ask(supervisor, 'POST', '/api/v1/commands/undo', { undo: moved.undo })).body).toMatchObject({ changed: 2, kept: [] })
    expect((await get(sales, `/api/v1/objects/contact/records/${contact.id}`)).record.values.owner).toBe(sales.id)
  })
  it('H50 what an answer gives back to undo takes it back, once, by the one who may', async () => {
    const { rival, sales, supervisor } = home.people
    const made = (await home.ask(sales, 'POST', LEADS, { values: { name: '撤销', company: '甲' } })).body
    const edited = (await home.ask(sales, 'PATCH', `${LEADS}/${made.record.id}`, { version: made.record.version, values: { company: '乙' } })).body
    expect((await home.ask(rival, 'POST', '/api/v1/commands/undo', { undo: edited.undo })).body).toMatchObject({ changed: 0, kept: [{ title: '', fields: [] }] })
    expect((await home.ask(sales, 'POST', '/api/v1/commands/undo', { undo: edited.undo })).body).toEqual({ changed: 1, kept: [], undo: expect.any(String) })
    expect((await get(sales, `${LEADS}/${made.record.id}`)).record.values.company).toBe('甲')
    expect((await home.ask(sales, 'POST', '/api/v1/commands/undo', { undo: edited.undo })).body).toMatchObject({ changed: 0, kept: [{ title: '撤销', fields: ['公司名'], message: expect.stringContaining('改动') }] })
    expect((await home.ask(sales, 'POST', '/api/v1/commands/undo', { undo: `${edited.undo}x` })).body.error.code).toBe('CURSOR_INVALID')
    expect((await get(supervisor, `${LEADS}/${made.record.id}/changes`)).items[0]).toMatchObject({ cause: { kind: 'undo' }, undo: expect.any(String) })
  })
})

describe('H19 H20 H22 what the engine brings', () => {
  it('H19 the owner’s three blocks, by urgency, with one reason each', async () => {
    const red = await incoming({ name: '红线索', phone: '13800138111', need_type: 'mes', budget_min: '1200000', company: '红旗汽配' })
    const green = await incoming({ name: '绿线索', phone: '13800138112' })
    expect([red.values.grade, green.values.grade]).toEqual(['red', 'green'])
    const seller = Object.values(home.people).find(({ id }) => id === red.values.owner)!
    expect([home.people.sales.id, home.people.rival.id]).toContain(red.values.owner)
    const bench = await get(seller, '/api/v1/workbench')
    expect([bench.kind, bench.blocks.map(({ key }: { key: string }) => key)]).toEqual(['own', ['today', 'behaviours', 'unfinished']])
    const row = bench.blocks[0].rows.find(({ id }: { id: string }) => id === red.id)
    expect(bench.blocks[0].rows[0].id).toBe(red.id)
    expect(row).toMatchObject({ object: 'lead', title: '红线索', company: '红旗汽配', grade: 'red', phone: '+8613800138111', owner: seller.id, reason: { zh: expect.stringContaining('红标预警') }, due: expect.any(String), about: { object: 'task' } })
    const calm = await get(Object.values(home.people).find(({ id }) => id === green.values.owner)!, '/api/v1/workbench')
    expect(calm.blocks[0].rows.find(({ id }: { id: string }) => id === green.id).reason).toEqual({ zh: '首次联系', en: 'First contact' })
    const [seen] = await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source' }), [
      { op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id: red.id }, kind: 'view', page: 'https://yunqi.example/pricing' } }]))
    await engine()
    const lively = await get(seller, '/api/v1/workbench')
    expect(lively.blocks[0].rows[0].reason.zh).toMatch(/刚刚看定价页|分钟前看定价页/)
    expect(lively.blocks[1].rows[0]).toMatchObject({ object: 'lead', id: red.id, title: '红线索', about: { object: 'behaviour', id: seen!.id } })
    await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source' }), [
      { op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id: red.id }, kind: 'call', seconds: 130, caller: '13800138111', content: '按 1 咨询产品' } }]))
    await engine()
    const called = (await get(seller, '/api/v1/workbench')).blocks
    expect([called[0].rows[0].reason.zh, called[1].rows[0].reason.en]).toEqual([expect.stringMatching(/来电 2 分 10 秒：按 1 咨询产品$/), expect.stringContaining('called for 2 min 10 s: 按 1 咨询产品')])
  })

  it('H19 yesterday’s open promises, and the team’s three blocks', async () => {
    await home.ask(home.people.sales, 'POST', '/api/v1/objects/task/records', { values: { title: '昨天的事', due_at: new Date(Date.now() - 2 * 86_400_000).toISOString() } })
    const own = await get(home.people.sales, '/api/v1/workbench')
    expect(own.blocks[2].rows.map(({ title }: { title: string }) => title)).toContain('昨天的事')
    const alone = await home.ask(home.people.admin, 'POST', LEADS, { values: { name: '没人要', status: 'unassigned', industry: 'finance' }, owner: null })
    const team = await get(home.people.director, '/api/v1/workbench')
    expect([team.kind, team.blocks.map(({ key }: { key: string }) => key)]).toEqual(['team', ['assign', 'stuck', 'audit']])
    expect(team.blocks[0].rows.find(({ id }: { id: string }) => id === alone.body.record.id)?.reason).toEqual({ zh: '还没有负责人', en: 'No owner yet' })
    expect(team.blocks[2].rows[0].reason.zh).toMatch(/转移了|删除了/)
  })

  it('H20 why this tag, this owner and not the others, this grade, this message', async () => {
    const lead = await incoming({ name: '为什么', phone: '13800138113', need_type: 'mes', budget_min: '2000000' })
    const { items } = await get(home.people.admin, `${LEADS}/${lead.id}/why`)
    const of = (about: string) => items.filter((item: { about: string }) => item.about === about)
    expect(of('tag').find(({ subject }: { subject: string }) => subject === '红标预警')).toMatchObject({ rule: { key: 'r1_red', sentence: { zh: expect.stringContaining('行业') } }, run: { rule: 'r1_red' }, change: expect.any(Number) })
    const [owner] = of('owner')
    expect(owner.decision).toMatchObject({ chosen: lead.values.owner, candidates: expect.arrayContaining([expect.objectContaining({ member: lead.values.owner, chosen: true, parts: { skill: expect.any(Number), region: expect.any(Number), load: expect.any(Number) } })]) })
    expect(owner.rule.key).toBe('r1_assign')
    expect(of('grade')).toMatchObject([{ rule: { key: 'r1_grade' }, sentence: { zh: expect.stringMatching(/改为 红.*红标预警/) } }])
    expect(of('message').length).toBeGreaterThan(0)
    expect(of('child')[0]).toMatchObject({ link: { object: 'task' }, rule: { key: 'r1_assign' } })
    const { event, rule } = owner.run
    const run = await get(home.people.director, `/api/v1/runs/${event}/${rule}`)
    expect([run.record, run.status, run.steps.map((step: { do: string }) => step.do)]).toEqual([lead.id, 'done', ['assign', 'set', 'create', 'notify']])
    expect(run.seen).toBeNull()
    expect((await get(home.people.director, `/api/v1/runs?record=${lead.id}`)).items.length).toBeGreaterThan(2)
  })

  it('H20 had one thing been otherwise, it would have been somebody else: said in words', async () => {
    const { rival, admin } = home.people
    await capable(home, [rival], { regions: ['110000'], capacity: 4000 })
    const far = await incoming({ name: '反事实' })
    const decisionOf = async (id: string) => (await get(admin, `${LEADS}/${id}/why`)).items.find(({ about }: { about: string }) => about === 'owner').decision
    expect((await decisionOf(far.id)).otherwise[0]).toEqual({ zh: '如果赵一鸣覆盖上海，会是赵一鸣', en: 'Had 赵一鸣 covered Shanghai, it would have been 赵一鸣' })
    await capable(home, [rival], { skills: ['food'], capacity: 4000 })
    const unfit = await incoming({ name: '反事实二' })
    expect((await decisionOf(unfit.id)).otherwise).toContainEqual({ zh: '如果赵一鸣擅长汽车，会是赵一鸣', en: 'Had 赵一鸣 known Automotive, it would have been 赵一鸣' })
    await capable(home, [rival])
  })

  it('H22 notifications are one’s own', async () => {
    const lead = await incoming({ name: '通知我', phone: '13800138114' })
    const seller = Object.values(home.people).find(({ id }) => id === lead.values.owner)!
    const page = await get(seller, '/api/v1/notifications')
    const mine = page.items.find(({ record }: { record: string }) => record === lead.id)
    expect(mine).toMatchObject({ object: 'lead', readAt: null })
    expect(page.unread).toBeGreaterThan(0)
    const other = seller === home.people.sales ? home.people.rival : home.people.sales
    await home.ask(other, 'POST', '/api/v1/notifications/read', { ids: [mine.id] })
    expect((await get(seller, '/api/v1/notifications/unread')).unread).toBe(page.unread)
    await home.ask(seller, 'POST', '/api/v1/notifications/read', { ids: [mine.id] })
    expect((await get(seller, '/api/v1/notifications/unread')).unread).toBe(page.unread - 1)
    expect((await home.ask(seller, 'POST', '/api/v1/notifications/read', { all: true })).body).toEqual({ unread: 0, undo: expect.any(String) })
  })
})

it('H82 who changed one field again and again, through the reader’s lens', async () => {
  const { people: { sales, director } } = home
  const made = async (object: string, values: object) => (await home.ask(sales, 'POST', `/api/v1/objects/${object}/records`, { values })).body.record
  const customer = await made('customer', { name: '改期客户', kind: 'company' })
  const [often, once] = [await made('opportunity', { name: '一推再推', customer: customer.id, amount: '1', close_on: '2031-01-01', purchase_on: '2031-01-01' }), await made('opportunity', { name: '只改一次', customer: customer.id, amount: '1', close_on: '2031-01-01' })]
  const put = async (record: { id: string; version: string }, day: string) => (await home.ask(sales, 'PATCH', `/api/v1/objects/opportunity/records/${record.id}`, { version: record.version, values: { purchase_on: day } })).body.record
  await put(await put(often, '2031-02-01'), '2031-03-01')
  await put(once, '2031-02-01')
  const most = (who: typeof sales, field = 'purchase_on') => home.ask(who, 'GET', `/api/v1/audit/most?object=opportunity&field=${field}`)
  expect((await most(director)).body.rows.filter(({ title }: { title: string }) => ['一推再推', '只改一次'].includes(title))).toEqual([{ member: sales.id, record: often.id, title: '一推再推', times: 2, before: '2031-01-01', after: '2031-03-01', last: expect.any(String) }])
  expect([(await most(sales)).status, (await most(director, 'nope')).body.error.code]).toEqual([403, 'FIELD_NOT_AVAILABLE'])
})

it('H21 the audit: who, when, from where, because of what, through the reader’s lens', async () => {
  const lead = await incoming({ name: '审计我', phone: '13800138115' })
  const all = await get(home.people.director, `/api/v1/audit?record=${lead.id}&limit=200`)
  expect(all.items.at(-1)).toMatchObject({ actor: { kind: 'member', id: home.people.admin.id, name: '周敏' }, ip: '127.0.0.1', object: 'lead', title: '审计我', fields: expect.arrayContaining([{ field: 'name', label: '姓名', before: null, after: '审计我' }]) })
  expect(all.items.some(({ cause }: { cause: { rule?: string } }) => cause.rule?.startsWith('r1_'))).toBe(true)
  const byField = await get(home.people.director, `/api/v1/audit?record=${lead.id}&field=owner`)
  expect(byField.items.length).toBeGreaterThan(0)
  expect(byField.items.every(({ fields }: { fields: { field: string }[] }) => fields.every(({ field }) => field === 'owner'))).toBe(true)
  const first = await get(home.people.director, `/api/v1/audit?limit=3`)
  const next = await get(home.people.director, `/api/v1/audit?limit=3&cursor=${first.next}`)
  expect(next.items[0].seq).toBeLessThan(first.items[2].seq)
  const people = await get(home.people.admin, '/api/v1/audit?object=system:member')
  expect(people.items.length).toBeGreaterThan(0)
  expect(people.items.map(({ title }: { title: string }) => title)).toContain('周敏')
  expect(people.items.every(({ title }: { title: string | null }) => title)).toBe(true)
  const rules = await get(home.people.admin, '/api/v1/audit?object=definition:rule')
  expect(rules.items.length).toBeGreaterThan(0)
  expect(rules.items.every(({ title }: { title: string | null }) => title)).toBe(true)
})

it('H69 the signing key is shown to who asks and may, changed, and both are in the log', async () => {
  const { admin, sales } = home.people
  for (const [method, path] of [['GET', ''], ['POST', '/signing-key/show'], ['POST', '/signing-key/change']] as const) expect((await home.ask(sales, method, `/api/v1/webhooks${path}`)).status).toBe(403)
  const before = await get(admin, '/api/v1/webhooks')
  expect(JSON.stringify(before)).not.toContain('nm_')
  const shown = (await home.ask(admin, 'POST', '/api/v1/webhooks/signing-key/show')).body
  expect([shown.key, shown.previous]).toEqual([expect.stringMatching(/^nm_[0-9a-f]{64}$/), null])
  const changed = (await home.ask(admin, 'POST', '/api/v1/webhooks/signing-key/change')).body
  expect([changed.number, Date.parse(changed.previousUntil) - Date.parse(changed.since)]).toEqual([before.key.number + 1, 24 * 3_600_000])
  const again = (await home.ask(admin, 'POST', '/api/v1/webhooks/signing-key/show')).body
  expect([again.key === shown.key, again.previous]).toEqual([false, shown.key])
  const { items } = await get(admin, '/api/v1/audit?limit=5&object=system:signing_key')
  expect(items.map(({ title, fields }: { title: string; fields: { field: string }[] }) => [title, fields.map(({ field }) => field)])).toEqual([['No. 2', ['shown']], ['No. 2', ['number']], ['No. 1', ['shown']]])
})

it('H68 what waits is settled by those who hold the right, and is found from its record', async () => {
  const { admin, sales } = home.people
  const sent = await home.ask(null, 'POST', '/intake/forms/pricing', { phone: '13900', name: '等人看', company: '甲', website: '' })
  expect([sent.status, sent.body.status]).toEqual([201, 'quarantined'])
  expect((await home.ask(sales, 'GET', '/api/v1/submissions')).status).toBe(403)
  const { items, waiting } = await get(admin, '/api/v1/submissions')
  expect(waiting).toBeGreaterThan(0)
  const mine = items.find(({ id }: { id: string }) => id === sent.body.id)
  expect(mine).toMatchObject({ status: 'quarantined', reason: { zh: '「13900」不是能拨通的电话号码' }, answers: expect.arrayContaining([expect.objectContaining({ name: 'phone', value: '13900', wrong: true }), expect.objectContaining({ name: 'name', value: '等人看', wrong: false })]) })
  const done = await home.ask(admin, 'POST', `/api/v1/submissions/${mine.id}/correct`, { answers: { phone: '13900139331' } })
  expect([done.status, done.body.status]).toEqual([200, 'created'])
  const behind = await get(admin, `/api/v1/objects/lead/records/${done.body.id}/submissions`)
  expect(behind.items.map(({ status }: { status: string }) => status).sort()).toEqual(['accepted', 'corrected'])
  expect((await home.ask(sales, 'GET', `/api/v1/objects/lead/records/${done.body.id}/submissions`)).status).toBe(403)
  const other = await home.ask(null, 'POST', '/intake/forms/pricing', { phone: '13901', name: '忽略' })
  expect((await home.ask(admin, 'POST', `/api/v1/submissions/${other.body.id}/dismiss`, { reason: '测试' })).status).toBe(200)
  expect((await home.ask(admin, 'POST', `/api/v1/submissions/${other.body.id}/dismiss`, { reason: '测试' })).status).toBe(409)
  expect((await home.ask(admin, 'POST', `/api/v1/submissions/${other.body.id}/reopen`, {})).status).toBe(200)
})

it('H24 search finds by name and phone, within what one may see', async () => {
  const lead = await incoming({ name: '搜索得到', phone: '13900139222' })
  const find = async (who: Person, q: string) => (await get(who, `/api/v1/search?q=${encodeURIComponent(q)}`)).hits.map(({ id }: { id: string }) => id)
  expect(await find(home.people.admin, '搜索得')).toContain(lead.id)
  const outsider = Object.values(home.people).find(({ id }) => id !== lead.values.owner && [home.people.sales.id, home.people.rival.id].includes(id))!
  expect([await find(outsider, '搜索得'), await find(home.people.finance, '搜索得')]).toEqual([[], []])
})

it('H3 a lead written down by a program with its holder as owner is theirs and has its clock', async () => {
  const { body: { key } } = await home.ask(home.people.sales, 'POST', '/api/v1/api-keys', { name: '导入脚本', scopes: ['read', 'write'] })
  const by = { authorization: `Bearer ${key}` }
  for (const owner of [undefined, home.people.sales.id]) {
    const made = await home.ask(null, 'POST', LEADS, { values: { name: '接口线索', phone: '13800138777', industry: 'auto' }, ...(owner !== undefined && { owner }) }, by)
    expect(made.status).toBe(201)
    await engine()
    const { body } = await home.ask(null, 'GET', `${LEADS}/${made.body.record.id}`, undefined, by)
    expect(body.record.values).toMatchObject({ owner: home.people.sales.id, status: 'waiting' })
  }
})
