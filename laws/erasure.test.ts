import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '#contract'
import { kernelContext, memberContext, type Context } from '#kernel/access'
import { drain } from '#kernel/automation'
import { askErasure, copyOfPerson, decideErasure, erasureAt, planErasure, withdrawErasure } from '#kernel/erasure'
import { takeUpload } from '#kernel/files'
import { noteRows, openExport, planExport } from '#kernel/handout'
import { resolveContacts } from '#kernel/identity'
import { openIntake, type Submission } from '#kernel/intake'
import { claimVisits, creditLinks } from '#kernel/journey'
import { deletedRecords, getRecord, undoActs, writeOrRefuse, type Intent } from '#kernel/records'
import { sealNext, verifyLog } from '#kernel/sealing'
import { openSigner, trustedKeys } from '#platform/crypto'
import { ids, type Tenant, type Tx } from '#platform/db'
import { openStore } from '#platform/files'
import { backUp, restore } from '../server/start/backups.ts'
import { carryAll } from '../server/start/erasures.ts'
import { openAnchors } from '../server/start/anchors.ts'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'

const NAME = '欧阳若琳'
const [PHONE, OLD, EMAIL, WECHAT] = ['+8613912345678', '+8613712340099', 'Ouyang.Ruolin@example.cn', 'Éloise_1990']
/** No text of any table, and no file, may hold one of these afterwards, however it is written. */
const TRACES = [NAME, '13912345678', '139 1234 5678', '139-1234-5678', '13712340099', 'ouyang.ruolin@example.cn', WECHAT, encodeURIComponent(NAME), '\\u6b27\\u9633\\u82e5\\u7433']
const [ADMIN, AUDITOR, SALES] = [1, 2, 3]

let home: FreshTenant
let folder: string
const places = () => ({ backupDir: path.join(folder, 'backups'), filesDir: path.join(folder, 'files'), anchorDir: path.join(folder, 'seal') })
const erasing = () => ({ anchorDir: places().anchorDir, store: openStore(places().filesDir) })

beforeEach(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  folder = mkdtempSync(path.join(tmpdir(), 'nextmove-erasure-'))
  mkdirSync(places().anchorDir, { recursive: true })
  await mutate(async (tx) => {
    await tx.query(`insert into {t}.team (id, name) values (1, '一部')`)
    await tx.query(`insert into {t}.member (id, name, roles, team, created_at) values ($1, '周敏', '{admin}', 1, now()), ($2, '马宁', '{risk}', 1, now()), ($3, '李娜', '{sales}', 1, now())`, [ADMIN, AUDITOR, SALES])
    await tx.query('update {t}.state set epoch = epoch + 1')
  })
})
afterEach(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

const mutate = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, work)
const as = <T>(member: number, work: (ctx: Context) => Promise<T>): Promise<T> => mutate(async (tx) => work(await memberContext(tx, member, { id: 'r', ip: '10.0.0.7', agent: 'test', lang: 'zh' })))
const kernel = <T>(work: (ctx: Context) => Promise<T>): Promise<T> => mutate(async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'member' })))
const write = (...intents: Intent[]) => kernel((ctx) => writeOrRefuse(ctx, intents))
const rows = <R>(text: string, values: unknown[] = []) => home.db.read(home.tenant, (tx) => tx.query<R>(text, values))
const code = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof Refused ? error.refusal.code : String(error)))

async function sealAll(tenant: Tenant = home.tenant): Promise<void> {
  const [signer, anchors] = [openSigner(places().anchorDir), openAnchors(places().anchorDir)]
  for (;;) { const sealed = await home.db.mutate(tenant, (tx) => sealNext(tx, signer, anchors.head(tenant))); if (!sealed) return; anchors.setHead(tenant, sealed.anchor) }
}
const proof = (tenant: Tenant = home.tenant) => home.db.read(tenant, (tx) => verifyLog(tx, { keys: trustedKeys([places().anchorDir]), anchors: openAnchors(places().anchorDir).all(tenant) }))

