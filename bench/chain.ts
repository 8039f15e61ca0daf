import { spawn } from 'node:child_process'
import path from 'node:path'
import pg from 'pg'
import { kernelContext } from '#kernel/access'
import { createMember, createTeam } from '#kernel/members'
import { publishAll } from '#kernel/metadata'
import { applySolution } from '#kernel/solutions'
import { createTenant, migrate, openDatabase, resolveDatabase, runningDatabase, type OpenDatabase, type Tenant } from '#platform/db'
import type { Rule } from '#language/definitions'
import { loadSolution } from '../solutions/index.ts'
import { ROOT, serve, sleep, type Served } from './house.ts'
import type { Posted, Posting } from './load.ts'
import { scratch } from './scratch.ts'

const KEY = 'main'
export const SCHEMA = `"t_${KEY}"`
const PER_MINUTE = 10_000_000

/** Matched besides the standard rules for a grade, a tag and the assignment: four rules for each form, none of which leads to another event. */
const REGION_RULE = {
  key: 'bench_region', label: { zh: '江苏客户', en: 'Jiangsu' }, group: 'bench', trigger: { on: 'created', object: 'lead' },
  condition: { all: [{ field: 'region', op: 'under', value: '320000' }, { field: 'phone', op: 'notEmpty' }] }, actions: [{ do: 'tag', add: ['高意向'] }], priority: 25,
} as unknown as Rule
export const RULES_PER_CHAIN = 4

/** On the creation or the change of a lead, by another company, another page, a smaller budget, another place or a tag that nobody has. */
function missedRule(i: number) {
  const conditions = [{ field: 'company', op: 'eq', value: `上海${i}` }, { field: 'page_url', op: 'contains', value: `/cases/${i}` }, { field: 'budget_min', op: 'ge', value: String(700_000 + i) }, { field: 'region', op: 'under', value: '440000' }, { field: 'name', op: 'contains', value: `李${i}` }]
  const key = `bench_missed_${i}`
  return { kind: 'rule' as const, key, state: 'active' as const, body: { key, label: { zh: key, en: key }, group: 'bench', priority: 500 + (i % 400), trigger: i % 3 === 0 ? { on: 'changed', object: 'lead', fields: ['company', 'budget_min'] } : { on: 'created', object: 'lead' }, condition: { all: [{ field: 'industry', op: 'eq', value: 'auto_parts' }, conditions[i % 5]] }, actions: [{ do: 'tag', add: ['高意向'] }] } }
}

/** A data folder with the standard solution, four sales without limit, and the form `pricing` without its own; nothing runs on it. `missed`: so many more rules, each narrowly missed by every form. */
export async function chainFolder({ missed = 0 }: { missed?: number } = {}): Promise<string> {
  const dataDir = scratch('chain')
  const server = await resolveDatabase({ dataDir })
  const db = openDatabase({ ...server.poolConfig, max: 4 })
  await migrate(db)
  // The moment of each commit is what the figures of latency are read from.
  const admin = new pg.Client(server.poolConfig as pg.ClientConfig)
  await admin.connect()
  await admin.query('alter system set track_commit_timestamp = on')
  await admin.query('create extension if not exists pg_stat_statements').catch(() => undefined)
  await admin.end()
  await settle(db, await createTenant(db, { key: KEY, name: 'Bench' }), missed)
  await db.close()
  await server.stop()
  return dataDir
}

async function settle(db: OpenDatabase, tenant: Tenant, missed: number): Promise<void> {
  const actor = { kind: 'system', reason: 'bench' } as const
  const solution = loadSolution('crm')
  await db.mutate(tenant, async (tx) => {
    const applied = await applySolution({ tx, actor }, solution)
    if (!applied.ok) throw new Error(JSON.stringify(applied.refusals.slice(0, 3)))
  })
  await db.mutate(tenant, async (tx) => {
    const form = solution.form.find(({ key }) => key === 'pricing')!
    const result = await publishAll({ tx, actor }, [{ kind: 'form', key: form.key, body: { ...form, perMinutePerIp: PER_MINUTE } }, { kind: 'rule', key: REGION_RULE.key, body: REGION_RULE, state: 'active' }, ...Array.from({ length: missed }, (_, i) => missedRule(i))])
    if (!result.ok) throw new Error(JSON.stringify(result.refusals.slice(0, 3)))
  })
  await db.mutate(tenant, async (tx) => {
    const ctx = await kernelContext(tx, actor, { kind: 'definition' })
    const { id: team } = await createTeam(ctx, { name: '销售部', parent: null })
    const fresh = await kernelContext(tx, actor, { kind: 'definition' })
    for (let i = 0; i < 4; i++) await createMember(fresh, { name: `销售${i}`, email: `s${i}@bench.example`, roles: ['sales'], team, capability: { skills: i % 2 ? ['*'] : ['auto_parts'], regions: ['320000'], capacity: 10_000_000 } })
  })
}

