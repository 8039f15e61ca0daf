import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'

const isRoot = process.getuid?.() === 0
const onLinux = process.platform === 'linux'

let folder: string
let dataDir: string
const started: Embedded[] = []
const owners: ChildProcess[] = []

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'nextmove-embedded-'))
  fs.chmodSync(folder, 0o755)
  dataDir = path.join(folder, 'postgres')
  const first = await start({ initdbArgs: ['--no-sync'] })
  await ask(first, 'create table kept (n int); insert into kept values (1)')
  await first.stop()
})

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()))
  owners.splice(0).forEach((each) => each.kill('SIGKILL'))
})

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

test('E1 Chinese has trigrams and pinyin order, and data outlive the server', async () => {
  const server = await start()
  expect(await ask(server, 'select n from kept')).toEqual([[1]])
  await ask(server, 'create extension if not exists pg_trgm')
  expect(await ask(server, `select cardinality(show_trgm('杭州智康医疗'))`)).toEqual([[7]])
  expect(await ask(server, `select string_agg(n, '' order by n collate "zh-x-icu") from unnest('{张,王,阿,李}'::text[]) n`)).toEqual([['阿李王张']])
  expect(await ask(server, `select current_setting('data_checksums'), current_setting('listen_addresses')`)).toEqual([['on', '']])
})

test('E2 a second start is refused and names process and address', async () => {
  const first = await start()
  first.announce('http://127.0.0.1:7777')
  await expect(start()).rejects.toMatchObject({
    code: 'already-running',
    message: expect.stringMatching(new RegExp(`${process.pid}.*http://127.0.0.1:7777`)),
  })
  expect(await ask(first, 'select n from kept')).toEqual([[1]])
})

test('E2 a second start is refused while another process owns the folder', async () => {
  const owner = await ownerProcess()
  await expect(start()).rejects.toMatchObject({ code: 'already-running', message: expect.stringContaining(String(owner.pid)) })
})

test('E3 after kill -9 of the owner the folder is free and data are there', async () => {
  const owner = await ownerProcess()
  owner.kill('SIGKILL')
  await new Promise((ended) => owner.once('exit', ended))
  const server = await start()
  expect(await ask(server, 'select n from kept')).toEqual([[1]])
})

test.runIf(onLinux)('E4 a server that outlived its owner is taken over', async () => {
  const former = await start()
  const command = fs.readFileSync(`/proc/${former.pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  await former.stop()
  const orphan = await orphanOf(command)
  const server = await start()
  expect(server).toMatchObject({ adopted: true, pid: orphan.pid })
  expect(await ask(server, 'select n from kept')).toEqual([[1]])
  await server.stop()
  expect(await server.exited).toBeNull()
})

test('E5 kill -9 of PostgreSQL is told, and the next start recovers', async () => {
  const server = await start()
  await ask(server, 'insert into kept values (2)')
  process.kill(server.pid, 'SIGKILL')
  expect(await server.exited).toBeNull()
  await server.stop()
  const next = await start()
  expect(await ask(next, 'select n from kept order by n')).toEqual([[1], [2]])
  await ask(next, 'delete from kept where n = 2')
})

test("E6 somebody else's process in the pid file does not matter", async () => {
  fs.writeFileSync(path.join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n1700000000\n5432\n/tmp\n\n\nready   \n`)
  const server = await start()
  expect(server).toMatchObject({ adopted: false })
})

test('E7 a half-made cluster is made anew', async () => {
  const half = path.join(folder, 'half')
  fs.mkdirSync(`${half}.init/base`, { recursive: true })
  fs.writeFileSync(`${half}.init/PG_VERSION`, '18\n')
  const server = await start({ dataDir: half, initdbArgs: ['--no-sync'] })
  expect(await ask(server, 'select 1')).toEqual([[1]])
  expect(fs.existsSync(`${half}.init`)).toBe(false)
})

test('E8 a folder with other files is refused and left alone', async () => {
  const photos = path.join(folder, 'photos')
  fs.mkdirSync(photos)
  fs.writeFileSync(path.join(photos, 'one.jpg'), 'x')
  await expect(start({ dataDir: photos })).rejects.toMatchObject({ code: 'data-unusable' })
  expect(fs.readdirSync(photos)).toEqual(['one.jpg'])
})

test.runIf(isRoot)("E9 somebody else's socket folder is not used", async () => {
  const usual = path.join(os.tmpdir(), `nextmove-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`)
  fs.mkdirSync(usual, { mode: 0o777 })
  fs.chownSync(usual, 65534, 65534)
  const server = await start()
  expect(server.host).not.toBe(usual)
  expect(await ask(server, 'select 1')).toEqual([[1]])
  await server.stop()
  fs.rmdirSync(usual)
})

test.runIf(isRoot)('E10 a cluster below a private folder moves out and is found after the clone moved', async () => {
  const clone = path.join(folder, 'clone')
  fs.mkdirSync(clone, { mode: 0o700 })
  const first = await start({ dataDir: path.join(clone, 'data/postgres'), initdbArgs: ['--no-sync'] })
  expect(first.dataDir).toMatch(/^\/var\/lib\/nextmove\//)
  await ask(first, 'create table here ()')
  await first.stop()
  fs.renameSync(clone, path.join(folder, 'moved'))
  const moved = await start({ dataDir: path.join(folder, 'moved/data/postgres') })
  expect(await ask(moved, `select to_regclass('here') is not null`)).toEqual([[true]])
  await moved.stop()
  fs.rmSync(path.dirname(first.dataDir), { recursive: true })
})

test('E11 stop frees the folder, twice does no harm', async () => {
  const server = await start()
  await server.stop()
  await server.stop()
  expect(await server.exited).toBe(0)
  await start()
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, ...options })
  started.push(server)
  return server
}

async function ask(server: Embedded, query: string): Promise<unknown[][]> {
  const client = new pg.Client({ host: server.host, port: server.port, user: server.user, database: server.database })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: query, rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

async function ownerProcess(): Promise<ChildProcess> {
  const owner = spawn(process.execPath, [path.join(import.meta.dirname, 'testing/owner-process.ts'), dataDir])
  owners.push(owner)
  await new Promise((ready, broken) => owner.stdout.once('data', ready) && owner.once('exit', broken))
  return owner
}

/** The same PostgreSQL, started by nobody in particular. */
async function orphanOf([postgres, ...args]: string[]): Promise<ChildProcess> {
  const { uid, gid } = fs.statSync(dataDir)
  const sockets = args[args.indexOf('-k') + 1]!
  fs.mkdirSync(sockets, { mode: 0o700 })
  if (isRoot) fs.chownSync(sockets, uid, gid)
  const orphan = spawn(postgres!, args, { cwd: '/', detached: true, stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) })
  await expect.poll(() => fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8'), { timeout: 5000 }).toContain('ready')
  return orphan
}
