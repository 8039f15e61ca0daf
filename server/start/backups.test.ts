import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { sealSecrets } from '#kernel/members'
import { type Intent, writeOrRefuse } from '#kernel/records'
import { sealNext, verifyLog } from '#kernel/sealing'
import { openSigner, trustedKeys } from '#platform/crypto'
import { createTenant, loadArchive, signingRoot, type Tenant } from '#platform/db'
import { loadSolution } from '../../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'
import { openAnchors } from './anchors.ts'
import { alarmIfLate, backUp, newestBackup, openBackups, restore } from './backups.ts'
import { release } from './hold.ts'

let home: FreshTenant
let folder: string
const places = () => ({ backupDir: path.join(folder, 'backups'), filesDir: path.join(folder, 'files'), anchorDir: path.join(folder, 'seal') })
beforeEach(async () => { home = await freshTenant({ solution: loadSolution('crm') }); folder = mkdtempSync(path.join(tmpdir(), 'nextmove-backup-')) })
afterEach(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

const write = (intents: Intent[]) => home.db.mutate(home.tenant, async (tx) => void (await writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'definition' }), intents)))
const leads = (n: number, name: string): Intent[] => Array.from({ length: n }, (_, i) => ({ op: 'create', object: 'lead', values: { name: `${name}${i}`, phone: `+8613800${String(10_000 + i)}`, company: '引号"\\,换\n行', est_amount: `${i}.10` }, tags: ['高意向'] }))

/** Every row of every table, and what the tables are made of. */
async function everything({ schema }: Tenant): Promise<Record<string, unknown>> {
  const ask = async (sql: string) => (await home.db.pool.query(`set role none; ${sql}; set role nextmove_app`) as unknown as { rows: Record<string, unknown>[] }[])[1]!.rows
  const tables = (await ask(`select tablename as t from pg_tables where schemaname = '${schema}' order by 1`)).map(({ t }) => String(t))
  const rows: Record<string, unknown> = {}
  for (const table of tables) rows[table] = (await ask(`select count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as sum from "${schema}"."${table}" t`))[0]
  rows['$columns'] = await ask(`select table_name, column_name, data_type, column_default, is_nullable, collation_name, is_identity from information_schema.columns where table_schema = '${schema}' order by table_name, column_name`)
  rows['$indexes'] = (await ask(`select indexname, indexdef from pg_indexes where schemaname = '${schema}' order by 1`))
  return rows
}

