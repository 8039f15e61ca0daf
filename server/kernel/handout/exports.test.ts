import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { strFromU8, unzipSync } from 'fflate'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { updateMember } from '#kernel/members'
import { writeOrRefuse } from '#kernel/records'
import { advanceClock } from '#platform/db'
import { house, type House, type Person } from '../../api/testing/house.ts'
import { exportHands, tidyExports } from '../../start/exports.ts'
import { noteRows } from './ledger.ts'
import { takeJob } from './jobs.ts'
import { type ExportHands, type ExportNotice, makeExport, sweepExports, traceRows } from './index.ts'

let home: House
let told: ExportNotice[] = []
beforeAll(async () => {
  home = await house()
  await leads('后台导出', 650)
})
afterAll(() => home.close())
beforeEach(() => { told = [] })

const leads = (company: string, count: number) => home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'import' }),
  Array.from({ length: count }, (_, i) => ({ op: 'create' as const, object: 'lead', values: { name: `第${i}位`, company, phone: `+8613700${String(100000 + i)}`, est_amount: `${i}000.50` } }))))
const hands = (more: Partial<ExportHands['store']> = {}): ExportHands => ({ ...exportHands(home.db, home.api.files.store), store: { ...home.api.files.store, ...more }, tell: async (_, notice) => void told.push(notice) })
const filter = { field: 'company', op: 'eq', value: '后台导出' }
const ask = async (who: Person, body: object = {}): Promise<number> => {
  const answer = await home.ask(who, 'POST', '/api/v1/objects/lead/exports', { format: 'csv', filter, fields: ['name', 'phone', 'est_amount'], sort: 'est_amount', ...body })
  expect([answer.status, answer.body.error]).toEqual([201, undefined])
  return answer.body.no
}
const make = (more?: Partial<ExportHands['store']>) => makeExport(home.db, home.tenant, hands(more))
const taken = (who: Person, no: number) => home.ask(who, 'GET', `/api/v1/exports/${no}/file`)
const shown = async (who: Person, no: number) => (await home.ask(who, 'GET', '/api/v1/exports?limit=100')).body.items.find((each: { no: number }) => each.no === no)
const entered = async (no: number) => (await home.db.read(home.tenant, (tx) => tx.query<{ n: number }>('select count(*)::int as n from {t}.export_row where export = $1', [no])))[0]!.n
/** What lies in the store, each under its hash. */
const contents = (): string[] => readdirSync(path.join(home.filesFolder, home.tenant.key), { recursive: true }).map(String).filter((name) => /^[0-9a-f]{2}.[0-9a-f]{62}$/.test(name))
const state = (who: Person, state: 'active' | 'suspended') => home.db.mutate(home.tenant, async (tx) => updateMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), who.id, { state }))

/** Something happens while the file is being written: before its second piece of rows. */
const midway = (work: () => Promise<unknown>): Partial<ExportHands['store']> => ({ stage: (tenant, from, check) => home.api.files.store.stage(tenant, Readable.from((async function* () {
  let pieces = 0
  for await (const piece of from) { yield piece; if (++pieces === 3) await work() }
})()), check) })

describe('as PDF', () => {
  it('K13 the list on paper, who took it along across every page and below it, each row traced', async () => {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), fields: 'name,phone,est_amount', sort: 'created_at', format: 'pdf' })
    const { status, raw, headers } = await home.ask(home.people.admin, 'GET', `/api/v1/objects/lead/export?${query}`)
    expect([status, headers['content-type']]).toEqual([200, 'application/pdf'])
    const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(raw)), { mergePages: false })
    expect(totalPages).toBeGreaterThan(10)
    for (const [i, page] of text.entries()) {
      expect(page).toMatch(/周敏 \d{4}-\d\d-\d\d \d\d:\d\d 127\.0\.0\.1 E\d+/)
      expect(page).toContain(`第 ${i + 1} 页 / 共 ${totalPages} 页`)
      expect(page).toMatch(/姓名\s+手机\s+预估合同额/)
    }
    for (const each of ['第0位', '第649位', '137 0010 0649', '¥649,000.50']) expect(text.join('\n')).toContain(each)
    const [suspect] = await home.db.read(home.tenant, (tx) => traceRows(tx, [['第17位', '13700100017']]))
    expect(suspect).toMatchObject({ name: '周敏', format: 'pdf', found: 1 })
  })

  it('K13 what is too long for paper is refused before anything is entered', async () => {
    await leads('别的', 1_400)
    const before = await home.db.read(home.tenant, (tx) => tx.query<{ n: number }>('select count(*)::int as n from {t}.export'))
    const { body } = await home.ask(home.people.admin, 'GET', '/api/v1/objects/lead/export?fields=name&format=pdf')
    expect(body.error).toMatchObject({ code: 'EXPORT_TOO_LARGE', message: expect.stringContaining('2000') })
    expect(await home.db.read(home.tenant, (tx) => tx.query<{ n: number }>('select count(*)::int as n from {t}.export'))).toEqual(before)
  })
})