/** Every row of every table as text. */
async function dump(tenant: Tenant = home.tenant): Promise<string[]> {
  const tables = await home.db.read(tenant, (tx) => tx.query<{ name: string }>(`select c.relname as name from pg_class c where c.relnamespace = (select relnamespace from pg_class where oid = '{t}.state'::regclass) and c.relkind = 'r'`))
  const found: string[] = []
  for (const { name } of tables) for (const { line } of await home.db.read(tenant, (tx) => tx.query<{ line: string }>(`select t::text as line from {t}."${name}" t`))) found.push(`${name}: ${line}`)
  return found
}
const filesBelow = (at: string): string[] => (existsSync(at) ? readdirSync(at, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name)) : [])
async function traces(tenant: Tenant = home.tenant): Promise<string[]> {
  const holds = (text: string) => TRACES.some((each) => text.toLowerCase().includes(each.toLowerCase()))
  return [...(await dump(tenant)).filter(holds), ...filesBelow(places().filesDir).filter((file) => holds(readFileSync(file, 'utf8')))]
}

/** A person whom the company has met on every way, and one who stays. */
async function met(): Promise<{ lead: string; contact: string; customer: string; other: string }> {
  const intake = openIntake(home.db, { resolveContacts, claimVisits, creditLinks, nextId: ids.next })
  const form = (await intake.form(home.tenant, 'pricing'))!
  const send = (body: Record<string, unknown>, facts: Partial<Submission> = {}) => intake.submit(home.tenant, { form, body, raw: JSON.stringify(body), contentType: 'application/json', ip: '202.96.209.5', ipRegion: '310000', agent: 'test', request: 'r', lang: 'zh', ...facts })
  const given = { name: NAME, phone: '139 1234 5678', company: '若水科技', consent: true }
  await send({ ...given, core_need: `请联系 ${NAME}，${EMAIL}` }, { raw: `name=${encodeURIComponent(NAME)}&phone=13912345678` })
  await send({ ...given, phone: '稍后再说' }, { raw: `{"name":"\\u6b27\\u9633\\u82e5\\u7433","mail":"${EMAIL}"}` })
  await drain(home.db, home.tenant)
  const [found] = await rows<{ id: string }>(`select id from {t}.o_lead where f_phone = $1`, [PHONE])
  const [lead, customer, contact, other] = [found!.id, ids.next(), ids.next(), ids.next()]
  await write({ op: 'update', object: 'lead', id: lead, values: { phone: OLD, email: EMAIL } }, { op: 'update', object: 'lead', id: lead, values: { phone: PHONE, wechat: WECHAT, pain: '孕期，只方便下午接电话' }, owner: SALES })
  await write({ op: 'create', object: 'customer', id: customer, values: { name: '若水科技', phone: PHONE } }, { op: 'create', object: 'contact', id: contact, values: { name: NAME, customer, phone: PHONE, email: EMAIL, birthday: '1990-03-04' } }, { op: 'create', object: 'lead', id: other, values: { name: '王磊', phone: '+8613900000001', core_need: `${NAME}介绍来的` } })
  const at = new Date(Date.now() + 86_400_000).toISOString()
  await write(
    { op: 'create', object: 'activity', values: { subject: { object: 'lead', id: lead }, result: 'interested', next_at: at, resource: 'none', note: `${NAME} 回电 139-1234-5678，家住滨江` }, owner: SALES },
    { op: 'create', object: 'activity', values: { subject: { object: 'customer', id: customer }, result: 'interested', next_at: at, resource: 'none', note: `已加微信 ${WECHAT}，约${NAME}周三` }, owner: SALES },
    { op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id: lead }, kind: 'view', page: `/pricing?mail=${EMAIL}`, visitor: 'cookie-77' } },
    { op: 'create', object: 'behaviour', values: { subject: { object: 'customer', id: customer }, kind: 'view', page: `/thanks?phone=13912345678` } },
    { op: 'create', object: 'ticket', values: { title: `${NAME}反馈扫码失败`, contact, customer, kind: 'consult' } },
    { op: 'create', object: 'task', values: { title: `给${NAME}寄样品`, subject: { object: 'contact', id: contact }, kind: 'follow', due_at: at } },
  )
  await kernel((ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'customer', id: customer, values: { short_name: '若水' } }], { acts: [{ actor: ctx.actor, cause: ctx.cause, reason: `${NAME}打 13912345678 来改的` }] }))
  await drain(home.db, home.tenant)
  await kept(lead, contact)
  return { lead, contact, customer, other }
}

