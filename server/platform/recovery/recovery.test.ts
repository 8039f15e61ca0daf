import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { asOwner, createTenant, type Embedded, migrate, openDatabase, type OpenDatabase, startEmbedded } from '#platform/db'
import { carriedOf, carry, carryAll, copies, type Copy, forget, type Kept, makeCopy, mirror, prove, prune, recover, type Recovered, type Seen, shed, unbroken } from './index.ts'

let folder: string
let server: Embedded
let db: OpenDatabase
let kept: Kept
let copy: Copy
/** A hundred rows stood in the copy, a hundred came after, then all were deleted. */
let moment: Date
const back: Recovered[] = []

beforeAll(async () => {
  // A path that no shell would understand.
  folder = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), `nextmove 恢复'%f-`))
  fs.chmodSync(folder, 0o755)
  server = await startEmbedded({ dataDir: path.join(folder, 'postgres'), initdbArgs: ['--no-sync'], settings: FAST, keepLog: true })
  db = databaseOf(server)
  await migrate(db)
  await createTenant(db, { key: 'firm', name: '公司' })
  await ask('create table nextmove.kept (n int primary key)')
  kept = { dataDir: server.dataDir, spool: server.log!.spool, home: path.join(folder, 'backups', server.log!.branch) }
  await add(1, 100)
  let going = true
  const traffic = (async () => { for (let n = 1_000; going; n++) await add(n, n) })()
  copy = await makeCopy(db, kept)
  going = false
  await traffic
  await ask('delete from nextmove.kept where n > 999')
  moment = await add(101, 200)
  await pause(20)
  await ask('delete from nextmove.kept')
  await carryAll(db, kept)
  for (let n = 0; n < 4; n++) { await add(301 + n, 301 + n); await carryAll(db, kept) }
  await ask('delete from nextmove.kept')
  await carryAll(db, kept)
})
afterEach(async () => { for (const { db: each, server: own } of back.splice(0)) { await each.close(); await own.stop() } })
afterAll(async () => { await db.close(); await server.stop(); fs.rmSync(folder, { recursive: true, force: true }) })

const FAST = { fsync: 'off', shared_buffers: '32MB' }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const databaseOf = ({ host, port, user, database }: Embedded): OpenDatabase => openDatabase({ host, port, user, database, max: 4 })
const ask = <R = Record<string, unknown>>(sql: string, on: OpenDatabase = db): Promise<R[]> => asOwner(on, (query) => query<R>(sql))
const count = (on: OpenDatabase) => ask<{ n: number }>('select count(*) as n from nextmove.kept', on).then(([row]) => row!.n)
async function add(from: number, to: number): Promise<Date> {
  await ask(`insert into nextmove.kept select generate_series(${from}, ${to})`)
  return (await ask<{ at: Date }>('select clock_timestamp() as at'))[0]!.at
}
async function recovered(name: string, until: Parameters<typeof recover>[1], from: Copy = copy): Promise<Recovered> {
  const to = path.join(folder, name, 'postgres')
  fs.mkdirSync(path.dirname(to))
  const made = await recover({ copy: from, home: kept.home, to }, until)
  back.push(made)
  return made
}

test('R1 R2 a moment comes back, in a folder of its own', async () => {
  const made = await recovered('moment', moment)
  expect(made).toMatchObject({ reached: true })
  expect(made.last!.getTime()).toBeLessThanOrEqual(moment.getTime())
  expect([await count(made.db), await count(db)]).toEqual([200, 0])
})

test('R10 no more of the log is unpacked than the moment needs, whatever its pieces say of their age', async () => {
  const all = unbroken(await carriedOf(kept.home), copy.head.from, copy.head.segmentBytes)
  const made = await recovered('some', moment)
  expect([made.reached, await count(made.db), made.pieces < all.length - 3]).toEqual([true, 200, true])
  const young = new Date(Date.now() + 3_600_000)
  for (const name of all) fs.utimesSync(path.join(kept.home, 'wal', `${name}.zst`), young, young)
  const again = await recovered('young', moment)
  expect([again.reached, await count(again.db), again.pieces < all.length]).toEqual([true, 200, true])
})

test('R3 a moment after the last commit: everything, and until when the log goes', async () => {
  const made = await recovered('later', new Date(Date.now() + 60_000))
  expect(made).toMatchObject({ reached: false, last: expect.any(Date) })
  expect(await count(made.db)).toBe(0)
})

test('R4 a copy is proved, a damaged one and one without its log are not', async () => {
  expect(await prove(kept, copy)).toBeGreaterThanOrEqual(100)
  expect(fs.readdirSync(folder).filter((name) => name.includes('proof'))).toEqual([])
  const damaged = path.join(folder, 'damaged')
  fs.cpSync(copy.folder, damaged, { recursive: true })
  const bytes = fs.readFileSync(path.join(damaged, 'base.tar.zst'))
  bytes[bytes.length - 40]! ^= 1
  fs.writeFileSync(path.join(damaged, 'base.tar.zst'), bytes)
  await expect(prove(kept, { ...copy, folder: damaged })).rejects.toThrow(/不符|zstd|checksum|corrupt/i)
  await expect(prove({ ...kept, home: path.join(folder, 'elsewhere') }, copy)).rejects.toThrow(copy.head.from)
})