describe('in the background', () => {
  it('K14 entered first, made whole, told, and every row of it traced', async () => {
    const no = await ask(home.people.admin)
    expect(await shown(home.people.admin, no)).toMatchObject({ state: 'waiting', rows: 650, done: 0, mine: true })
    expect((await home.db.read(home.tenant, (tx) => tx.query<{ fields: Record<string, [null, unknown]> }>(`select fields from {t}.change where object = 'system:export' order by seq desc limit 1`)))[0]!.fields).toMatchObject({ number: [null, `E${no}`], rows: [null, 650] })
    expect(await make()).toBe(true)
    expect(await make()).toBe(false)
    expect(told).toEqual([expect.objectContaining({ member: home.people.admin.id, object: 'system:export', title: expect.stringMatching(/^导出好了：线索 .*\.csv$/) })])
    expect(await shown(home.people.admin, no)).toMatchObject({ state: 'done', done: 650, taken: 0 })
    const file = await taken(home.people.admin, no)
    const lines = file.raw.toString('utf8').trim().split('\r\n')
    expect([file.headers['content-type'], lines[0], lines.length, new Set(lines).size]).toEqual(['text/csv; charset=utf-8', '姓名,手机,预估合同额,导出水印', 651, 651])
    expect(lines[1]).toMatch(new RegExp(`^第0位,137 0010 0000,0\\.5,周敏 .* 127\\.0\\.0\\.1 E${no}$`))
    expect(await entered(no)).toBe(650)
  })

  it('K14 a workbook, with the rows and the order that were asked for', async () => {
    const no = await ask(home.people.admin, { format: 'xlsx', sort: '-est_amount', search: '第64' })
    await make()
    const sheet = strFromU8(unzipSync(new Uint8Array((await taken(home.people.admin, no)).raw))['xl/worksheets/sheet1.xml']!)
    expect(sheet.match(/<row /g)).toHaveLength(12)
    expect(sheet).toContain('<c r="C2"><v>649000.5</v></c>')
  })

  it('K14 not without the right, not what is hidden, and not more than a sheet takes', async () => {
    const refusedAs = async (who: Person, body: object) => (await home.ask(who, 'POST', '/api/v1/objects/lead/exports', { format: 'csv', ...body })).body.error.code
    expect(await refusedAs(home.people.sales, { fields: ['name'] })).toBe('FORBIDDEN')
    expect(await refusedAs(home.people.admin, { fields: ['nothing'] })).toBe('FIELD_NOT_AVAILABLE')
  })

  it('K15 its maker alone, for seven days, while they may still export; each download is logged', async () => {
    const no = await ask(home.people.director)
    await make()
    const logged = async () => (await home.db.read(home.tenant, (tx) => tx.query<{ n: number }>(`select count(*)::int as n from {t}.change where object = 'system:export' and fields->'taken'->>1 is not null and fields->'number'->>1 = $1`, [`E${no}`])))[0]!.n
    expect([(await taken(home.people.admin, no)).body.error.code, (await taken(home.people.sales, no)).body.error.code, await logged()]).toEqual(['EXPORT_GONE', 'EXPORT_GONE', 0])
    expect((await taken(home.people.director, no)).status).toBe(200)
    expect([await logged(), (await shown(home.people.director, no)).taken]).toEqual([1, 1])
    expect((await home.ask(home.people.sales, 'GET', '/api/v1/exports?whose=all')).body.error.code).toBe('FORBIDDEN')
    expect((await home.ask(home.people.admin, 'GET', '/api/v1/exports?whose=all')).body.items.find((each: { no: number }) => each.no === no)).toMatchObject({ mine: false, member: home.people.director.id })
    const role = (await home.ask(home.people.admin, 'GET', '/api/v1/definitions/role/director')).body.body
    const { export: _, ...lead } = role.objects.lead
    await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/director', { body: { ...role, objects: { ...role.objects, lead } } })
    expect((await taken(home.people.director, no)).body.error.code).toBe('FORBIDDEN')
    await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/director', { body: role })
    expect((await taken(home.people.director, no)).status).toBe(200)
  })

  it('K16 stopped, suspended or without the right any more: it ends at the next page, and nothing of it is left', async () => {
    const kept: string[] = []
    const watching = (work: () => Promise<unknown>) => ({ ...midway(work), keep: async () => void kept.push('kept') })
    const stopped = await ask(home.people.admin)
    await make(watching(() => home.ask(home.people.admin, 'POST', `/api/v1/exports/${stopped}/stop`, {})))
    expect([(await shown(home.people.admin, stopped)).state, await entered(stopped), told.length]).toEqual(['cancelled', 0, 0])

    const suspended = await ask(home.people.director)
    await make(watching(() => state(home.people.director, 'suspended')))
    expect(await entered(suspended)).toBe(0)
    expect((await home.ask(home.people.admin, 'GET', '/api/v1/exports?whose=all')).body.items.find((each: { no: number }) => each.no === suspended)).toMatchObject({ state: 'failed', trouble: '账号已停用' })
    await state(home.people.director, 'active')
    expect(kept).toEqual([])
  })

  it('K16 who sees less than when it began gets it anew, as they see it now', async () => {
    const role = (await home.ask(home.people.admin, 'GET', '/api/v1/definitions/role/director')).body.body
    const hiding = { ...role, objects: { ...role.objects, lead: { ...role.objects.lead, fields: { ...role.objects.lead.fields, phone: { read: 'last4' } } } } }
    const no = await freshly(ask)
    await make(midway(async () => expect((await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/director', { body: hiding })).status).toBe(200)))
    expect((await shown(await director(), no)).state).toBe('waiting')
    await make()
    expect(await entered(no)).toBe(650)
    const text = (await taken(await director(), no)).raw.toString('utf8')
    expect(text).not.toContain('137 0010 0000')
    expect(text.trim().split('\r\n')).toHaveLength(651)
    await home.ask(home.people.admin, 'PUT', '/api/v1/definitions/role/director', { body: role })
  })

  it('K16 a download that is under way ends at the next page, too', async () => {
    const { mutate } = home.db
    let pages = 0
    home.api.db = { ...home.db, mutate: async (tenant, work) => { if (++pages === 3) await state(home.people.admin, 'suspended'); return mutate(tenant, work) } }
    const answer = await home.ask(home.people.admin, 'GET', `/api/v1/objects/lead/export?${new URLSearchParams({ filter: JSON.stringify(filter), fields: 'name', format: 'csv' })}`).catch(() => null)
    home.api.db = home.db
    await state(home.people.admin, 'active')
    expect(answer?.raw.toString('utf8') ?? '').not.toContain('第649位')
    expect(pages).toBe(3)
  })

  it('K17 left by whoever was at it, it is begun anew from its first row; the fourth time it says that it failed', async () => {
    const no = await freshly(ask)
    const dies = async () => home.db.mutate(home.tenant, async (tx) => {
      const job = await takeJob(tx, crypto.randomUUID())
      await noteRows(tx, job!.no, [{ record: '01900000-0000-7000-8000-000000000000', cells: ['走了一半'] }])
      await tx.query(`update {t}.export_job set leased_until = clock_timestamp() - interval '1 second' where no = $1`, [job!.no])
    })
    await dies()
    expect(await make()).toBe(true)
    expect([(await shown(await director(), no)).state, await entered(no)]).toEqual(['done', 650])
    const never = await ask(await director())
    for (let i = 0; i < 3; i++) await dies()
    await make()
    expect(await shown(await director(), never)).toMatchObject({ state: 'failed', trouble: expect.stringContaining('系统出错') })
    expect([await entered(never), told.at(-1)!.title]).toEqual([0, expect.stringMatching(/^没有导出成/)])
  })

  it('K19 what was made and never offered goes: its maker died, or it was stopped, at the last moment', async () => {
    const [who, { store }] = [await director(), home.api.files]
    const released = (no: number) => home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.export_job set leased_until = clock_timestamp() - interval '1 second' where no = $1`, [no]))
    const [before, no] = [contents(), await ask(who)]
    await expect(make({ keep: async (...given) => { await store.keep(...given); throw Object.assign(new Error('gone'), { code: '57P01' }) } })).rejects.toThrow('gone')
    expect([contents().length, (await taken(who, no)).body.error.code]).toEqual([before.length + 1, 'EXPORT_GONE'])
    await released(no)
    expect(await make()).toBe(true)
    expect([(await shown(who, no)).state, contents().length]).toEqual(['done', before.length + 1])

    const stopped = await ask(who)
    await make({ keep: async (...given) => { await store.keep(...given); await home.ask(who, 'POST', `/api/v1/exports/${stopped}/stop`, {}) } })
    expect([(await shown(who, stopped)).state, contents().length]).toEqual(['cancelled', before.length + 1])
    const dead = await ask(who)
    await expect(make({ keep: async (...given) => { await store.keep(...given); throw Object.assign(new Error('gone'), { code: '57P01' }) } })).rejects.toThrow('gone')
    await home.ask(who, 'POST', `/api/v1/exports/${dead}/stop`, {})
    await tidyExports(home.db, store, home.tenant)
    expect(contents().length).toBe(before.length + 1)
  })

  it('K19 kill −9 anywhere, again and again: whole files are offered, or none', async () => {
    const [who, before, numbers] = [await director(), new Set(contents()), [] as number[]]
    for (const format of ['csv', 'xlsx', 'csv']) numbers.push(await ask(who, { format }))
    const config = JSON.stringify((home.db.pool as unknown as { options: object }).options, ['host', 'port', 'user', 'password', 'database'])
    const free = () => home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.export_job set leased_until = clock_timestamp() - interval '1 second', attempts = least(attempts, 2) where state = 'running'`))
    for (let kill = 0; kill < 4; kill++) {
      const one = spawn(process.execPath, [path.join(import.meta.dirname, 'testing/exports-process.ts')], { env: { ...process.env, EXPORT_DB: config, EXPORT_TENANT: home.tenant.key, EXPORT_FILES: home.filesFolder }, stdio: ['ignore', 'pipe', 'inherit'] })
      const over = new Promise((resolve) => one.once('exit', resolve))
      await new Promise((resolve) => one.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 120))
      one.kill('SIGKILL')
      await over
      await free()
      const offered = await Promise.all(numbers.map(async (no) => { const done = (await shown(who, no)).state === 'done'; return done === ((await taken(who, no)).status === 200) }))
      expect(offered).toEqual(numbers.map(() => true))
    }
    while (await make()) { /* as long as there is more */ }
    const made = await Promise.all(numbers.map(async (no) => ({ file: (await taken(who, no)).raw, state: (await shown(who, no)).state, rows: await entered(no) })))
    expect(made.map(({ state, rows }) => [state, rows])).toEqual(numbers.map(() => ['done', 650]))
    expect(made[0]!.file.toString('utf8').trim().split('\r\n')).toHaveLength(651)
    // One content each, and each is what its name says.
    const added = contents().filter((each) => !before.has(each))
    expect(added.map((each) => createHash('sha256').update(readFileSync(path.join(home.filesFolder, home.tenant.key, each))).digest('hex')).sort()).toEqual(made.map(({ file }) => createHash('sha256').update(file).digest('hex')).sort())
  }, 60_000)

  it('K18 whoever audits pastes rows and is told which export; it stands in the log, and nobody else may', async () => {
    const rows = [['第300位', '137-0010-0300'], ['13700100301', '第301位']]
    expect((await home.ask(home.people.sales, 'POST', '/api/v1/exports/trace', { rows })).body.error.code).toBe('FORBIDDEN')
    const { body } = await home.ask(home.people.admin, 'POST', '/api/v1/exports/trace', { rows })
    expect(body.suspects[0]).toMatchObject({ found: 2, values: 4, kept: false })
    // What was made and never downloaded is not what leaked.
    expect(body.suspects.at(-1)).toMatchObject({ kept: true })
    const [log] = await home.db.read(home.tenant, (tx) => tx.query<{ fields: object }>(`select fields from {t}.change where object = 'system:tracing' order by seq desc limit 1`))
    expect(log!.fields).toMatchObject({ rows: [null, 2], exports: [null, expect.stringContaining('E')] })
  })

  it('K15 after seven days it is gone', async () => {
    const no = await freshly(ask)
    await make()
    await advanceClock(home.db, home.tenant, 6 * 86_400_000)
    expect((await taken(await director(), no)).status).toBe(200)
    await advanceClock(home.db, home.tenant, 86_400_000)
    expect((await taken(await director(), no)).body.error.code).toBe('EXPORT_GONE')
    expect((await home.db.mutate(home.tenant, sweepExports)).length).toBeGreaterThan(0)
    expect((await shown(await director(), no)).state).toBe('gone')
  })
})

/** Suspension has ended the director's session. */
async function director(): Promise<Person> {
  const { PASSWORD } = await import('../../api/testing/house.ts')
  const answer = await home.ask(null, 'POST', '/api/v1/auth/sign-in', { account: 'director@example.com', password: PASSWORD })
  return { id: home.people.director.id, cookie: String(answer.headers['set-cookie']).split(';')[0]!, csrf: answer.body.csrf }
}
const freshly = async (work: (who: Person) => Promise<number>): Promise<number> => work(await director())
