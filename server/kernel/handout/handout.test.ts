import { strFromU8, unzipSync } from 'fflate'
import { extractText, getDocumentProxy } from 'unpdf'
import { kernelContext } from '#kernel/access'
import { writeOrRefuse } from '#kernel/records'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PrintTemplate, Role } from '#language/definitions'
import { house, type House, type Person } from '../../api/testing/house.ts'
import { traceRows } from './index.ts'

let home: House
let [customer, contract] = ['', '']
beforeAll(async () => {
  home = await house()
  customer = (await made(home.people.sales, 'customer', { name: '苏州精工机械有限公司', kind: 'company', address: '苏州工业园区星湖街 1 号' })).id
  contract = (await made(home.people.sales, 'contract', { name: '设备采购合同', customer, amount: '100000.30', terms: '三期付清' })).id
  for (const [term, amount] of [[2, '60000.04'], [1, '40000.06']] as const) await made(home.people.finance, 'payment_plan', { name: `第${term}期`, contract, term, due_on: `2026-1${term}-01`, amount })
})
afterAll(() => home.close())

const made = async (who: Person, object: string, values: object) => {
  const { status, body } = await home.ask(who, 'POST', `/api/v1/objects/${object}/records`, { values })
  expect([status, body.error]).toEqual([201, undefined])
  return body.record
}
const print = (who: Person, object: string, id: string, template: string) => home.ask(who, 'GET', `/api/v1/objects/${object}/records/${id}/print/${template}`)
const words = async (raw: Buffer) => (await extractText(await getDocumentProxy(new Uint8Array(raw)), { mergePages: true })).text
const put = (kind: string, key: string, body: object) => home.ask(home.people.admin, 'PUT', `/api/v1/definitions/${kind}/${key}`, { body })
const bodyOf = async <T>(kind: string, key: string): Promise<T> => (await home.ask(home.people.admin, 'GET', `/api/v1/definitions/${kind}/${key}`)).body.body
const logged = () => home.db.read(home.tenant, (tx) => tx.query<{ ref: string; fields: Record<string, [null, string]> }>(`select a.actor_ref as ref, c.fields from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:print' order by c.seq`))

/** Without the column of the mark. */
const unmarked = (raw: Buffer): string => raw.toString('utf8').replace(/,导出水印\r\n/, '\r\n').replace(/,[^,\r\n]+ E\d+\r\n/g, '\r\n')
const take = (who: Person, object: string, query: Record<string, string>) => home.ask(who, 'GET', `/api/v1/objects/${object}/export?${new URLSearchParams(query)}`)