/** What other rooms keep in passing. */
async function kept(lead: string, contact: string): Promise<void> {
  const { store } = erasing()
  const file = await takeUpload({ db: home.db, store, scanner: null }, home.tenant, { name: `${NAME}身份证.txt`, by: SALES, from: Readable.from([Buffer.from(`${NAME} 13912345678\n`)]) })
  await write({ op: 'update', object: 'lead', id: lead, values: { attachments: [file.id] } })
  await as(ADMIN, async (ctx) => {
    const plan = await planExport(ctx, 'lead', {} as never)
    const { no } = await openExport(ctx, plan, 'csv')
    await noteRows(ctx.tx, no, [{ record: lead, cells: [NAME, PHONE] }])
    const staged = await store.stage(home.tenant.key, Readable.from([Buffer.from(`姓名,手机\n${NAME},13912345678\n`)]), () => {})
    await store.keep(home.tenant.key, staged)
    await ctx.tx.query(`insert into {t}.export_job (no, query, facts, name, mark, state, sha256) values ($1, '{}', '{}', '线索', '周敏', 'done', $2)`, [no, staged.sha256])
  })
  await mutate(async (tx) => {
    const q = (text: string, values: unknown[]) => tx.query(text, values)
    await q(`insert into {t}.import_row (import, n, cells, record) values ($1, 1, $2, $3), ($1, 2, $4, null)`, [ids.next(), JSON.stringify([NAME, '13912345678', '滨江']), lead, JSON.stringify(['', `${NAME}的同事`])])
    await q(`insert into {t}.suggestion (id, object, record, member, fields, at, state) values ($1, 'lead', $2, 1, $3, now(), 'open'), ($4, 'lead', null, 1, $5, now(), 'open')`, [ids.next(), lead, JSON.stringify({ name: NAME }), ids.next(), JSON.stringify({ name: NAME, phone: '139 1234 5678' })])
    await q(`insert into {t}.draft (id, member, object, record, kind, text, vals, begun_at, saved_at) values ($1, 1, 'lead', $2, 'edit', '', $3, now(), now()), ($4, 1, 'lead', '00000000-0000-0000-0000-000000000000', 'create', '', $5, now(), now())`, [ids.next(), lead, JSON.stringify({ name: NAME }), ids.next(), JSON.stringify({ name: NAME, phone: '139 1234 5678' })])
    await q(`insert into {t}.idempotency (key, route, request_hash, answer, status, at) values ('k', 'x', '\\x00', $1, 200, now())`, [JSON.stringify({ record: { id: lead, values: { phone: PHONE } } })])
    await q(`insert into {t}.outbox (channel, key, body, next_at, created_at) values ('webhook', 'k1', $1, now(), now())`, [JSON.stringify({ to: [EMAIL], text: `您好 ${NAME}` })])
    await q(`insert into {t}.delivery (key, attempt, at, result, detail) values ('k1', 1, now(), 'failed', $1)`, [JSON.stringify({ said: `550 <${EMAIL.toLowerCase()}> unknown` })])
    await q(`insert into {t}.timer (key, due_at, kind, payload) values ('t1', now(), 'x', $1)`, [JSON.stringify({ name: NAME })])
    await q(`insert into {t}.notification (member, kind, title, body, object, record, at) values ($1, 'x', $2, $3, 'contact', $4, now()), ($1, 'x', $2, $3, null, null, now())`, [SALES, `${NAME}来电`, '139-1234-5678', contact])
    await q(`insert into {t}.visitor (id, form, record, object, first_seen_at, seen_at) values ($1, 'pricing', $2, 'lead', now(), now())`, [ids.next(), lead])
    await q(`insert into {t}.definition (kind, key, version, state, body, published_at, published_by) values ('view', 'v1', 1, 'active', $1, now(), 1)`, [JSON.stringify({ filter: { field: 'phone', op: 'eq', value: PHONE } })])
  })
}

