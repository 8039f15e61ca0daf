import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { verifyTenant } from '#kernel/records'
import { openDatabase, runningDatabase } from '#platform/db'
import { chainFolder, drained, RULES_PER_CHAIN, SCHEMA } from '../bench/chain.ts'
import { freePort, ROOT, sleep } from '../bench/house.ts'
import { seeded } from './random.ts'

/** Kills: 5 in `npm test`, 100 in `npm run laws`. CRASH_SEED repeats a run's choices (the machine's timing is its own). */
const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['LAWS'] === 'long' ? 100 : 5))
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)
const CALLERS = 12
const random = seeded(SEED)

let dataDir: string
let house: House
beforeAll(async () => {
  dataDir = await chainFolder()
  house = new House(dataDir, await freePort())
  await house.begin()
})
const onEnd: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const each of onEnd) await each()
  await house?.end()
  fs.rmSync(dataDir, { recursive: true, force: true })
})

test('kill -9 of server or database anywhere: nothing acknowledged is lost, nothing happens twice, the engine catches up by itself', { timeout: KILLS * 20_000 + 180_000 }, async () => {
  console.log(`crash law: seed ${SEED}, ${KILLS} kills`)
  const callers = new Callers(house.url)
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(150 + random() * 1_200)
    await (random() < 0.5 ? house.killServer() : house.killDatabase())
    await house.ready()
  }
  await sleep(500)
  const { acknowledged } = await callers.end()
  expect(acknowledged.size).toBeGreaterThan(KILLS)
  const pool = new pg.Pool({ ...(await runningDatabase(dataDir))!, max: 2 })
  pool.on('error', () => {})
  onEnd.push(() => pool.end())
  await drained(pool)
  const rows = async <R extends pg.QueryResultRow>(text: string): Promise<R[]> => (await pool.query<R>(text.replaceAll('{t}', SCHEMA))).rows

  const leads = new Map((await rows<{ id: string; phone: string }>('select id, f_phone as phone from {t}.o_lead')).map(({ id, phone }) => [phone, id]))
  const lost = [...acknowledged].filter(([phone, id]) => leads.get(`+86${phone}`) !== id)
  expect(lost, 'acknowledged and not there').toEqual([])
  expect(await rows('select f_phone from {t}.o_lead group by 1 having count(*) > 1'), 'one person, two leads').toEqual([])
  expect(await rows(`select l.id, l.owner, l.f_status, count(a.id)::int as open, (select json_agg(json_build_object('rule', r.rule, 'status', r.status, 'error', r.error, 'steps', r.steps)) from {t}.run r where r.record = l.id) as runs from {t}.o_lead l left join {t}.assignment a on a.record = l.id and a.closed_at is null group by l.id, l.owner having count(*) <> 1 or min(a.member) is distinct from l.owner`), 'other than one owner').toEqual([])
  expect(await rows(`select l.id, count(t.id)::int as tasks from {t}.o_lead l left join {t}.o_task t on t.f_subject = l.id group by l.id having count(t.id) <> 1`), 'other than one task').toEqual([])
  expect(await rows(`select l.id, count(n.id)::int as notifications from {t}.o_lead l left join {t}.notification n on n.record = l.id and n.kind = 'new_lead' group by l.id having count(n.id) <> 1`), 'other than one notification').toEqual([])
  // A rule may have nothing left to do: a lead that was graded before its careful repetition is not graded again.
  expect(await rows(`select l.id, json_agg(json_build_object('rule', r.rule, 'status', r.status, 'error', r.error, 'attempts', r.attempts)) as runs from {t}.o_lead l left join {t}.run r on r.record = l.id group by l.id having count(r.rule) <> ${RULES_PER_CHAIN} or bool_or(r.status not in ('done', 'skipped'))`), 'other than its four rules, each once').toEqual([])
  expect(await rows(`select l.member from {t}.member_load l where l.open <> (select count(*) from {t}.assignment a where a.member = l.member and a.kind = l.kind and a.closed_at is null)`), 'loads that are not their assignments').toEqual([])
  expect(await verified()).toEqual({ differences: [], loads: [] })
  console.log(`crash law: ${KILLS} kills, ${acknowledged.size} acknowledged, ${leads.size} there, 0 lost, 0 twice`)
})

async function verified(): Promise<{ differences: unknown[]; loads: unknown[] }> {
  const db = openDatabase({ ...(await runningDatabase(dataDir))!, max: 2 })
  try {
    const [tenant] = await db.tenants()
    const { differences, loads } = await db.read(tenant!, async (tx) => verifyTenant(await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'backfill' })))
    return { differences, loads }
  } finally {
    await db.close()
  }
}

/** The server on its data folder, as `npm start` runs it; begun again by us when we killed it. */
class House {
  readonly url: string
  readonly #dataDir: string
  readonly #port: number
  #child: ChildProcess | undefined
  #said = ''

  constructor(folder: string, port: number) {
    this.#dataDir = folder
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
  }

  async begin(): Promise<void> {
    const env = { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'fatal', DATABASE_URL: '', PORT: String(this.#port), HOST: '127.0.0.1', NEXTMOVE_DATA: this.#dataDir }
    const child = spawn(process.execPath, [path.join(ROOT, 'server/main.ts')], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { this.#said = (this.#said + chunk.toString()).slice(-4000) })
    this.#child = child
    await this.ready()
  }

  async ready(): Promise<void> {
    for (const late = Date.now() + 60_000; Date.now() < late; await sleep(25)) {
      if (this.#child!.exitCode !== null) break
      if (await fetch(`${this.url}/readyz`).then(({ ok }) => ok, () => false)) return
    }
    throw new Error(`the server is not back (seed ${SEED})\n${this.#said}`)
  }

  async killServer(): Promise<void> {
    await this.#gone('SIGKILL')
    await this.begin()
  }

  async killDatabase(): Promise<void> {
    const file = path.join(this.#dataDir, 'postgres/postmaster.pid')
    const pid = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n')[0] : 0)
    if (pid > 0) process.kill(pid, 'SIGKILL')
    await sleep(50)
  }

  end = (): Promise<void> => this.#gone('SIGTERM')

  async #gone(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await exit
  }
}

/** People who send a form each, and send it again when they got no answer. */
class Callers {
  readonly #url: string
  readonly #acknowledged = new Map<string, string>()
  #next = 0
  #over = false
  readonly #all: Promise<void>

  constructor(url: string) {
    this.#url = url
    this.#all = Promise.all(Array.from({ length: CALLERS }, () => this.#call())).then(() => {})
  }

  async end(): Promise<{ acknowledged: ReadonlyMap<string, string> }> {
    this.#over = true
    await this.#all
    return { acknowledged: this.#acknowledged }
  }

  async #call(): Promise<void> {
    while (!this.#over) {
      const phone = `138${String(this.#next++).padStart(8, '0')}`
      while (!(await this.#send(phone)) && !this.#over) await sleep(30)
    }
  }

  async #send(phone: string): Promise<boolean> {
    const body = JSON.stringify({ name: '王明', phone, company: '苏州精密制造', industry: 'auto_parts', need: 'mes', budget: '60-80万', region: '320500', _page_url: 'https://www.example.cn/pricing', consent: true })
    const answer = await fetch(`${this.#url}/intake/forms/pricing`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(10_000) }).then(async (given) => (given.status === 201 ? ((await given.json()) as { id: string }) : null), () => null)
    if (answer) this.#acknowledged.set(phone, answer.id)
    return answer !== null
  }
}
