import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { enterAgain } from '#kernel/erasure'
import { type Intent, verifyTenant, writeOrRefuse } from '#kernel/records'
import { sealNext, verifyLog } from '#kernel/sealing'
import { applySolution } from '#kernel/solutions'
import { openSigner, trustedKeys } from '#platform/crypto'
import { createTenant, type Embedded, ids, migrate, openDatabase, type OpenDatabase, startEmbedded, type Tenant } from '#platform/db'
import { openStore } from '#platform/files'
import { LIBRARY } from '../../test/library.ts'
import { openAnchors } from './anchors.ts'
import { carryAll } from './erasures.ts'
import { release } from './hold.ts'
import { backTo, houseIn, type Houses } from './moment.ts'
import { copyWhole, homeOf, keepWhole } from './whole.ts'

let folder: string
let house: Houses
let server: Embedded
let db: OpenDatabase
let tenant: Tenant

beforeAll(async () => {
  folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nextmove-moment-'))
  chmodSync(folder, 0o755)
  const dataDir = path.join(folder, 'data')
  house = houseIn(dataDir, { dataDir, filesDir: path.join(dataDir, 'files'), backupDir: '', sealDir: '', anchorDir: '' })
  server = await startEmbedded({ dataDir: path.join(house.dataDir, 'postgres'), initdbArgs: ['--no-sync'], settings: { fsync: 'off', shared_buffers: '32MB' }, keepLog: true })
  db = databaseOf(server)
  await migrate(db)
  tenant = await createTenant(db, { key: 'firm', name: '公司' })
  await db.mutate(tenant, async (tx) => void (await applySolution({ tx, actor: { kind: 'system', reason: 'test' } }, LIBRARY)))
})
afterAll(async () => { await db.close(); await server.stop(); rmSync(folder, { recursive: true, force: true }) })

const databaseOf = ({ host, port, user, database }: Embedded): OpenDatabase => openDatabase({ host, port, user, database, max: 4 })
const kept = () => ({ dataDir: server.dataDir, spool: server.log!.spool, home: homeOf(house, server.log!.branch) })
const write = (intents: Intent[]) => db.mutate(tenant, async (tx) => void (await writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), intents)))
const readers = (n: number, name: string, from = 0): (Intent & { id: string })[] => Array.from({ length: n }, (_, i) => ({ op: 'create', object: 'reader', id: ids.next(), values: { name: `${name}${i}`, phone: `+8613800${String(10_000 + from + i)}` } }))
const now = async (): Promise<Date> => (await db.pool.query<{ at: Date }>('select clock_timestamp() as at')).rows[0]!.at
async function seal(on: OpenDatabase, of: Tenant, { anchorDir }: Houses): Promise<void> {
  const [signer, anchors] = [openSigner(anchorDir), openAnchors(anchorDir)]
  for (;;) { const sealed = await on.mutate(of, (tx) => sealNext(tx, signer, anchors.head(of))); if (!sealed) return; anchors.setHead(of, sealed.anchor); anchors.add(of, sealed.anchor) }
}
/** Of everything that people see: rows, and the log with its seal. */
const stateOf = async (on: OpenDatabase, of: Tenant, but: string): Promise<unknown> => (await on.read(of, (tx) => tx.query(`select (select md5(string_agg(r::text, '' order by id)) from {t}.o_reader r where id <> $1) as readers, (select count(*) from {t}.o_reader) as n, (select md5(string_agg(b::text, '' order by number)) from {t}.seal_block b where number <= 2) as seal`, [but])))[0]

