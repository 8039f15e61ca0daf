import { kernelContext, type Context } from '#kernel/access'
import { assignBatch, otherwise, storyOf, tallyOf } from '#kernel/assignment'
import { createMember } from '#kernel/members'
import { listRecords, type Intent, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'

const [LEADS, BATCH, DAYS, SELLERS, RUNS] = [10_000, 100, 90, 12, 15]
const DAY = 86_400_000
const SKILLS = ['auto', 'electronics', 'machinery', '*']
const INDUSTRIES = ['auto_parts', 'pcb', 'machinery', 'auto']
const PROVINCES = ['310000', '320000', '330000', '110000', '440000', '370000']

/** The sliders of an assignment policy: ninety days of decisions taken again with other weights, from the kept tables to the names on screen. */
export async function run(report: Report): Promise<void> {
  const home = await benchTenant('assignment-replay', loadSolution('crm'))
  try {
    await as(home, null, sellers)
    const [{ now }] = [await home.db.read(home.tenant, async (tx) => ({ now: tx.now.getTime() }))]
    const batches: string[][] = []
    for (let n = 0; n < LEADS / BATCH; n++) batches.push(await as(home, new Date(now - DAYS * DAY + ((n + 1) * DAYS * DAY * BATCH) / (LEADS + BATCH)), (ctx) => comeIn(ctx, batches[n - 15]?.slice(0, 90) ?? [])))
    await home.db.pool.query(`analyze ${home.schema}.decision; analyze ${home.schema}.assignment; analyze ${home.schema}.o_lead`)
    const spans: number[] = []
    for (let n = 0; n < RUNS; n++) spans.push(await again(home, n))
    spans.sort((a, b) => a - b)
    report.figure('again-10000-p50', spans[Math.floor(RUNS / 2)]! / 1000, 's', { atMost: 2 })
    report.figure('again-10000-slowest', spans.at(-1)! / 1000, 's', { atMost: 2 })
  } finally {
    await home.close()
  }
}

const as = <T>({ db, tenant }: BenchTenant, now: Date | null, work: (ctx: Context) => Promise<T>): Promise<T> => db.mutate(tenant, async (tx) => {
  const past = now ? { tenant: tx.tenant, epoch: tx.epoch, now, query: tx.query, afterCommit: tx.afterCommit } : tx
  return work(await kernelContext(past, { kind: 'system', reason: 'bench' }, { kind: 'backfill' }))
})

async function sellers(ctx: Context): Promise<void> {
  for (let n = 0; n < SELLERS; n++) await createMember(ctx, { name: `销售${n}`, email: `s${n}@example.com`, roles: ['sales'], team: null, supervisor: null, capability: { skills: [SKILLS[n % 4]!, SKILLS[(n + 1) % 4]!], regions: [PROVINCES[n % 6]!, PROVINCES[(n + 2) % 6]!], capacity: 150 } })
}

/** A batch of leads arrives and is assigned; others are done with. */
async function comeIn(ctx: Context, done: readonly string[]): Promise<string[]> {
  const made = Array.from({ length: BATCH }, (_, i) => ({ id: ids.next(), values: { name: `王明${i}`, industry: INDUSTRIES[(i * 7) % 4]!, region: PROVINCES[(i * 5) % 6]! } }))
  const policy = ctx.metadata.assignmentPolicies.get('lead_by_capability')!
  const decisions = await assignBatch(ctx, made.map(({ id, values }, seq) => ({ policy, record: { object: 'lead', id, owner: null, values }, event: null, excluding: [], existing: null, counts: true, priority: 0, seq })))
  await writeOrRefuse(ctx, [
    ...done.map((id): Intent => ({ op: 'update', object: 'lead', id, owner: null })),
    ...made.map(({ id, values }, i): Intent => ({ op: 'create', object: 'lead', id, values, owner: decisions[i]!.chosen, ...(decisions[i]!.chosen !== null && { decision: decisions[i]!.no! }) })),
  ])
  return made.map(({ id }) => id)
}

async function again({ db, tenant }: BenchTenant, n: number): Promise<number> {
  const began = performance.now()
  await db.read(tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'bench' }, { kind: 'member' })
    const policy = ctx.metadata.assignmentPolicies.get('lead_by_capability')!
    const story = await storyOf(tx, ctx.metadata, { policy, days: DAYS })
    const outcomes = otherwise(story, { ...policy, completeness: true, weights: { skill: n / RUNS, region: 0, load: 1 - n / RUNS } })
    const tally = tallyOf(story, outcomes)
    if (tally.decisions !== LEADS || tally.moved === 0) throw new Error(`${tally.decisions} decisions, ${tally.moved} moved`)
    const moved = outcomes.filter(({ told, chosen }) => told.chosen !== chosen).slice(-200)
    await listRecords(ctx, 'lead', { filter: { field: 'id', op: 'in', value: moved.map(({ told }) => told.record) }, fields: [], limit: 200 })
    if (n === 0 && otherwise(story, { ...policy, completeness: true }).some(({ told, chosen }) => told.chosen !== chosen)) throw new Error('weighed as it was, it does not come out as it went')
  })
  return performance.now() - began
}
