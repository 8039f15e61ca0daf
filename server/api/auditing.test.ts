import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memberContext } from '#kernel/access'
import { actOf, writeOrRefuse } from '#kernel/records'
import { sealNext } from '#kernel/sealing'
import { openSigner } from '#platform/crypto'
import { ids } from '#platform/db'
import { house, type House, type Person } from './testing/house.ts'

let home: House
const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-auditing-'))
beforeAll(async () => { home = await house() })
afterAll(async () => { await home.close(); rmSync(folder, { recursive: true, force: true }) })

const get = async (who: Person, url: string) => (await home.ask(who, 'GET', url)).body
const audit = (who: Person, query: string) => get(who, `/api/v1/audit?${query}`)
const made = async (who: Person, values: object) => (await home.ask(who, 'POST', '/api/v1/objects/lead/records', { values })).body.record.id as string

it('H110 each line names its block, and how far the log is sealed', async () => {
  const id = await made(home.people.admin, { name: '封存我', phone: '13800139001' })
  expect((await audit(home.people.director, `record=${id}`)).items.at(-1)).toMatchObject({ block: null })
  expect((await get(home.people.director, '/api/v1/audit/seal')).waiting).toBeGreaterThan(0)
  await home.db.mutate(home.tenant, (tx) => sealNext(tx, openSigner(folder)))
  expect((await audit(home.people.director, `record=${id}`)).items.at(-1)).toMatchObject({ block: 1 })
  expect(await get(home.people.director, '/api/v1/audit/seal')).toMatchObject({ block: { number: 1 } })
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/seal')).status).toBe(403)
})

it('H160 who made a record anew that was there already', async () => {
  const customer = (who: Person, name: string, phone: string) => home.ask(who, 'POST', '/api/v1/objects/customer/records', { values: { name, kind: 'company', phone } })
  await customer(home.people.sales, '重复一', '13800138801')
  for (const name of ['重复一（新）', '重复一（又）']) expect((await customer(home.people.rival, name, '13800138801')).status).toBe(201)
  await customer(home.people.admin, '独此一家', '13800138802')
  const { rows } = await get(home.people.director, '/api/v1/audit/twice?object=customer&field=phone')
  expect(rows).toMatchObject([{ member: home.people.rival.id, times: 2, title: '重复一（又）' }])
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/twice?object=customer&field=phone')).status).toBe(403)
  expect((await get(home.people.director, '/api/v1/audit/twice?object=customer&field=owner')).error.code).toBe('FIELD_NOT_AVAILABLE')
})

it('H110 by cause, address and subject; and taken along', async () => {
  const id = await made(home.people.admin, { name: '=1+1', phone: '13800139002' })
  expect((await audit(home.people.director, `record=${id}&ip=127.0.0.1`)).items.length).toBeGreaterThan(0)
  expect((await audit(home.people.director, `record=${id}&ip=10.0.0.9`)).items).toEqual([])
  expect((await audit(home.people.director, `record=${id}&cause=import`)).items).toEqual([])
  const rights = (await audit(home.people.admin, 'about=rights&limit=200')).items as { object: string }[]
  expect(new Set(rights.map(({ object }) => object)).has('definition:role')).toBe(true)
  expect(rights.every(({ object }) => object !== 'lead')).toBe(true)
  const taken = await home.ask(home.people.director, 'GET', `/api/v1/audit/file?record=${id}`)
  expect([taken.status, taken.headers['content-disposition']]).toEqual([200, expect.stringContaining('.csv')])
  const text = taken.raw.toString()
  expect(text.split('\r\n')[0]).toContain('时间,谁,对象')
  expect(text).toContain(`'=1+1`)
  expect((await audit(home.people.admin, 'about=taken')).items[0]).toMatchObject({ object: 'system:export', actor: { id: home.people.director.id } })
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit/file')).status).toBe(403)
})