async function asked(lead: string, more: { everywhere?: boolean; records?: { object: string; id: string }[] } = {}): Promise<string> {
  const plan = await as(ADMIN, (ctx) => planErasure(ctx, { object: 'lead', id: lead }))
  return (await as(ADMIN, (ctx) => askErasure(ctx, { object: 'lead', id: lead, records: more.records ?? plan.candidates, everywhere: more.everywhere ?? true, reason: `${NAME} 本人来函，已核验身份证` }))).no
}
const agree = (no: string) => as(AUDITOR, (ctx) => decideErasure(ctx, no, { agree: true, reason: `核对过${NAME}的来函` }))

test('U1 U3 U4 U5 U6 Z5 Z8 DR9 a person met on every way is gone from every table and file; the log stays proved', async () => {
  const { lead, contact, customer, other } = await met()
  await sealAll()
  expect((await traces()).length).toBeGreaterThan(25)
  const plan = await as(ADMIN, (ctx) => planErasure(ctx, { object: 'lead', id: lead }))
  expect(plan).toMatchObject({ candidates: [{ object: 'contact', id: contact, title: NAME, gone: false }], namesakes: 0, open: null })
  expect(plan.counts).toMatchObject({ records: 2, files: 1, submissions: 1 })
  expect(plan.counts.about).toBeGreaterThanOrEqual(2)
  const no = await asked(lead)
  expect(await traces()).toContainEqual(expect.stringMatching(/^o_lead/))
  await agree(no)
  expect(await carryAll(home.db, home.tenant, erasing())).toBe(1)
  expect(await traces()).toEqual([])
  expect(await dump()).not.toContainEqual(expect.stringMatching(/孕期|滨江|cookie-77|1990-03-04/))
  const done = await home.db.read(home.tenant, (tx) => erasureAt(tx, no))
  expect(done).toMatchObject({ state: 'done', counts: { records: 2, files: 2 } })
  const [said] = await rows<{ fields: Record<string, [unknown, unknown]> }>(`select fields from {t}.change where act = $1 and object = 'system:erasure'`, [done.act])
  expect(said!.fields['records']).toEqual([null, 2])
  await sealAll()
  const proved = await proof()
  expect(proved.findings).toEqual([])
  expect(proved.erasures).toEqual([{ act: done.act, n: done.counts!.changes + done.counts!.acts }])
  // What belongs to others stays.
  expect(await kernel((ctx) => getRecord(ctx, 'lead', other))).toMatchObject({ values: { name: '王磊', phone: '+8613900000001', core_need: '【已删除】介绍来的' } })
  const company = await kernel((ctx) => getRecord(ctx, 'customer', customer))
  expect([company.values['name'], company.values['phone'] ?? null]).toEqual(['若水科技', null])
  expect((await kernel((ctx) => deletedRecords(ctx, 'lead', { limit: 50 }))).items).toEqual([])
  expect(await code(as(ADMIN, (ctx) => undoActs(ctx, [done.act!])))).toBe('UNDO_IMPOSSIBLE')
  expect(await drain(home.db, home.tenant)).toBeDefined()
})

test('U7 a backup from before comes back without them', async () => {
  const { lead } = await met()
  await sealAll()
  const { folder: made } = await backUp(home.db, home.tenant, places())
  const no = await asked(lead)
  await agree(no)
  await carryAll(home.db, home.tenant, erasing())
  expect(await restore(home.db, made, places(), { replace: true })).toMatchObject({ erased: 1 })
  const tenant = (await home.db.tenantByKey('test'))!
  expect(await traces(tenant)).toEqual([])
  await sealAll(tenant)
  expect((await proof(tenant)).findings).toEqual([])
})