test('the house goes back to a moment: everything is as it was, its log proved, nothing goes out by itself, who was erased since stays forgotten', async () => {
  const [early, late] = [readers(40, '早'), readers(20, '晚', 100)]
  const erased = late[3]!
  await write(early)
  await seal(db, tenant, house)
  await copyWhole(db, kept(), house.filesDir)
  await write(late)
  mkdirSync(path.join(house.filesDir, 'firm', 'ab'), { recursive: true })
  writeFileSync(path.join(house.filesDir, 'firm', 'ab', 'cdef'), '附件')
  await db.mutate(tenant, async (tx) => {
    await tx.query(`insert into {t}.outbox (channel, key, body, next_at, created_at) values ('webhook', 'k1', '{}', $1, $1)`, [tx.now])
    await tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ('due', $1::timestamptz - interval '1 hour', 'x', '{}'), ('later', $1::timestamptz + interval '1 hour', 'x', '{}')`, [tx.now])
  })
  await seal(db, tenant, house)
  const [before, moment] = [await stateOf(db, tenant, erased.id), await now()]
  await db.mutate(tenant, (tx) => enterAgain(tx, { no: ids.next(), object: 'reader', id: erased.id, records: [{ object: 'reader', id: erased.id }], everywhere: true, askedBy: 1, askedAt: tx.now, decidedBy: 2, decidedAt: tx.now } as never))
  expect(await carryAll(db, tenant, { anchorDir: house.anchorDir, store: openStore(house.filesDir) })).toBe(1)
  await write([...early, ...late].filter(({ id }) => id !== erased.id).map(({ id }) => ({ op: 'delete', object: 'reader', id })))
  await seal(db, tenant, house)

  const to = houseIn(path.join(folder, 'back'), house)
  const went = await backTo(moment, house, to)
  expect(went).toMatchObject({ reached: true, tenants: [{ tenant: { key: 'firm', incarnation: 2 }, deliveries: 1, timers: 1, erased: 1 }] })
  await expect(backTo(moment, house, to)).rejects.toThrow('--to')
  await expect(backTo(new Date(moment.getTime() - 3_600_000), house, houseIn(path.join(folder, 'early'), house))).rejects.toThrow('最早只能恢复到')

  const back = await startEmbedded({ dataDir: path.join(to.dataDir, 'postgres') })
  const there = databaseOf(back)
  try {
    const [its] = await there.tenants()
    expect(await stateOf(there, its!, erased.id)).toEqual(before)
    expect((await there.read(its!, (tx) => tx.query<{ name: string | null }>('select f_name as name from {t}.o_reader where id = $1', [erased.id])))[0]!.name ?? '').not.toContain('晚')
    expect(readFileSync(path.join(to.filesDir, 'firm', 'ab', 'cdef'), 'utf8')).toBe('附件')
    await seal(there, its!, to)
    const proof = await there.read(its!, (tx) => verifyLog(tx, { keys: trustedKeys([to.anchorDir]), anchors: openAnchors(to.anchorDir).all(its!) }))
    expect([proof.findings, (await there.read(its!, async (tx) => verifyTenant(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))).differences]).toEqual([[], []])
    expect(await release(there, its!, to.anchorDir)).toEqual({ deliveries: 1, timers: 1 })
  } finally {
    await there.close()
    await back.stop()
  }
  expect(await db.read(tenant, (tx) => tx.query<{ n: number }>('select count(*) as n from {t}.o_reader where gone_act is null'))).toEqual([{ n: 0 }])
})

test('what is known of it: from when on, until when, and what is amiss', async () => {
  const said: unknown[] = []
  const whole = keepWhole(db, { kept: kept(), places: house, log: { error: (...each: unknown[]) => void said.push(each) } as never })
  const before = await whole.facts()
  expect(before).toMatchObject({ state: 'kept', copies: [{ at: expect.any(Date) }], logAt: expect.any(Date), sameDisk: true })
  const wal = path.join(kept().home, 'wal')
  const lost = readdirSync(wal).filter((name) => name.endsWith('.zst')).sort().at(-2)!
  rmSync(path.join(wal, lost))
  expect(await whole.facts()).toMatchObject({ state: 'gap' })
  await whole.look()
  // A copy anew; on the same day it takes the place of the first.
  const after = await whole.facts()
  expect([after?.state, after!.copies[0]!.at > before!.copies[0]!.at]).toEqual(['kept', true])
  await whole.stop()
  expect(said).toEqual([])
})