it('H111 refused attempts are in the log', async () => {
  const id = await made(home.people.admin, { name: '别删我', phone: '13800139003' })
  expect((await home.ask(home.people.director, 'DELETE', `/api/v1/objects/lead/records/${id}`)).status).toBe(200)
  expect((await home.ask(home.people.sales, 'GET', '/api/v1/audit')).status).toBe(403)
  expect((await home.ask(home.people.finance, 'POST', '/api/v1/objects/lead/records', { values: { name: 'x' } })).status).toBeGreaterThanOrEqual(400)
  const refused = (await audit(home.people.admin, 'about=refused&limit=50')).items as { actor: { id: number }; fields: { field: string; after: unknown }[]; ip: string }[]
  const mine = refused.find(({ actor }) => actor.id === home.people.sales.id)!
  expect(mine.ip).toBe('127.0.0.1')
  expect(Object.fromEntries(mine.fields.map(({ field, after }) => [field, after]))).toMatchObject({ code: '你没有权限做这件事' })
  for (let n = 0; n < 60; n++) await home.ask(home.people.sales, 'GET', '/api/v1/audit')
  const all = (await audit(home.people.admin, `about=refused&member=${home.people.sales.id}&limit=200`)).items
  expect(all.length).toBeLessThanOrEqual(45)
})

it('H38 a record as it stood at a moment, for who may read it', async () => {
  const born = await made(home.people.admin, { name: '旧名', phone: '13800139004' })
  const { record } = await get(home.people.admin, `/api/v1/objects/lead/records/${born}`)
  const at = new Date().toISOString()
  // A moment is in milliseconds: what changes in the same one has already happened.
  await expect.poll(() => new Date().toISOString()).not.toBe(at)
  await home.ask(home.people.admin, 'PATCH', `/api/v1/objects/lead/records/${born}`, { version: record.version, values: { name: '新名' } })
  const then = await get(home.people.admin, `/api/v1/objects/lead/records/${born}/as-of?at=${encodeURIComponent(at)}`)
  expect([then.title, then.values.name, then.moments.length]).toEqual(['旧名', '旧名', 2])
  expect((await home.ask(home.people.finance, 'GET', `/api/v1/objects/lead/records/${born}/as-of?at=${encodeURIComponent(at)}`)).status).toBe(404)
})

it('H187 what was configured is told part by part, conditions as sentences, in the reader’s language', async () => {
  const { admin, director } = home.people
  const { body, version } = await get(admin, '/api/v1/definitions/rule/r3_escalate')
  const changed = { ...body, priority: body.priority + 1, condition: { all: [body.condition, { field: 'owner', op: 'notEmpty' }] } }
  expect((await home.ask(admin, 'PUT', '/api/v1/definitions/rule/r3_escalate', { body: changed, expectVersion: version })).status).toBe(200)
  const { fields } = (await audit(director, 'about=configuration')).items[0]
  expect(fields.map(({ label }: { label: string }) => label).sort()).toEqual(['先后', '条件'])
  expect(fields.find(({ label }: { label: string }) => label === '条件').after).toMatch(/且 负责人 不为空$/)
  const tag = { key: '审计用', label: { zh: '审计用', en: 'For the audit' } }
  await home.ask(admin, 'PUT', '/api/v1/definitions/tag/审计用', { body: tag })
  expect((await audit(director, 'about=configuration')).items[0].fields).toEqual([{ field: 'label', label: '名称', before: null, after: '审计用' }])
  const lead = (await get(admin, '/api/v1/definitions/object/lead')).body
  lead.fields.push({ key: 'shop_area', label: { zh: '门店面积', en: 'Shop area' }, kind: 'integer' })
  await home.ask(admin, 'PUT', '/api/v1/definitions/object/lead', { body: lead })
  expect((await audit(director, 'about=configuration&lang=en')).items[0].fields[0]).toMatchObject({ label: 'Field “Shop area”', before: null, after: 'Shop area' })
})

