import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain } from '#kernel/automation'
import { readSheet } from '#platform/sheets'
import { house, type House, type Person } from '../../api/testing/house.ts'
import { carryImports, openHands, sweepImports, type ImportOptions } from './index.ts'
import { momentIn } from './moments.ts'

let home: House
beforeAll(async () => { home = await house() })
afterAll(() => home.close())

const OCTETS = { 'content-type': 'application/octet-stream' }
const upload = (who: Person, object: string, content: string | Buffer, name = '名单.csv') => home.ask(who, 'POST', `/api/v1/objects/${object}/imports?name=${encodeURIComponent(name)}`, Buffer.from(content as string), OCTETS)
const hands = openHands()
const carried = async (mine = hands) => { while (await carryImports(home.db, home.tenant, mine)) { /* as long as there is more */ } }
const get = async (who: Person, id: string) => (await home.ask(who, 'GET', `/api/v1/imports/${id}`)).body
const rows = async (who: Person, id: string, query = '') => (await home.ask(who, 'GET', `/api/v1/imports/${id}/rows?${query}`)).body.rows
const post = (who: Person, id: string, what: string) => home.ask(who, 'POST', `/api/v1/imports/${id}/${what}`)
const options: ImportOptions = { duplicates: 'skip', key: 'phone', owner: 'me', policy: null, rules: false }

/** Uploads, chooses, tries or runs, and says what it came to. */
async function brought(who: Person, object: string, content: string, { run = true, ...chosen }: Partial<ImportOptions> & { run?: boolean } = {}) {
  const { import: { id, mapping, options: own } } = (await upload(who, object, content)).body
  const changed = await home.ask(who, 'PATCH', `/api/v1/imports/${id}`, { mapping, options: { ...own, ...chosen } })
  expect([changed.status, changed.body.error]).toEqual([200, undefined])
  const begun = await post(who, id, run ? 'run' : 'check')
  expect([begun.status, begun.body.error]).toEqual([200, undefined])
  await carried()
  const { import: { state, created, updated, skipped, refused } } = await get(who, id)
  return { id: id as string, state, tally: [created, updated, skipped, refused], rows: await rows(who, id) }
}
const leads = (company: string) => home.db.read(home.tenant, (tx) => tx.query<{ id: string; f_name: string; f_phone: string; owner: number | null; origin: string; created_by: number }>('select id, f_name, f_phone, owner, origin, created_by from {t}.o_lead where f_company = $1 and gone_act is null order by f_name', [company]))
const acts = (id: string) => home.db.read(home.tenant, (tx) => tx.query<{ cause: object; ref: string }>(`select a.cause, a.actor_ref as ref from {t}.act a where a.cause->>'import' = $1`, [id]))

