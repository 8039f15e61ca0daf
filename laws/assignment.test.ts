import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, memberContext, type Context } from '#kernel/access'
import { assignBatch, assignByPolicy, policyFor } from '#kernel/assignment'
import { createMember } from '#kernel/members'
import { type Intent, verifyTenant, writeOrRefuse } from '#kernel/records'
import { DatabaseAway, ids, isRetryable, openDatabase, type OpenDatabase } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'
import { seeded } from './random.ts'

/** Rounds of each of 64 workers, and kills among them: a little in `npm test`, at length in `npm run laws`. ASSIGN_SEED repeats a run's choices (their timing is its own). */
const LONG = process.env['LAWS'] === 'long'
const [WORKERS, ROUNDS, KILLS] = [64, LONG ? 120 : 6, LONG ? 200 : 12]
const SEED = Number(process.env['ASSIGN_SEED'] ?? Date.now() % 1_000_000)
const [SELLERS, CAPACITY, LEADS] = [9, 7, 120]
const random = seeded(SEED)
const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)]!

let home: FreshTenant
let others: OpenDatabase[] = []
let above: pg.Client
let [director, sellers, leads]: [number, number[], string[]] = [0, [], []]
beforeAll(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  others = Array.from({ length: 4 }, () => openDatabase((home.db.pool as unknown as { options: object }).options))
  above = new pg.Client((home.db.pool as unknown as { options: pg.ClientConfig }).options)
  await above.connect()
  await above.query('set role none')
  const join = (name: string, role: string, capacity: number) => kernel(async (ctx) => (await createMember(ctx, { name, email: `${name}@example.com`, roles: [role], team: null, supervisor: null, capability: { skills: ['*'], regions: [], capacity } })).id)
  director = await join('director', 'director', 0)
  for (let i = 0; i < SELLERS; i++) sellers.push(await join(`seller${i}`, 'sales', CAPACITY))
  leads = Array.from({ length: LEADS }, () => ids.next())
  await kernel((ctx) => writeOrRefuse(ctx, leads.map((id): Intent => ({ op: 'create', object: 'lead', id, values: { name: '线索', industry: 'auto' }, owner: null }))))
})
afterAll(async () => { await above?.end(); await Promise.all(others.map((db) => db.close())); await home?.drop() })

const SYSTEM = { kind: 'system', reason: 'test' } as const
const kernel = <T>(work: (ctx: Context) => Promise<T>, db: OpenDatabase = home.db): Promise<T> => db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, SYSTEM, { kind: 'member' })))
const asDirector = <T>(work: (ctx: Context) => Promise<T>, db: OpenDatabase): Promise<T> => db.mutate(home.tenant, async (tx) => work(await memberContext(tx, director)))

class Moved extends Error {}

/** What a rule does: whoever is chosen gets it, also somebody else than now. */
async function byRule(ctx: Context, some: readonly string[]): Promise<void> {
  const policy = policyFor(ctx, 'lead')!
  const rows = await ctx.tx.query<{ id: string; owner: number | null; open: boolean }>(`select id, owner, f_status in ('unassigned', 'waiting') as open from {t}.o_lead where id = any($1) order by id`, [some])
  const decisions = await assignBatch(ctx, rows.map(({ id, owner, open }, seq) => ({ policy, record: { object: 'lead', id, owner, values: { industry: 'auto' } }, event: null, excluding: [], existing: null, counts: open, priority: 0, seq })))
  const now = new Map((await ctx.tx.query<{ id: string; owner: number | null; open: boolean }>(`select id, owner, f_status in ('unassigned', 'waiting') as open from {t}.o_lead where id = any($1) order by id for update`, [some])).map((row) => [row.id, row]))
  // Where one moved between reading and locking, the room that it was counted to leave is not there for the others: all of it begins again, as in the engine.
  if (rows.some(({ id, owner, open }) => now.get(id)?.owner !== owner || now.get(id)?.open !== open)) throw new Moved()
  const given = decisions.filter(({ chosen }) => chosen !== null)
  if (given.length > 0) await writeOrRefuse(ctx, given.map(({ record, chosen, no }): Intent => ({ op: 'update', object: 'lead', id: record, owner: chosen, decision: no! })))
}