test('a tenant comes back as it was, its log proved, its deliveries and timers held', async () => {
  const [signer, anchors] = [openSigner(places().anchorDir), openAnchors(places().anchorDir)]
  const seal = async (tenant: Tenant) => { const sealed = await home.db.mutate(tenant, (tx) => sealNext(tx, signer, anchors.head(tenant))); if (sealed) { anchors.setHead(tenant, sealed.anchor); anchors.add(tenant, sealed.anchor) } return sealed }
  await write(leads(120, '备份'))
  mkdirSync(path.join(places().filesDir, 'test', 'ab'), { recursive: true })
  writeFileSync(path.join(places().filesDir, 'test', 'ab', 'cdef'), '附件')
  await home.db.mutate(home.tenant, async (tx) => {
    await tx.query(`insert into {t}.outbox (channel, key, body, next_at, created_at) values ('webhook', 'k1', '{}', $1, $1)`, [tx.now])
    await tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ('due', $1::timestamptz - interval '1 hour', 'x', '{}'), ('later', $1::timestamptz + interval '1 hour', 'x', '{}')`, [tx.now])
  })
  await seal(home.tenant)
  const before = await everything(home.tenant)
  const { folder: made } = await backUp(home.db, home.tenant, places())
  expect(newestBackup(places(), home.tenant)!.folder).toBe(made)
  await write(leads(5, '之后'))
  await seal(home.tenant)
  rmSync(places().filesDir, { recursive: true })
  await expect(restore(home.db, made, places())).rejects.toThrow('--replace')
  expect(await restore(home.db, made, places(), { replace: true })).toMatchObject({ deliveries: 1, timers: 1 })
  const tenant = (await home.db.tenantByKey('test'))!
  expect(tenant).toMatchObject({ incarnation: 2, name: 'Test', demo: true })
  const after = await everything(tenant)
  for (const table of ['outbox', 'timer', 'held_timer']) { delete before[table]; delete after[table] }
  expect(after).toEqual(before)
  expect(readFileSync(path.join(places().filesDir, 'test', 'ab', 'cdef'), 'utf8')).toBe('附件')
  home.tenant = tenant
  await write(leads(2, '恢复后'))
  expect(await seal(tenant)).toMatchObject({ anchor: { incarnation: 2 } })
  const proof = await home.db.read(tenant, (tx) => verifyLog(tx, { keys: trustedKeys([places().anchorDir]), anchors: anchors.all(tenant) }))
  expect(proof.findings).toEqual([])
  expect(await release(home.db, tenant)).toEqual({ deliveries: 1, timers: 1 })
  await expect(home.db.mutate(tenant, (tx) => tx.query('delete from {t}.change'))).rejects.toMatchObject({ code: '42501' })
})

test('no secret that signs stands in a backup as it is', async () => {
  openSigner(places().anchorDir)
  const factor = Buffer.from('second-factor-of-周敏')
  const root = await home.db.mutate(home.tenant, async (tx) => {
    await tx.query(`insert into {t}.two_factor (member, secret, begun_at) values (1, $1, now())`, [factor])
    const before = await signingRoot(tx)
    await sealSecrets(tx)
    expect(await signingRoot(tx)).toEqual(before)
    return before!
  })
  const { folder: made } = await backUp(home.db, home.tenant, places())
  const files = readdirSync(made, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => readFileSync(path.join(each.parentPath, each.name)))
  const unpacked = files.map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes))
  // The definitions are there to be read: it is the archive that was looked through.
  expect(unpacked.some((bytes) => bytes.includes('第一次跟进') || bytes.includes('lead'))).toBe(true)
  const pem = readFileSync(path.join(places().anchorDir, 'seal.key'), 'utf8').split('\n')[1]!
  for (const secret of [root, factor, Buffer.from(pem, 'base64')]) for (const said of [secret.toString('latin1'), secret.toString('hex'), secret.toString('base64')]) {
    expect(unpacked.filter((bytes) => bytes.includes(Buffer.from(said, 'latin1')))).toEqual([])
  }
})

test('what was damaged is not restored, and nothing living goes', async () => {
  await write(leads(3, '完好'))
  const { folder: made } = await backUp(home.db, home.tenant, places(), { check: false })
  const file = path.join(made, 'o_lead.rows.gz')
  writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).toString().replace('完好1', '篡改1')))
  await expect(loadArchive(home.db, made, { check: true })).rejects.toThrow('o_lead')
  await expect(restore(home.db, made, places(), { replace: true })).rejects.toThrow('o_lead')
  expect((await home.db.read(home.tenant, (tx) => tx.query('select from {t}.o_lead'))).length).toBe(3)
  appendFileSync(path.join(made, 'archive.json'), '')
  rmSync(path.join(made, 'archive.json'))
  await expect(restore(home.db, made, places(), { replace: true })).rejects.toThrow('归档')
  expect(newestBackup(places(), home.tenant)).toBeNull()
})

test('a tenant moves to a place where it has not been', async () => {
  const other = await createTenant(home.db, { key: 'my-firm', name: '我的公司' })
  await home.db.mutate(other, (tx) => tx.query(`insert into {t}.tag (key) values ('甲')`))
  const { folder: made } = await backUp(home.db, other, places())
  await home.db.pool.query(`set role none; drop schema "t_my-firm" cascade; delete from nextmove.tenant where key = 'my-firm'; delete from nextmove.migration where schema = 't_my-firm'; set role nextmove_app`)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await restore(home.db, made, places())
  const back = (await home.db.tenantByKey('my-firm'))!
  expect(back).toMatchObject({ name: '我的公司', incarnation: 2 })
  expect(await home.db.mutate(back, (tx) => tx.query(`insert into {t}.tag (key) values ('乙') returning id`))).toEqual([{ id: 2 }])
})

test('whoever looks after the installation hears once a day that the newest backup is too old', async () => {
  await home.db.mutate(home.tenant, async (tx) => {
    await tx.query(`insert into {t}.member (id, name, roles, created_at) values (1, '周敏', '{admin}', now()), (2, '李娜', '{sales}', now())`)
    await tx.query('update {t}.state set epoch = epoch + 1')
  })
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000)
  expect([await alarmIfLate(home.db, home.tenant, null), await alarmIfLate(home.db, home.tenant, ago(25))]).toEqual([false, false])
  expect([await alarmIfLate(home.db, home.tenant, ago(27)), await alarmIfLate(home.db, home.tenant, ago(28))]).toEqual([true, false])
  expect(await home.db.read(home.tenant, (tx) => tx.query('select member, title, object from {t}.notification'))).toEqual([{ member: 1, title: '超过 26 小时没有可用的备份', object: 'system:backup' }])
})

test('what is there is listed, and one more is made now', async () => {
  await write(leads(2, '列表'))
  const backups = openBackups(home.db, { places: places(), whole: null, log: { error: (trouble: unknown) => { throw trouble } } as never })
  expect(backups.list(home.tenant)).toEqual([])
  backups.make(home.tenant)
  backups.make(home.tenant)
  expect(backups.making(home.tenant)).toBe(true)
  await expect.poll(() => backups.making(home.tenant), { timeout: 20_000 }).toBe(false)
  expect(backups.list(home.tenant)).toMatchObject([{ rows: expect.any(Number), bytes: expect.any(Number) }])
})