describe('the right', () => {
  it('B1 not without it, and not somebody else’s', async () => {
    for (const answer of [await upload(home.people.sales, 'lead', '姓名\n王'), await home.ask(home.people.sales, 'GET', '/api/v1/objects/lead/import-template?format=csv')]) expect(answer.body.error.code).toBe('FORBIDDEN')
    const { import: { id } } = (await upload(home.people.supervisor, 'lead', '姓名,手机\n王,13800000001')).body
    expect((await home.ask(home.people.sales, 'GET', `/api/v1/imports/${id}`)).status).toBe(404)
    expect((await get(home.people.admin, id)).import.mine).toBe(false)
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/imports/${id}/rows`)).status).toBe(404)
    expect((await post(home.people.director, id, 'run')).status).toBe(404)
  })

  it.each([['旧.xls', Buffer.from('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1', 'latin1'), 'SHEET_UNREADABLE'], ['空.csv', '', 'FILE_EMPTY'], ['头.csv', '姓名,手机\n', 'SHEET_UNREADABLE']])('B3 %s is refused', async (name, content, code) => expect((await upload(home.people.admin, 'lead', content, name)).body.error.code).toBe(code))
})

describe('reading', () => {
  it('B2 the template is filled in by its own heads, and its example is left out', async () => {
    const { raw, status } = await home.ask(home.people.admin, 'GET', '/api/v1/objects/lead/import-template?format=xlsx')
    expect(status).toBe(200)
    const found: string[][] = []
    for await (const some of readSheet(raw, 'x')) found.push(...some.map(({ cells }) => cells))
    expect(found[0]).toContain('手机')
    expect(found[0]).not.toContain('分级')
    const { import: given } = (await upload(home.people.admin, 'lead', raw, '模板.xlsx')).body
    expect(given.mapping.every((key: string | null) => key !== null)).toBe(true)
    expect(given.mapping[given.heads.indexOf('负责人')]).toBe('owner')
    await post(home.people.admin, given.id, 'check')
    await carried()
    expect(await rows(home.people.admin, given.id)).toMatchObject([{ n: 2, outcome: 'skip', reasons: [{ text: expect.stringContaining('示例') }] }])
  })

  it('B3 heads below a title, by synonym, as the last time', async () => {
    const file = '2026 年展会名单,,\n联系人,联系电话,所在城市,随便\n王五,13800000011,苏州,x'
    const first = (await upload(home.people.admin, 'lead', file)).body.import
    expect(first.mapping).toEqual(['name', 'phone', 'region', null])
    await home.ask(home.people.admin, 'PATCH', `/api/v1/imports/${first.id}`, { mapping: ['name', 'phone', 'region', 'core_need'], options: { ...options, key: 'phone' } })
    await post(home.people.admin, first.id, 'run')
    await carried()
    expect((await upload(home.people.admin, 'lead', file)).body.import.mapping).toEqual(['name', 'phone', 'region', 'core_need'])
  })

  it.each([
    ['2026-11-22', '2026-11-22 0'], ['2026/1/2', '2026-01-02 0'], ['2026.1.2 9:30', '2026-01-02 34200000'], ['2026年11月22日', '2026-11-22 0'], ['2026年11月22日 下午2:05', '2026-11-22 50700000'], ['20261122', '2026-11-22 0'], ['46348', '2026-11-22 0'], ['46348.5', '2026-11-22 43200000'],
    ['2026-11-22T14:05:00', '2026-11-22 50700000'], ['11/22/2026', null], ['26-11-22', null], ['明天', null], ['2026-11', null],
  ])('B4 the moment %s', (text, expected) => { const moment = momentIn(text); expect(moment && `${moment.day} ${moment.ms}`).toBe(expected) })

  it('B4 B5 cells as a person means them, shown before they are kept', async () => {
    const { import: { id } } = (await upload(home.people.admin, 'lead', '姓名,手机,预算下限,行业,地区,测试线索,负责人,标签\n王 五,１３８ ００００ ００２１,50万,汽车零部件,江苏省苏州市,是,李思琪,红标预警\n赵六,1.38E+10,"1,200.00",卖花的,月球,也许,不在的人,没有的\n钱七,13800000023,一大笔,#N/A,上海,0,sales@example.com,')).body
    const { body: { rows: [good, bad, half] } } = await home.ask(home.people.admin, 'GET', `/api/v1/imports/${id}/preview`)
    const text = (row: { cells: { field: string; text: string; wrong: string | null }[] }) => Object.fromEntries(row.cells.map((cell) => [cell.field, cell.wrong ?? cell.text]))
    expect(text(good)).toMatchObject({ name: '王 五', phone: '138 0000 0021', region: '江苏苏州', is_test: '是', owner: '李思琪', tags: '红标预警' })
    expect(text(good).budget_min).toContain('500,000')
    expect(text(bad)).toMatchObject({ phone: expect.stringContaining('科学计数法'), industry: expect.stringContaining('不在可选项中'), region: expect.stringContaining('没有认出地区'), is_test: expect.stringContaining('应为'), owner: expect.stringContaining('没有叫'), tags: expect.stringContaining('没有可用的标签') })
    expect(text(bad).budget_min).toContain('1,200')
    expect(text(half)).toMatchObject({ budget_min: expect.stringContaining('不是数字'), industry: expect.stringContaining('公式'), owner: '李思琪' })
  })

  it('B4 records by name and by number, as far as they are seen', async () => {
    const made = async (name: string) => (await home.ask(home.people.admin, 'POST', '/api/v1/objects/customer/records', { values: { name, kind: 'company' } })).body.record
    const [one, twin] = [await made('甲公司'), await made('双子公司')]
    await made('双子公司')
    const { rows: read, tally } = await brought(home.people.admin, 'contact', `姓名,客户\n一,甲公司\n二,双子公司\n三,${twin.values.no}\n四,没有的公司\n,甲公司`, { duplicates: 'create', key: null })
    expect(tally).toEqual([2, 0, 0, 3])
    expect(read[4].reasons).toEqual([{ head: '姓名', text: expect.stringContaining('请填写') }])
    expect(read[1].reasons).toEqual([{ head: '客户', text: expect.stringContaining('有 2 条都叫') }])
    expect(read[3].reasons[0].text).toContain('没有找到')
    const contacts = await home.db.read(home.tenant, (tx) => tx.query<{ f_customer: string }>('select f_customer from {t}.o_contact order by f_name collate "C"'))
    expect(new Set(contacts.map((each) => each.f_customer))).toEqual(new Set([one.id, twin.id]))
  })

  it('B4 B7 what is masked is never written', async () => {
    const { body: role } = await home.ask(home.people.admin, 'GET', '/api/v1/definitions/role/supervisor')
    const masked = { ...role.body, objects: { ...role.body.objects, lead: { ...role.body.objects.lead, fields: { wechat: { read: 'star' }, est_amount: { read: 'hidden' } } } } }
    expect((await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/supervisor', { body: masked })).status).toBe(200)
    await brought(home.people.supervisor, 'lead', '姓名,手机,微信,公司名\n旧,13800000031,old,脱敏')
    const { rows: [same, star], tally } = await brought(home.people.supervisor, 'lead', '姓名,手机,微信,预估合同额,公司名\n旧,13800000031,new,1,脱敏\n新,13800000032,★★★,1,脱敏', { duplicates: 'update' })
    expect(tally).toEqual([0, 0, 0, 2])
    expect(same.reasons[0].text).toContain('脱敏')
    expect(star.reasons[0].text).toContain('脱敏')
    await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/supervisor', { body: role.body })
  })
})

describe('carrying', () => {
  it('B6 B7 a trial run writes nothing and foresees what the import does', async () => {
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n在,13800000041,试')
    const file = '姓名,手机,公司名\n在,13800000041,试\n新,13800000042,试\n新又,13800000042,试\n坏,123,试\n,13800000043,试\n,,'
    for (const duplicates of ['skip', 'update', 'create'] as const) {
      const trial = await brought(home.people.admin, 'lead', file, { duplicates, run: false })
      expect([trial.state, (await leads('试')).length]).toEqual(['checked', 1])
      expect(trial.tally).toEqual({ skip: [2, 0, 2, 1], update: [2, 2, 0, 1], create: [4, 0, 0, 1] }[duplicates])
      const after = trial.rows.find(({ n }: { n: number }) => n === 4)
      expect([after.outcome, after.reasons[0]?.text.includes('第 3 行')]).toEqual({ skip: ['skip', true], update: ['update', undefined], create: ['create', undefined] }[duplicates])
    }
    const done = await brought(home.people.admin, 'lead', file, { duplicates: 'update' })
    expect([done.state, done.tally]).toEqual(['done', [2, 2, 0, 1]])
    expect((await leads('试')).map((each) => each.f_name)).toEqual(['匿名咨询', '在', '新又'])
  })

  it('B9 one act a batch, in the importer’s name, because of the import', async () => {
    const list = Array.from({ length: 450 }, (_, i) => `第${i}位,138001${String(i).padStart(5, '0')},成批`).join('\n')
    const { id, tally } = await brought(home.people.director, 'lead', `姓名,手机,公司名\n${list}`)
    expect(tally).toEqual([450, 0, 0, 0])
    expect(await acts(id)).toEqual(Array.from({ length: 3 }, () => ({ cause: { kind: 'import', import: id, quiet: true }, ref: String(home.people.director.id) })))
    const [first] = await leads('成批')
    expect(first).toMatchObject({ owner: home.people.director.id, origin: 'import', created_by: home.people.director.id })
  })

  it('B9 whoever goes on goes on behind the last batch; it can be stopped', async () => {
    const list = Array.from({ length: 500 }, (_, i) => `第${i}位,138002${String(i).padStart(5, '0')},断`).join('\n')
    const { import: { id } } = (await upload(home.people.admin, 'lead', `姓名,手机,公司名\n${list}`)).body
    await post(home.people.admin, id, 'run')
    await carryImports(home.db, home.tenant, hands)
    expect(await carryImports(home.db, home.tenant, openHands())).toBe(false)
    await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.import set leased_until = clock_timestamp() where id = $1`, [id]))
    await carryImports(home.db, home.tenant, openHands())
    expect((await leads('断')).length).toBe(400)
    expect((await post(home.people.admin, id, 'cancel')).body.import.state).toBe('cancelled')
    await carried()
    expect([(await leads('断')).length, (await get(home.people.admin, id)).import.created]).toEqual([400, 400])
  })

  it('B9 kill −9 anywhere, again and again: every row becomes one record, once', async () => {
    const list = Array.from({ length: 3_000 }, (_, i) => `第${i}位,139103${String(i).padStart(5, '0')},停电`).join('\n')
    const { import: { id } } = (await upload(home.people.admin, 'lead', `姓名,手机,公司名\n${list}`)).body
    await post(home.people.admin, id, 'run')
    const config = JSON.stringify((home.db.pool as unknown as { options: object }).options, ['host', 'port', 'user', 'password', 'database'])
    const leaseOver = () => home.db.mutate(home.tenant, (tx) => tx.query('update {t}.import set leased_until = clock_timestamp() where id = $1 and worker is not null', [id]))
    let killed = 0
    while (killed < 6) {
      // The lease of the one that was killed has run out.
      await leaseOver()
      const one = spawn(process.execPath, [path.join(import.meta.dirname, 'testing/hands-process.ts')], { env: { ...process.env, IMPORT_DB: config, IMPORT_TENANT: home.tenant.key }, stdio: ['ignore', 'pipe', 'inherit'] })
      const over = new Promise((resolve) => one.once('exit', resolve))
      await new Promise((resolve) => one.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200))
      one.kill('SIGKILL')
      await over
      killed++
    }
    const halfway = (await leads('停电')).length
    expect(halfway % 200).toBe(0)
    // What the last one had sent before it was killed may still be carried out, its lease too.
    await expect.poll(async () => { await leaseOver(); await carried(); return (await get(home.people.admin, id)).import.state }, { timeout: 30_000 }).toBe('done')
    const [made, { import: { state, created, refused } }] = [await leads('停电'), await get(home.people.admin, id)]
    expect([state, created, refused, made.length, new Set(made.map(({ f_phone }) => f_phone)).size]).toEqual(['done', 3_000, 0, 3_000, 3_000])
    expect((await acts(id)).length).toBe(15)
  }, 60_000)

  it('B9 a batch that fails is gone through row by row, and the row at fault is set aside', async () => {
    await home.db.pool.query(`create or replace function ${home.tenant.schema}.trip() returns trigger language plpgsql as $$ begin if new.f_name = '绊' then raise exception 'trip'; end if; return new; end $$; create trigger trip before insert on ${home.tenant.schema}.o_lead for each row execute function ${home.tenant.schema}.trip()`)
    const { tally, rows: read, state } = await brought(home.people.admin, 'lead', '姓名,手机,公司名\n一,13800000051,绊\n绊,13800000052,绊\n三,13800000053,绊')
    await home.db.pool.query(`drop trigger trip on ${home.tenant.schema}.o_lead`)
    expect([state, tally]).toEqual(['done', [2, 0, 0, 1]])
    expect(read[1].reasons[0].text).toContain('系统出错')
  })
})