describe('lists', () => {
  const filter = (value: string) => JSON.stringify({ field: 'company', op: 'eq', value })

  it('K6 the rows of the filter, in order, with these columns, and formulas stay text', async () => {
    for (const [name, est_amount] of [['乙', '2000000.05'], ['=1+1', '3'], ['丙,丁', null]] as const) await made(home.people.admin, 'lead', { name, company: '出口一', est_amount })
    await made(home.people.admin, 'lead', { name: '不在内', company: '别处' })
    const query = { filter: filter('出口一'), sort: '-est_amount', fields: 'name,est_amount,status', format: 'csv' }
    const { status, raw, headers } = await take(home.people.admin, 'lead', query)
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(unmarked(raw)).toBe("\uFEFF姓名,预估合同额,状态\r\n乙,2000000.05,待分配\r\n'=1+1,3,待分配\r\n\"丙,丁\",,待分配\r\n")
    const sheet = strFromU8(unzipSync(new Uint8Array((await take(home.people.admin, 'lead', { ...query, format: 'xlsx' })).raw))['xl/worksheets/sheet1.xml']!)
    expect(sheet).toContain('<c r="B2"><v>2000000.05</v></c>')
    expect(sheet.match(/<row /g)).toHaveLength(4)
  })

  it('K6 more than a page, each once', async () => {
    await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }), Array.from({ length: 450 }, (_, i) => ({ op: 'create' as const, object: 'lead', values: { name: `第${i}位`, company: '很多' } }))))
    const lines = (await take(home.people.admin, 'lead', { filter: filter('很多'), fields: 'name', format: 'csv' })).raw.toString('utf8').trim().split('\r\n')
    expect(new Set(lines.slice(1)).size).toBe(450)
  })

  it('K7 not without the right, not beyond it, not what is hidden; and it is logged', async () => {
    expect((await take(home.people.sales, 'lead', { fields: 'name', format: 'csv' })).body.error.code).toBe('FORBIDDEN')
    expect((await take(home.people.admin, 'lead', { fields: 'nothing', format: 'csv' })).body.error.code).toBe('FIELD_NOT_AVAILABLE')
    const role = await bodyOf<Role>('role', 'sales')
    await put('role', 'sales', { ...role, objects: { ...role.objects, lead: { ...role.objects['lead'], read: 'all', export: 'own', fields: { ...role.objects['lead']!.fields, est_amount: { read: 'hidden' } } } } })
    await made(home.people.sales, 'lead', { name: '我的', company: '出口一' })
    const query = { filter: filter('出口一'), fields: 'name', format: 'csv' }
    expect(unmarked((await take(home.people.sales, 'lead', query)).raw)).toBe('\uFEFF姓名\r\n我的\r\n')
    expect((await take(home.people.sales, 'lead', { ...query, fields: 'name,est_amount' })).body.error.code).toBe('FIELD_NOT_AVAILABLE')
    const log = await home.db.read(home.tenant, (tx) => tx.query<{ fields: Record<string, [null, unknown]> }>(`select fields from {t}.change where object = 'system:export' order by seq desc limit 1`))
    expect(log[0]!.fields).toEqual({ number: [null, expect.stringMatching(/^E\d+$/)], object: [null, '线索'], format: [null, 'csv'], rows: [null, 1], columns: [null, '姓名'], filter: [null, { field: 'company', op: 'eq', value: '出口一' }] })
    await put('role', 'sales', role)
  })

  it('K8 every row says who took it along, when and from where; so does every printed page', async () => {
    await made(home.people.admin, 'lead', { name: '带水印', company: '水印一' })
    const query = { filter: filter('水印一'), fields: 'name,company' }
    const lines = (await take(home.people.admin, 'lead', { ...query, format: 'csv' })).raw.toString('utf8').trim().split('\r\n')
    expect(lines[0]).toMatch(/,导出水印$/)
    expect(lines[1]).toMatch(/,周敏 \d{4}-\d\d-\d\d \d\d:\d\d 127\.0\.0\.1 E\d+$/)
    const sheet = strFromU8(unzipSync(new Uint8Array((await take(home.people.admin, 'lead', { ...query, format: 'xlsx' })).raw))['xl/worksheets/sheet1.xml']!)
    expect(sheet).toMatch(/<oddFooter>&amp;R周敏 [^<]+127\.0\.0\.1 E\d+<\/oddFooter>/)
    expect(sheet.match(/127\.0\.0\.1 E\d+<\/t>/g)).toHaveLength(1)
  })

  it('K9 five rows, reordered, reformatted and without their marks, tell which export and who', async () => {
    await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }), Array.from({ length: 40 }, (_, i) => ({ op: 'create' as const, object: 'lead', values: { name: `泄露${i}`, company: '泄露公司', phone: `+86137000000${10 + i}`, est_amount: `${i}000.50` } }))))
    const query = { filter: filter('泄露公司'), fields: 'name,phone,est_amount,status', format: 'csv', sort: 'name' }
    await take(home.people.director, 'lead', query)
    await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }), (await tx.query<{ id: string }>(`select id from {t}.o_lead where f_company = '泄露公司' order by f_name limit 20`)).map(({ id }) => ({ op: 'update' as const, object: 'lead', id, values: { est_amount: '99.00' } }))))
    const leaked = (await take(home.people.admin, 'lead', query)).raw.toString('utf8').trim().split('\r\n').slice(1, 6).map((line) => line.split(',').slice(0, 3))
    const pasted = leaked.toReversed().map(([name, phone, amount]) => [`${Number(amount).toLocaleString('en-US')}.00`, ` ${name}\u200b`, phone!.replaceAll(' ', '-')])
    const suspects = await home.db.read(home.tenant, (tx) => traceRows(tx, pasted))
    expect(suspects.map(({ name, found, values }) => [name, found, values])).toEqual([['周敏', 5, 15], ['陈志远', 5, 10]])
    const old = await home.db.read(home.tenant, (tx) => traceRows(tx, [['泄露1', '1000.5', '137 0000 0011']]))
    expect(old[0]).toMatchObject({ name: '陈志远', found: 1, values: 3 })
    expect(await home.db.read(home.tenant, (tx) => traceRows(tx, [['没有这个人', '13999999999']]))).toEqual([])
  })

  it('K9 what cannot be entered into the ledger does not leave', async () => {
    await home.db.mutate(home.tenant, (tx) => tx.query('alter table {t}.export rename to export_away'))
    const refused = await take(home.people.admin, 'lead', { filter: filter('水印一'), fields: 'name', format: 'csv' })
    expect([refused.status, refused.raw.toString('utf8').includes('带水印')]).toEqual([500, false])
    await home.db.mutate(home.tenant, (tx) => tx.query('alter table {t}.export_away rename to export'))
  })
})