test('R5 a piece is carried once, a different one is refused, an empty one is small', async () => {
  const wal = path.join(kept.home, 'wal')
  const [first] = await carriedOf(kept.home)
  const again = fs.readdirSync(wal).filter((name) => /^[0-9A-F]{24}\.zst$/.test(name)).map((name) => fs.statSync(path.join(wal, name)).size)
  expect(Math.min(...again)).toBeLessThan(20_000)
  const different = path.join(kept.spool, first!)
  fs.writeFileSync(different, 'something else')
  await expect(carry(kept.spool, kept.home)).rejects.toThrow(first!)
  expect(fs.existsSync(different)).toBe(true)
  fs.rmSync(different)
  expect(unbroken(['000000010000000A000000FE', '000000010000000A000000FF', '000000010000000B00000000', '000000010000000B00000002'], '000000010000000A000000FE', 16 * 2 ** 20)).toHaveLength(3)
})

test('R9 attachments lie beside it, and go after their days; what waits gives way to the disk', async () => {
  const [from, to, file] = [path.join(folder, 'files'), path.join(folder, 'mirrored'), path.join('firm', 'ab', 'cdef')]
  fs.mkdirSync(path.join(from, 'firm', 'ab'), { recursive: true })
  fs.writeFileSync(path.join(from, file), '附件')
  const seen: Seen = new Map()
  expect([await mirror(from, to, seen), await mirror(from, to, seen), fs.readFileSync(path.join(to, file), 'utf8')]).toEqual([1, 0, '附件'])
  fs.rmSync(path.join(from, file))
  await forget(from, to, 1)
  const back = path.join(folder, 'files again')
  expect([await mirror(to, back), fs.readFileSync(path.join(back, file), 'utf8')]).toEqual([1, '附件'])
  await forget(from, to, 0)
  expect(fs.readdirSync(path.join(to, 'firm', 'ab'))).toEqual([])
  const spool = path.join(folder, 'spool')
  fs.mkdirSync(spool)
  fs.writeFileSync(path.join(spool, '000000010000000000000001'), 'x'.repeat(1_000))
  expect([await shed(spool), await shed(spool, { most: 999 }), fs.readdirSync(spool)]).toEqual([false, true, []])
})

test('R7 a copy that fails leaves nothing', async () => {
  const home = path.join(folder, 'failing')
  fs.mkdirSync(home)
  fs.writeFileSync(path.join(home, 'wal'), 'no folder')
  await expect(makeCopy(db, { ...kept, home })).rejects.toThrow('EEXIST')
  expect(fs.readdirSync(path.join(home, 'copies'))).toEqual([])
  await ask('select 1')
})

test('R6 what is no longer needed goes', async () => {
  await carryAll(db, kept)
  const newer = await makeCopy(db, kept)
  fs.mkdirSync(path.join(kept.home, 'copies', 'now.part'))
  expect(await prune(kept.home, 1)).toBe(0)
  fs.rmdirSync(path.join(kept.home, 'copies', 'now.part'))
  expect(await prune(kept.home, 1)).toBeGreaterThan(0)
  expect((await copies(kept.home)).map((each) => each.folder)).toEqual([newer.folder])
  expect((await carriedOf(kept.home))[0]! >= newer.head.from).toBe(true)
  copy = newer
  const earlier = (n: number, at: string) => { const to = path.join(kept.home, 'copies', at.replaceAll(/[:.]/g, '-')); fs.cpSync(newer.folder, to, { recursive: true }); fs.writeFileSync(path.join(to, 'copy.json'), JSON.stringify({ ...newer.head, at, n })); return to }
  const [first, second, third] = [earlier(1, '2026-01-01T02:00:00.000Z'), earlier(2, '2026-01-02T02:00:00.000Z'), earlier(3, '2026-01-02T09:00:00.000Z')]
  await prune(kept.home, 3)
  expect((await copies(kept.home)).map((each) => each.folder)).toEqual([newer.folder, third, first])
  expect(fs.existsSync(second!)).toBe(false)
  await prune(kept.home, 1)
})

test('R8 the log is kept whoever starts the cluster; a restored one begins anew', async () => {
  const setting = (on: OpenDatabase) => ask<{ mode: string }>(`select current_setting('archive_mode') as mode`, on).then(([row]) => row!.mode)
  const made = await recovered('anew', 'end')
  expect([await setting(made.db), made.server.log]).toEqual(['off', null])
  await made.db.close()
  await made.server.stop()
  back.pop()
  const { dataDir } = made.server
  const begun = await startEmbedded({ dataDir, settings: FAST, keepLog: true })
  expect(begun.log!.branch).not.toBe(server.log!.branch)
  await begun.stop()
  const again = await startEmbedded({ dataDir, settings: FAST })
  const on = databaseOf(again)
  expect([await setting(on), again.log]).toEqual(['on', begun.log])
  await on.close()
  await again.stop()
})