test('U2 U8 asked for by one, agreed to by another, once; a record of nobody is refused', async () => {
  const { lead, customer } = await met()
  expect(await code(as(ADMIN, (ctx) => planErasure(ctx, { object: 'customer', id: customer })))).toBe('ERASURE_NOT_A_PERSON')
  const no = await asked(lead)
  expect(await code(asked(lead))).toBe('ERASURE_OPEN')
  expect(await code(as(ADMIN, (ctx) => decideErasure(ctx, no, { agree: true, reason: 'x' })))).toBe('DELETION_OWN')
  expect(await code(as(SALES, (ctx) => decideErasure(ctx, no, { agree: true, reason: 'x' })))).toBe('NOT_FOUND')
  expect(await carryAll(home.db, home.tenant, erasing())).toBe(0)
  await as(ADMIN, (ctx) => withdrawErasure(ctx, no))
  expect(await code(agree(no))).toBe('DELETION_DECIDED')
  const again = await asked(lead)
  await agree(again)
  await Promise.all([carryAll(home.db, home.tenant, erasing()), carryAll(home.db, home.tenant, erasing())])
  expect((await rows(`select from {t}.change where object = 'system:erasure' and fields ? 'records' and fields #>> '{state,1}' = 'done'`)).length).toBe(1)
})

test('U5 a namesake keeps their name, and whoever shares a number keeps it', async () => {
  const { lead, contact, customer } = await met()
  const [namesake, spouse] = [ids.next(), ids.next()]
  await write({ op: 'create', object: 'lead', id: namesake, values: { name: NAME, phone: '+8613600000002' } }, { op: 'create', object: 'contact', id: spouse, values: { name: '高远', customer, phone: PHONE } })
  await write({ op: 'create', object: 'activity', values: { subject: { object: 'lead', id: namesake }, result: 'interested', next_at: new Date(Date.now() + 86_400_000).toISOString(), resource: 'none', note: `${NAME}很有意向` } })
  await sealAll()
  expect((await as(ADMIN, (ctx) => planErasure(ctx, { object: 'lead', id: lead }))).namesakes).toBe(1)
  const no = await asked(lead, { everywhere: false, records: [{ object: 'contact', id: contact }] })
  await agree(no)
  await carryAll(home.db, home.tenant, erasing())
  expect(await kernel((ctx) => getRecord(ctx, 'lead', namesake))).toMatchObject({ title: NAME })
  expect((await rows<{ note: string }>(`select f_note as note from {t}.o_activity where f_subject = $1`, [namesake]))[0]!.note).toBe(`${NAME}很有意向`)
  expect((await kernel((ctx) => getRecord(ctx, 'contact', spouse))).values['phone']).toBe(PHONE)
  expect((await dump()).filter((line) => /^(o_contact|o_activity|o_task|o_ticket|raw_intake)/.test(line) && line.includes('ouyang')).length).toBe(0)
  await sealAll()
  expect((await proof()).findings).toEqual([])
})

test('U9 DR9 a copy of everything held on one person', async () => {
  const { lead } = await met()
  const copy = await as(ADMIN, (ctx) => copyOfPerson(ctx, { object: 'lead', id: lead }))
  expect(copy.title).toBe(NAME)
  const text = JSON.stringify(copy)
  for (const each of [PHONE, EMAIL, WECHAT, '1990-03-04', '家住滨江', `${NAME}反馈扫码失败`, `给${NAME}寄样品`]) expect(text).toContain(each)
  expect(text).not.toContain('13900000001')
  expect(copy.files).toHaveLength(1)
  expect(copy.drafts).toHaveLength(2)
  expect(copy.submissions).toHaveLength(1)
  expect(await code(as(SALES, (ctx) => copyOfPerson(ctx, { object: 'lead', id: ids.next() })))).toBe('NOT_FOUND')
})