describe('papers', () => {
  it('K2 the parts of a contract in order, to the fen, in words', async () => {
    const { status, raw, headers } = await print(home.people.sales, 'contract', contract, 'contract_sheet')
    expect([status, headers['content-type'], String(headers['content-disposition'])]).toEqual([200, 'application/pdf', expect.stringMatching(/^inline; .*%E5%90%88%E5%90%8C/)])
    const text = await words(raw)
    for (const each of ['设备采购合同', '苏州精工机械有限公司', '星湖街 1 号', '¥100,000.30', '人民币壹拾万元叁角整', '¥40,000.06', '¥60,000.04', '三期付清', '第 1 页']) expect(text).toContain(each)
    expect(text.indexOf('第1期')).toBeLessThan(text.indexOf('第2期'))
  })

  it('K2 a statement counts what finance has confirmed', async () => {
    const values = { contract, amount: '40000.06', paid_on: '2026-11-20', method: 'transfer' }
    await made(home.people.finance, 'payment', { ...values, confirmed: true })
    await made(home.people.finance, 'payment', { ...values, amount: '7.77' })
    const text = await words((await print(home.people.finance, 'contract', contract, 'statement_sheet')).raw)
    expect(text).toContain('¥60,000.24')
    expect(text).toContain('陆万元贰角肆分')
    expect(text).not.toContain('7.77')
  })

  it('K1 what is hidden is not on the paper, and no sum rests on it', async () => {
    const role = await bodyOf<Role>('role', 'finance')
    const hidden = (object: string, field: string) => ({ ...role, objects: { ...role.objects, [object]: { ...role.objects[object], fields: { ...role.objects[object]!.fields, [field]: { read: 'hidden' } } } } })
    expect((await put('role', 'finance', hidden('payment', 'amount'))).status).toBe(200)
    const text = await words((await print(home.people.finance, 'contract', contract, 'statement_sheet')).raw)
    expect(text).toContain('合同金额')
    for (const gone of ['已收合计', '尚欠金额', '40,000.06\n']) expect(text).not.toContain(gone)
    expect((await put('role', 'finance', hidden('contract', 'amount'))).status).toBe(200)
    const bare = await words((await print(home.people.finance, 'contract', contract, 'contract_sheet')).raw)
    expect(bare).toContain('设备采购合同')
    for (const gone of ['100,000.30', '壹拾万元']) expect(bare).not.toContain(gone)
    await put('role', 'finance', role)
  })

  it('K3 K4 only for its roles and readers, and each print is logged', async () => {
    const before = (await logged()).length
    expect((await print(home.people.rival, 'contract', contract, 'contract_sheet')).status).toBe(404)
    expect((await print(home.people.sales, 'customer', customer, 'contract_sheet')).status).toBe(404)
    const template = await bodyOf<PrintTemplate>('print', 'contract_sheet')
    await put('print', 'contract_sheet', { ...template, roles: ['finance'] })
    expect((await print(home.people.sales, 'contract', contract, 'contract_sheet')).status).toBe(404)
    const offered = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/definitions')).body.prints.map(({ key }: { key: string }) => key)
    expect([(await offered(home.people.sales)).includes('contract_sheet'), (await offered(home.people.finance)).includes('contract_sheet')]).toEqual([false, true])
    expect((await print(home.people.finance, 'contract', contract, 'contract_sheet')).status).toBe(200)
    const rows = await logged()
    expect(rows.length).toBe(before + 1)
    expect(rows.at(-1)).toEqual({ ref: String(home.people.finance.id), fields: { print: [null, '合同'], object: [null, '合同'], record: [null, contract] } })
    await put('print', 'contract_sheet', template)
  })

  it('K12 the company’s letterhead stands on every paper, a template may say otherwise, and there is one', async () => {
    const head = { key: 'company', label: { zh: '公司抬头', en: 'Letterhead' }, name: '远山科技有限公司', address: '苏州工业园区 1 号', taxNo: '91000000DEMO' }
    expect((await put('letterhead', 'other', { ...head, key: 'other' })).body.error).toMatchObject({ code: 'DEFINITION_INVALID', path: 'key' })
    const template = await bodyOf<PrintTemplate>('print', 'visit_sheet')
    const paper = async (block: object) => (await home.ask(home.people.admin, 'POST', '/api/v1/prints/preview', { template: { ...template, footer: '{{$company}}', blocks: [{ kind: 'company', ...block }] }, id: customer })).body.paper
    expect((await paper({})).parts[0]).toMatchObject({ name: 'Test', lines: [] })
    expect((await put('letterhead', 'company', head)).status).toBe(200)
    expect(await paper({})).toMatchObject({ footer: '远山科技有限公司', parts: [{ name: '远山科技有限公司', lines: ['地址：苏州工业园区 1 号', '税号：91000000DEMO'] }] })
    expect((await paper({ address: '上海分公司' })).parts[0]).toMatchObject({ name: '远山科技有限公司', lines: ['地址：上海分公司', '税号：91000000DEMO'] })
    await home.ask(home.people.admin, 'DELETE', '/api/v1/definitions/letterhead/company')
    expect((await paper({})).parts[0]).toMatchObject({ name: 'Test' })
  })

  it('K5 a template is checked, and previewed before it is saved', async () => {
    const template = await bodyOf<PrintTemplate>('print', 'visit_sheet')
    const wrong = (block: object) => put('print', 'visit_sheet', { ...template, blocks: [block] })
    for (const block of [{ kind: 'text', text: '{{nothing}}' }, { kind: 'text', text: '{{$nobody}}' }, { kind: 'text', text: '{{name.x}}' }, { kind: 'table', object: 'payment', via: 'contract', columns: ['amount'] }, { kind: 'fields', columns: 1, fields: [{ field: 'owner.x' }] }]) expect((await wrong(block)).body.error).toMatchObject({ code: 'DEFINITION_INVALID', path: expect.stringContaining('blocks.0') })
    expect((await put('print', 'visit_sheet', { ...template, roles: ['nobody'] })).body.error).toMatchObject({ path: 'roles.0' })
    const preview = (who: Person, more: object = {}) => home.ask(who, 'POST', '/api/v1/prints/preview', { template: { ...template, blocks: [{ kind: 'heading', text: '{{name}} · {{$company}}', level: 1 }] }, ...more })
    expect((await preview(home.people.admin, { id: customer })).body.paper.parts).toEqual([{ kind: 'heading', text: '苏州精工机械有限公司 · Test', level: 1 }])
    expect((await preview(home.people.sales)).status).toBe(403)
  })
})
