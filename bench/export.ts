import { memberContext } from '#kernel/access'
import { enterJob, makeExport, openExport, planExport, traceRows } from '#kernel/handout'
import { openStore } from '#platform/files'
import { loadSolution } from '../solutions/index.ts'
import { fillLeads, settleReaders } from './leads.ts'
import type { Report } from './report.ts'
import { scratch } from './scratch.ts'
import { benchTenant } from './tenant.ts'
import { timed } from './timing.ts'

const COUNT = Number(process.env['BENCH_LEADS'] ?? 100_000)
const MB = 2 ** 20

/** A hundred thousand rows made ready in the background, each entered in the ledger: how fast, and how much memory while it goes on. */
export async function run(report: Report): Promise<void> {
  const bench = await benchTenant('export', loadSolution('crm'))
  try {
    const { db, tenant } = bench
    const readers = await settleReaders(bench)
    await fillLeads(bench, readers, COUNT)
    const store = openStore(scratch('export-files'))
    for (const format of ['csv', 'xlsx'] as const) {
      const no = await db.mutate(tenant, async (tx) => {
        const ctx = await memberContext(tx, readers.head, { id: 'bench', ip: '10.0.0.1', agent: null, lang: 'zh', scenario: 'export' })
        const query = { fields: ['name', 'phone', 'company', 'industry', 'status', 'owner', 'budget_min', 'created_at'] }
        const opened = await openExport(ctx, await planExport(ctx, 'lead', query, 500_000), format)
        await enterJob(tx, { no: opened.no, query, name: `bench.${format}`, mark: opened.mark, facts: { id: 'bench', ip: '10.0.0.1', agent: null, lang: 'zh' } })
        return opened.no
      })
      const heaps: number[] = []
      const watch = setInterval(() => heaps.push(process.memoryUsage().heapUsed), 50)
      const ms = await timed(async () => { await makeExport(db, tenant, { id: crypto.randomUUID(), store, tell: async () => {}, forget: async () => {} }) })
      clearInterval(watch)
      const [row] = await db.read(tenant, (tx) => tx.query<{ state: string; done: number; bytes: number; entered: number }>('select state, done, bytes, (select count(*)::int from {t}.export_row where export = no) as entered from {t}.export_job where no = $1', [no]))
      if (row?.state !== 'done' || row.done !== COUNT || row.entered !== COUNT) throw new Error(JSON.stringify(row))
      report.figure(`${format}-rows`, COUNT / (ms / 1000), '/s')
      const [early, late] = [heaps.slice(0, heaps.length / 2), heaps.slice(heaps.length / 2)]
      report.figure(`${format}-heap`, Math.max(...heaps) / MB, 'MB')
      report.figure(`${format}-heap-growth`, (Math.max(...late) - Math.max(...early)) / MB, 'MB', { atMost: 30 })
    }
    const [sample] = await db.read(tenant, (tx) => tx.query<{ name: string; phone: string }>('select f_name as name, f_phone as phone from {t}.o_lead limit 1'))
    report.figure('trace-five-rows', await timed(() => db.read(tenant, (tx) => traceRows(tx, Array.from({ length: 5 }, () => [sample!.name, sample!.phone])))), 'ms')
  } finally {
    await bench.close()
  }
}
