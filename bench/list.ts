import { memberContext } from '#kernel/access'
import { listRecords, type ListQuery } from '#kernel/records'
import { loadSolution } from '../solutions/index.ts'
import { fillLeads, settleReaders, type Readers } from './leads.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { inTurns, percentile, throughput, timed } from './timing.ts'

const COUNT = Number(process.env['BENCH_LEADS'] ?? 1_000_000)
const PAGE = 50
const FIELDS = ['name', 'phone', 'company', 'industry', 'grade', 'status', 'budget_min', 'owner', 'created_at', 'next_contact_at']
const SORTS = ['created_at', 'budget_min'] as const
const AUTO = ['auto', 'auto_parts', 'auto_vehicle', 'auto_ev']
const STATES = ['waiting', 'called', 'confirmed', 'demo_booked']
const ROUNDS = 120

/** One page of leads as a restricted member, through the product and by the best SQL that we know to write for it. */
export async function run(report: Report): Promise<void> {
  const bench = await benchTenant('list', loadSolution('crm'))
  try {
    const readers = await settleReaders(bench)
    const filled = await timed(() => fillLeads(bench, readers, COUNT))
    report.say(`${COUNT} leads in ${(filled / 1000).toFixed(1)} s`)
    for (const [share, members] of Object.entries(sharesOf(readers))) for (const sort of SORTS) await compare(bench, report, { share, members, sort })
  } finally {
    await bench.close()
  }
}

const sharesOf = ({ sales, supervisors, head }: Readers) => ({ '1%': sales, '10%': supervisors, '100%': [head] })

interface Case { share: string; members: readonly number[]; sort: (typeof SORTS)[number] }

async function compare(bench: BenchTenant, report: Report, each: Case): Promise<void> {
  const [ours, theirs] = [product(bench, each), await byHand(bench, each)]
  for (let turn = 0; turn < 12; turn++) await sameRows(ours, theirs, turn, each)
  const times = await inTurns(ROUNDS, { ours, theirs })
  const name = `${each.share}-${each.sort}`
  const [mine, hand] = [percentile(times.ours, 0.95), percentile(times.theirs, 0.95)]
  report.figure(`${name}-p95`, mine, 'ms')
  report.figure(`${name}-p95-by-hand`, hand, 'ms')
  report.figure(`${name}-p95-ratio`, mine / hand, '×', { atMost: 2 })
  // The first rounds open connections and fill their caches; the rounds that count take turns.
  const rates = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < 4; round++) {
    rates.ours.push(await throughput(16, 1_000, ours))
    rates.theirs.push(await throughput(16, 1_000, theirs))
  }
  const [rate, handRate] = [Math.max(...rates.ours.slice(1)), Math.max(...rates.theirs.slice(1))]
  report.figure(`${name}-per-second-at-16`, rate, 'pages/s')
  report.figure(`${name}-throughput-ratio-at-16`, rate / handRate, '×', { atLeast: 0.5 })
}

type Ask = (turn: number) => Promise<string[]>

async function sameRows(ours: Ask, theirs: Ask, turn: number, { share, sort }: Case): Promise<void> {
  const [a, b] = [await ours(turn), await theirs(turn)]
  if (a.join() !== b.join() || a.length === 0) throw new Error(`${share} by ${sort}, turn ${turn}: ${a.length} and ${b.length} rows, not the same`)
}

const stateOf = (turn: number): string => STATES[turn % STATES.length]!

function product({ db, tenant }: BenchTenant, { members, sort }: Case): Ask {
  return async (turn) => {
    const query: ListQuery = { filter: { all: [{ field: 'status', op: 'eq', value: stateOf(turn) }, { field: 'industry', op: 'under', value: 'auto' }] }, sort: [{ field: sort, direction: 'desc' }], fields: FIELDS, limit: PAGE }
    const page = await db.read(tenant, async (tx) => listRecords(await memberContext(tx, members[turn % members.length]!), 'lead', query))
    return page.records.map(({ id }) => id)
  }
}

interface Reach { owner: number; teams: number[] }

/** What a careful person writes: named, one index scan per way of seeing a lead, merged in order and cut once. */
async function byHand({ db, tenant, schema }: BenchTenant, { share, members, sort }: Case): Promise<Ask> {
  const reach = await db.read(tenant, async (tx) => new Map(await Promise.all(members.map(async (id): Promise<[number, Reach]> => {
    const { principal } = await memberContext(tx, id)
    return [id, { owner: id, teams: principal.kind === 'member' ? [...principal.member.teamTree] : [] }]
  }))))
  const text = bestText(schema, share, sort)
  return async (turn) => {
    const { owner, teams } = reach.get(members[turn % members.length]!)!
    const values = share === '1%' ? [owner, stateOf(turn), AUTO] : [owner, stateOf(turn), AUTO, teams]
    return (await db.pool.query<{ id: string }>({ name: `by-hand ${share} ${sort}`, text, values })).rows.slice(0, PAGE).map(({ id }) => id)
  }
}

const COLUMNS = FIELDS.map((field) => (['owner', 'created_at', 'next_contact_at'].includes(field) ? field : `f_${field}`)).join(', ')

function bestText(schema: string, share: string, sort: string): string {
  const [column, second] = sort === 'created_at' ? ['created_at', 'id'] : ['f_budget_min', 'id desc']
  const order = `${column} desc, ${second}`
  const branch = (seen: string): string => `(select id, tags, ${COLUMNS} from ${schema}.o_lead r where gone_act is null and f_status = $2 and f_industry = any($3) and ${column} is not null and ${seen} order by ${order} limit ${PAGE + 1})`
  const shared = `collaborators <> '{}' and collaborators @> array[$1::int]`
  const ways = share === '1%' ? ['owner = $1', `${shared} and owner is distinct from $1`] : [`(owner = $1 or owner_team = any($4) or (${shared}))`]
  if (ways.length === 1) return branch(ways[0]!)
  // By creation each way has its index; by amount it is cheaper to gather what one owns and sort it than to walk everybody's amounts.
  if (sort === 'created_at') return `select * from (${ways.map(branch).join(' union all ')}) u order by ${order} limit ${PAGE + 1}`
  return `with mine as materialized (select id, tags, ${COLUMNS} from ${schema}.o_lead r where gone_act is null and (owner = $1 or (${shared})) and f_status = $2 and f_industry = any($3)) select * from mine where ${column} is not null order by ${order} limit ${PAGE + 1}`
}