describe('owners and rules', () => {
  it('B8 whom the file names, whom the policy chooses, nobody', async () => {
    const policy = (await get(home.people.admin, (await upload(home.people.admin, 'lead', '姓名,手机\n王,13800000060')).body.import.id)).owners.find(({ from }: { from: string }) => from === 'policy').policies[0].key
    expect((await brought(home.people.admin, 'lead', '姓名,手机,公司名,负责人\n甲,13800000061,人,赵一鸣\n乙,13800000062,人,')).tally).toEqual([2, 0, 0, 0])
    expect(new Set((await leads('人')).map(({ owner }) => owner))).toEqual(new Set([home.people.admin.id, home.people.rival.id]))
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n甲,13800000063,空', { owner: 'nobody' })
    expect((await leads('空'))[0]!.owner).toBe(null)
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n甲,13800000064,派', { owner: 'policy', policy })
    const [record] = await leads('派')
    const decisions = await home.db.read(home.tenant, (tx) => tx.query<{ chosen: number | null }>('select chosen from {t}.decision where record = $1', [record!.id]))
    expect(decisions).toEqual([{ chosen: record!.owner }])
    const narrow = (await upload(home.people.supervisor, 'lead', '姓名,手机\n王,13800000065')).body.import
    expect((await home.ask(home.people.supervisor, 'PATCH', `/api/v1/imports/${narrow.id}`, { mapping: narrow.mapping, options: { ...options, owner: 'nobody' } })).body.error.code).toBe('FORBIDDEN')
  })

  it('B10 rules answer where they were asked for, and take part', async () => {
    await drain(home.db, home.tenant)
    const runs = (company: string) => home.db.read(home.tenant, (tx) => tx.query<{ rule: string }>('select distinct r.rule from {t}.run r join {t}.o_lead l on l.id = r.record where l.f_company = $1 and r.rule not like $2', [company, 'grading:%']))
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n静,13800000071,静')
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n动,13800000072,动', { rules: true })
    await drain(home.db, home.tenant)
    expect(await runs('静')).toEqual([])
    expect((await runs('动')).map(({ rule }) => rule)).toContain('r1_grade')
    await brought(home.people.admin, 'lead', '姓名,手机,公司名\n快,13800000073,快', { rules: true, atOnce: true })
    const [prompt] = await home.db.read(home.tenant, (tx) => tx.query(`select t.sub < 8 as prompt from {t}.todo t join {t}.change c on c.seq = t.seq join {t}.o_lead l on l.id = c.record where l.f_company = '快'`))
    expect(prompt).toEqual({ prompt: true })
  })
})

