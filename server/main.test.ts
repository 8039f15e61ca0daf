import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')
const dataDir = mkdtempSync(path.join(tmpdir(), 'nextmove-main-'))
chmodSync(dataDir, 0o755)
const PORT = 3400 + (process.pid % 500)
const BASE = `http://127.0.0.1:${PORT}`
const env = { ...process.env, PORT: String(PORT), HOST: '127.0.0.1', DATA_DIR: dataDir, DATABASE_URL: '', NEXTMOVE_DATA: '', LOG_LEVEL: 'fatal', NODE_ENV: 'production' }

interface Running { child: ChildProcess; said(): string; ended: Promise<number | null> }
const running: Running[] = []

/** A server of its own on a data folder of its own; resolves when it is ready, with how long that took. */
async function begin(...args: string[]): Promise<Running & { ms: number }> {
  const began = performance.now()
  const child = spawn(process.execPath, [path.join(ROOT, 'server/main.ts'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const server = { child, said: () => text, ended }
  running.push(server)
  await until(async () => (child.exitCode !== null ? Promise.reject(new Error(text)) : (await fetch(`${BASE}/readyz`)).ok && text.includes('Ctrl-C')), 30_000)
  return { ...server, ms: performance.now() - began }
}

async function until(ready: () => Promise<boolean>, patience: number): Promise<void> {
  const late = performance.now() + patience
  for (;;) {
    const yes = await ready().catch((error: Error) => (error.message.includes('fetch failed') ? false : Promise.reject(error)))
    if (yes) return
    if (performance.now() > late) throw new Error('it took too long')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const cli = (...args: string[]) => spawnSync(process.execPath, [path.join(ROOT, 'server/cli.ts'), ...args], { env, encoding: 'utf8' })
const postgresPid = () => Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
const post = (url: string, body: unknown, headers: Record<string, string> = {}) => fetch(BASE + url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

let server: Running
let key: string
beforeAll(async () => { server = await begin('--test-clock') }, 60_000)
// A command run in between keeps this process from hearing that idle connections were closed: it hears now, before it uses one.
afterEach(() => new Promise((resolve) => setTimeout(resolve, 50)))
afterAll(async () => {
  for (const each of running) if (each.child.exitCode === null && each.child.signalCode === null) { each.child.kill('SIGTERM'); await each.ended }
  rmSync(dataDir, { recursive: true, force: true })
})

describe('an installation from its first minute', () => {
  it('H26 an empty folder prints a one-time link, and the link makes the company', async () => {
    const link = /http:\S+\/setup#(\S+)/.exec(server.said())!
    expect(link[0]).toContain(BASE)
    const answer = await post('/api/v1/auth/setup', { token: link[1], company: '远航科技', administrator: { name: '创始人', email: 'first@example.com', password: 'a good long phrase' }, solution: 'crm' })
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ email: 'first@example.com' })])
    expect((await (await fetch(`${BASE}/api/v1/auth/state`)).json())).toMatchObject({ setUp: true, tenant: { name: '远航科技' } })
  }, 30_000)

  it('H9 the command line works beside a running server and prints only the key', async () => {
    const made = cli('api-key', 'create', '--member', 'first@example.com', '--name', 'test')
    expect([made.status, made.stderr]).toEqual([0, ''])
    expect(made.stdout).toMatch(/^nm_main_[\w-]{43}\n$/)
    key = made.stdout.trim()
    expect((await fetch(`${BASE}/api/v1/auth/me`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    expect(cli('api-key', 'create', '--member', 'nobody@example.com', '--name', 'x')).toMatchObject({ status: 1, stdout: '' })
    expect(cli('member', 'add', '--name', '小新', '--email', 'new@example.com', '--roles', 'sales').stdout).toMatch(/\/invite#main\./)
    const [doctor, verify, exported] = [cli('doctor'), cli('verify'), cli('solution', 'export')]
    expect(doctor.stdout).toMatch(/PostgreSQL 18.*正在运行/)
    expect([verify.status, verify.stdout]).toEqual([0, expect.stringContaining('0 处异常')])
    expect(JSON.parse(exported.stdout).object.length).toBeGreaterThan(10)
    expect(cli('solution', 'apply', 'crm').stdout).toContain('更新 0 项')
  }, 60_000)

  it('H12 the database dies: 503 with Retry-After, nothing acknowledged; then it goes on by itself', async () => {
    const leads = async () => ((await (await fetch(`${BASE}/api/v1/objects/lead/count`, { headers: { authorization: `Bearer ${key}` } })).json()) as { exact: number }).exact
    const create = () => post('/api/v1/objects/lead/records', { values: { name: '坚持' } }, { authorization: `Bearer ${key}` })
    expect((await create()).status).toBe(201)
    const before = await leads()
    process.kill(postgresPid(), 'SIGKILL')
    const answers: [status: number, told: boolean][] = []
    let acknowledged = 0
    await until(async () => {
      const answer = await create()
      answers.push([answer.status, /^\d+$/.test(answer.headers.get('retry-after') ?? '')])
      if (answer.status === 201) acknowledged++
      return answer.status === 201 && answers.some(([status]) => status === 503)
    }, 30_000)
    expect(new Set(answers.map(String))).toEqual(new Set(['503,true', '201,false']))
    expect(await leads()).toBe(before + acknowledged)
  }, 60_000)

  it('H12 the server is killed: the next start has everything, within three seconds', async () => {
    server.child.kill('SIGKILL')
    await server.ended
    const next = await begin()
    expect(next.ms).toBeLessThan(process.env['CI'] ? 10_000 : 6_000)
    expect(next.said()).not.toContain('/setup#')
    expect((await fetch(`${BASE}/api/v1/auth/me`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    const second = spawnSync(process.execPath, [path.join(ROOT, 'server/main.ts')], { env: { ...env, PORT: String(PORT + 1) }, encoding: 'utf8' })
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining(`已在运行`)])
    next.child.kill('SIGTERM')
    expect(await next.ended).toBe(0)
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false)
  }, 60_000)
})