it('H231 what one act did much is told in one line, with how much of what, and line by line when it is asked for; of what a reader does not see whole nothing is counted', async () => {
  const { admin, director, finance } = home.people
  const rows = Array.from({ length: 4 }, (_, i) => `名单${'一二三四'[i]}\t1380013970${i}\t销售`)
  expect(await home.ask(admin, 'POST', '/api/v1/members/import', { text: ['姓名\t手机\t角色', ...rows].join('\n'), commit: true })).toMatchObject({ status: 200 })
  const id = await made(admin, { name: '紧跟着的', phone: '13800139009' })
  const page = await audit(director, 'byAct=true&limit=2')
  expect(page.items.map(({ object, reason, whole, record }: Line) => [object, reason, whole ?? record])).toEqual([['lead', null, id], ['system:member', '导入 4 名成员', { n: 4, of: [{ object: 'system:member', n: 4 }] }]])
  // The house's own reasons are told in the reader's language; what stands there from before, as it stands.
  const said = async (lang: string) => (await audit(director, `byAct=true&limit=2&lang=${lang}`)).items[1].reason
  expect([await said('en'), await said('zh')]).toEqual(['Imported 4 members', '导入 4 名成员'])
  expect((await home.ask(director, 'GET', `/api/v1/audit/file?act=${page.items[1].act}`)).raw.toString()).toContain('导入 4 名成员')
  const next = await audit(director, `byAct=true&limit=2&cursor=${page.next}`)
  expect(next.items.some(({ act }: Line) => act === page.items[1].act)).toBe(false)
  const lines = async (more: string) => (await audit(director, `act=${page.items[1].act}${more}`)).items as Line[]
  expect([(await lines('')).map(({ title, whole }) => [title, whole]), (await lines('&field=state')).length]).toEqual([['四', '三', '二', '一'].map((each) => [`名单${each}`, undefined]), 0])
  expect((await audit(director, 'byAct=true&member=' + admin.id)).items.find(({ act }: Line) => act === page.items[1].act).whole.n).toBe(4)
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await memberContext(tx, admin.id)
    await writeOrRefuse(ctx, ['甲', '乙', '丙', '丁', '戊'].map((name, i) => ({ op: 'create', object: 'lead', id: ids.next(), values: { name: `一批${name}`, phone: `1380013980${i}` }, owner: i === 0 ? finance.id : admin.id })), { acts: [actOf(ctx)] })
  })
  expect((await audit(director, 'byAct=true')).items[0].whole).toEqual({ n: 5, of: [{ object: 'lead', n: 5 }] })
  const body = { key: 'checker', label: { zh: '查账', en: 'Checker' }, home: 'tasks', rights: ['audit'], objects: { lead: { read: 'own' }, customer: { read: 'all' } } }
  await home.ask(admin, 'PUT', '/api/v1/definitions/role/checker', { body })
  await home.ask(admin, 'PATCH', `/api/v1/members/${finance.id}`, { roles: ['checker'] })
  const seen = (await audit(finance, 'byAct=true&object=lead')).items as Line[]
  expect(seen.map(({ title, whole }) => [title, whole])).toEqual([['一批甲', undefined]])
  // A line that stands by itself on one page, the others of its act on the next: each is told once.
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await memberContext(tx, admin.id)
    const customer = (name: string) => ({ op: 'create' as const, object: 'customer', id: ids.next(), values: { name, kind: 'company' }, owner: admin.id })
    await writeOrRefuse(ctx, [customer('同批一'), customer('同批二'), { op: 'create', object: 'lead', id: ids.next(), values: { name: '同批线索', phone: '13800139810' }, owner: finance.id }], { acts: [actOf(ctx)] })
  })
  const first = await audit(finance, 'byAct=true&limit=1')
  const second = await audit(finance, `byAct=true&limit=1&cursor=${first.next}`)
  expect([first, second].map(({ items }) => items.map(({ title }: Line) => title))).toEqual([['同批线索'], ['同批二', '同批一']])
  // More than is looked at at once, and pages of few: each act is met once, where its newest line is.
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await memberContext(tx, admin.id)
    await writeOrRefuse(ctx, Array.from({ length: 130 }, (_, i) => ({ op: 'create' as const, object: 'lead', id: ids.next(), values: { name: `大批${i}`, phone: `138${20_000_000 + i}` }, owner: admin.id })), { acts: [actOf(ctx)] })
  })
  const told: Line[] = []
  for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 6; pages++) {
    const some: { items: Line[]; next: string | null } = await audit(director, `byAct=true&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    told.push(...some.items)
    cursor = some.next
  }
  const acts = told.map(({ act }) => act).filter((act, i, all) => act !== all[i - 1])
  expect([told[0]!.whole, new Set(acts).size, acts.length]).toEqual([{ n: 130, of: [{ object: 'lead', n: 130 }] }, acts.length, 12])
  expect(told.filter(({ whole }) => whole).length).toBeGreaterThanOrEqual(3)
})
interface Line { act: number; object: string; record: string; title: string; reason: string | null; whole?: object }