const deeds: readonly ((some: string[], db: OpenDatabase) => Promise<unknown>)[] = [
  (some, db) => asDirector((ctx) => assignByPolicy(ctx, 'lead', some), db),
  (some, db) => asDirector((ctx) => assignByPolicy(ctx, 'lead', some), db),
  (some, db) => kernel((ctx) => byRule(ctx, some), db),
  (some, db) => kernel((ctx) => writeOrRefuse(ctx, some.map((id): Intent => ({ op: 'update', object: 'lead', id, owner: null }))), db),
  (some, db) => kernel((ctx) => writeOrRefuse(ctx, some.map((id): Intent => ({ op: 'update', object: 'lead', id, owner: director }))), db),
  (some, db) => kernel((ctx) => writeOrRefuse(ctx, some.map((id): Intent => ({ op: 'update', object: 'lead', id, owner: null, values: { status: 'unassigned' } }))), db),
]

/** Somebody's connection is cut off, wherever it is; how many. */
const kill = async (): Promise<number> => (await above.query<{ cut: boolean }>(`select pg_terminate_backend(pid) as cut from (select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' order by md5(pid::text || $1) limit 1) x`, [String(random())])).rows.filter(({ cut }) => cut).length

const OVER = `select m.id, m.capacity, l.open, (select count(*)::int from {t}.assignment a where a.member = m.id and a.kind = 'lead' and a.closed_at is null) as held
  from {t}.member m left join {t}.member_load l on l.member = m.id and l.kind = 'lead' where m.id = any($1::int[])`
const over = async () => (await home.db.read(home.tenant, (tx) => tx.query<{ id: number; open: number | null; held: number }>(OVER, [sellers]))).filter(({ open, held }) => (open ?? 0) > CAPACITY || held > CAPACITY || (open ?? 0) !== held)

test('G11 sixty-four workers, connections cut off at random: never two owners, never over capacity, every load as counted anew', async () => {
  console.log(`assignment law: seed ${SEED}, ${WORKERS} workers, ${KILLS} kills`)
  let [done, lost, cut, running] = [0, 0, 0, true]
  const wrong: unknown[] = []
  const work = async (worker: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const some = [...new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(leads)))]
      await pick(deeds)(some, others[worker % others.length]!).then(() => { done++ }, (error: unknown) => { if (!isRetryable(error) && !(error instanceof DatabaseAway) && !(error instanceof Moved)) throw error; lost++ })
    }
  }
  const killing = (async () => { for (let n = 0; n < KILLS && running; n++) { await new Promise((resolve) => setTimeout(resolve, 40 + random() * 300)); cut += await kill() } })()
  // Whoever watches may be cut off too, and looks again.
  const looked = () => over().catch((error: unknown) => { if (!(error instanceof DatabaseAway)) throw error; return [] })
  const watching = (async () => { while (running) { wrong.push(...(await looked())); await new Promise((resolve) => setTimeout(resolve, 100)) } })()
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker))).finally(() => { running = false })
  await Promise.all([killing, watching])
  expect([...wrong, ...(await over())], 'above their limit, or a load that is not what is held').toEqual([])
  expect(done).toBeGreaterThan(WORKERS)
  expect(cut).toBeGreaterThan(0)
  const rows = await home.db.read(home.tenant, (tx) => tx.query<{ id: string; owner: number | null; holders: number[] }>(`select l.id, l.owner, coalesce(array_agg(a.member) filter (where a.id is not null), '{}') as holders from {t}.o_lead l left join {t}.assignment a on a.record = l.id and a.role = 'owner' and a.closed_at is null group by l.id, l.owner`))
  expect(rows.filter(({ owner, holders }) => holders.length !== (owner === null ? 0 : 1) || (owner !== null && holders[0] !== owner)), 'other than one owner, holding it').toEqual([])
  expect(await kernel((ctx) => verifyTenant(ctx))).toMatchObject({ differences: [], loads: [] })
  console.log(`assignment law: ${done} done, ${cut} connections cut off, ${lost} given up, ${rows.filter(({ owner }) => sellers.includes(owner ?? 0)).length} held`)
}, LONG ? 900_000 : 60_000)