describe('afterwards', () => {
  it('B11 taken back as a whole, but for what others have changed since', async () => {
    await brought(home.people.admin, 'lead', '姓名,手机,公司名,职务\n有,13800000081,回,经理')
    const [standing] = await leads('回')
    const { id } = await brought(home.people.admin, 'lead', `姓名,手机,公司名,职务\n有,13800000081,回,总监\n${Array.from({ length: 250 }, (_, i) => `新${i},138003${String(i).padStart(5, '0')},回,工`).join('\n')}`, { duplicates: 'update' })
    const all = await leads('回')
    expect(all).toHaveLength(251)
    const touched = all.find(({ f_name }) => f_name === '新7')!
    const record = (await home.ask(home.people.director, 'GET', `/api/v1/objects/lead/records/${touched.id}`)).body.record
    expect((await home.ask(home.people.director, 'PATCH', `/api/v1/objects/lead/records/${touched.id}`, { version: record.version, values: { title: '已联系' } })).status).toBe(200)
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/imports/${id}/undo`)).body).toEqual({ records: 251, touched: 1, sent: [] })
    expect((await post(home.people.admin, id, 'undo')).body.import.state).toBe('undoing')
    await carried()
    expect((await get(home.people.admin, id)).import).toMatchObject({ state: 'undone', kept: 1, reverted: 250 })
    expect((await leads('回')).map((each) => each.id).toSorted()).toEqual([standing!.id, touched.id].toSorted())
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/objects/lead/records/${standing!.id}`)).body.record.values.title).toBe('经理')
    expect(await rows(home.people.admin, id, 'kept=1')).toMatchObject([{ record: touched.id, kept: { text: expect.stringContaining('又被改过') } }])
    expect((await post(home.people.admin, id, 'undo')).body.error.code).toBe('IMPORT_NOT_NOW')
  })

  it('B12 the result is the file with what became of it', async () => {
    const { id } = await brought(home.people.admin, 'lead', '姓名,手机,公司名\n好,13800000091,果\n坏,12,果')
    const { raw } = await home.ask(home.people.admin, 'GET', `/api/v1/imports/${id}/result?format=csv`)
    expect(raw.toString('utf8')).toBe('\uFEFF姓名,手机,公司名,结果,原因\r\n好,13800000091,果,已新建,\r\n坏,12,果,未导入,手机：「12」不是有效的电话号码\r\n')
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/imports/${id}/result?format=csv&outcome=refuse`)).raw.toString('utf8').split('\r\n')).toHaveLength(3)
    expect((await home.ask(home.people.admin, 'GET', '/api/v1/imports?object=lead&limit=1')).body.items[0]).toMatchObject({ id, file: '名单.csv', created: 1, refused: 1, canUndo: true })
  })

  it('B14 whoever waited long is told', async () => {
    const told = async () => (await home.ask(home.people.admin, 'GET', '/api/v1/notifications?limit=50')).body.items.filter(({ title }: { title: string }) => title === '导入完成：久.csv').length
    for (const [phone, ago] of [['13800000101', '1 second'], ['13800000102', '1 minute']] as const) {
      const { import: { id } } = (await upload(home.people.admin, 'lead', `姓名,手机\n久,${phone}`, '久.csv')).body
      await post(home.people.admin, id, 'run')
      await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.import set begun_at = begun_at - $2::interval where id = $1`, [id, ago]))
      await carried()
    }
    expect(await told()).toBe(1)
  })

  it('B13 rows go after their time, the facts stay', async () => {
    const { id } = await brought(home.people.admin, 'lead', '姓名,手机,公司名\n久,13800000099,久')
    const draft = (await upload(home.people.admin, 'lead', '姓名,手机\n王,13800000098')).body.import.id
    await home.db.mutate(home.tenant, async (tx) => { await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'timer' }); await sweepImports({ ...tx, now: new Date(tx.now.getTime() + 31 * 86_400_000) }) })
    expect(await rows(home.people.admin, id)).toEqual([])
    expect((await get(home.people.admin, id)).import.created).toBe(1)
    expect((await home.ask(home.people.admin, 'GET', `/api/v1/imports/${draft}`)).status).toBe(404)
  })
})