export interface Chain { served: Served; pool: pg.Pool; stop(): Promise<void> }

/** The real server on the folder (engine and api as `npm start` runs them), and a way into its database. */
export async function openChain(dataDir: string, env: Record<string, string> = {}): Promise<Chain> {
  const served = await serve({ dataDir, command: [process.execPath, '--max-semi-space-size=16', ...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? []), path.join(ROOT, 'server/main.ts')], env: { NODE_ENV: 'production', LOG_LEVEL: 'error', DATABASE_URL: '', ...env } })
  const pool = new pg.Pool({ ...(await runningDatabase(dataDir))!, max: 2 })
  pool.on('error', () => {})
  return { served, pool, stop: async () => { await pool.end(); await served.stop() } }
}

/** Runs the load in a process of its own. */
export function post(posting: Posting): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'load.ts'), JSON.stringify(posting)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
    child.on('error', reject)
    child.on('exit', (code) => { if (code === 0) resolve(JSON.parse(said) as Posted); else reject(new Error(`the load ended with ${code}`)) })
  })
}

/** Waits until the engine has nothing to do; the moment at which the queue was first seen empty. */
export async function drained(pool: pg.Pool, patience = 120_000): Promise<number> {
  for (const late = Date.now() + patience; Date.now() < late; await sleep(20)) {
    const { rowCount } = await pool.query({ name: 'todo', text: `select from ${SCHEMA}.todo limit 1` })
    if (rowCount === 0) return Date.now()
  }
  throw new Error(`the queue did not drain\n${JSON.stringify(await stuck(pool), null, 1)}`)
}

/** What waits, who works and who waits for whom: to be read when a queue stands still. */
async function stuck(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const questions = {
    todo: `select sub, attempts, count(*)::int, min(seq)::text as first from ${SCHEMA}.todo group by 1, 2 order by 1, 2`,
    runs: `select status, rule, error, count(*)::int from ${SCHEMA}.run group by 1, 2, 3 order by 4 desc limit 20`,
    sessions: `select pid, state, wait_event_type, wait_event, pg_blocking_pids(pid) as blocked_by, (clock_timestamp() - xact_start)::text as since, left(query, 300) as query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    advisory: `select pid, classid, objid, granted from pg_locks where locktype = 'advisory'`,
  }
  const answers = Object.entries(questions).map(async ([name, text]) => [name, await pool.query(text).then(({ rows }) => rows, (error: Error) => [error.message])] as const)
  return Object.fromEntries(await Promise.all(answers))
}

export interface Standing { leads: number; owned: number; tasks: number; notices: number; runs: number; loads: number }

/** What stands in the database about the leads whose phones begin so: whole chains are those in which everything equals the number of leads. */
export async function standing(pool: pg.Pool, prefix: string): Promise<Standing> {
  const { rows: [row] } = await pool.query<Standing>(`with l as (select id, owner from ${SCHEMA}.o_lead where f_phone like $1)
    select (select count(*)::int from l) as leads, (select count(*)::int from l join ${SCHEMA}.assignment a on a.record = l.id and a.closed_at is null and a.member = l.owner) as owned,
      (select count(*)::int from ${SCHEMA}.o_task t join l on l.id = t.f_subject) as tasks, (select count(*)::int from ${SCHEMA}.notification n join l on l.id = n.record where n.kind = 'new_lead') as notices,
      (select count(*)::int from ${SCHEMA}.run r join l on l.id = r.record where r.status = 'done') as runs, (select coalesce(sum(open), 0)::int from ${SCHEMA}.member_load) as loads`, [`+86${prefix}%`])
  return row!
}
