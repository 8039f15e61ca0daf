import { memberContext } from '#kernel/access'
import { aggregate, type AggregateQuery } from '#kernel/records'
import { loadSolution } from '../solutions/index.ts'
import { fillLeads, settleReaders } from './leads.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { percentile, timed } from './timing.ts'

const COUNT = Number(process.env['BENCH_LEADS'] ?? 1_000_000)
const ROUNDS = 12

const QUESTIONS: Readonly<Record<string, AggregateQuery>> = {
  'count-of-month': { filter: { field: 'created_at', op: 'withinLast', value: '30d' } },
  'by-status': { groupBy: [{ field: 'status' }] },
  'sum-by-owner-top': { measures: [{ of: 'sum', field: 'budget_min' }], groupBy: [{ field: 'owner' }], top: 6 },
  'by-week-and-industry': { groupBy: [{ field: 'created_at', by: 'week' }, { field: 'industry' }], order: { by: 'key', direction: 'asc' } },
}

/** Nothing is promised of it: run when it is named. */
export const named = true

/** What tiles of a dashboard ask of a million leads, by who asks; told for understanding. */
export async function run(report: Report): Promise<void> {
  const bench = await benchTenant('aggregate', loadSolution('crm'))
  try {
    const readers = await settleReaders(bench)
    report.say(`${COUNT} leads in ${((await timed(() => fillLeads(bench, readers, COUNT))) / 1000).toFixed(1)} s`)
    for (const [share, members] of Object.entries({ '1%': readers.sales, '10%': readers.supervisors, '100%': [readers.head] })) {
      for (const [name, query] of Object.entries(QUESTIONS)) report.figure(`${share}-${name}-p50`, await median(bench, members, query), 'ms')
    }
  } finally {
    await bench.close()
  }
}

async function median({ db, tenant }: BenchTenant, members: readonly number[], query: AggregateQuery): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn <= ROUNDS; turn++) times.push(await timed(() => db.read(tenant, async (tx) => aggregate(await memberContext(tx, members[turn % members.length]!), 'lead', query))))
  return percentile(times.slice(1), 0.5)
}
