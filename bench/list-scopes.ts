import { memberContext } from '#kernel/access'
import { listRecords } from '#kernel/records'
import { loadSolution } from '../solutions/index.ts'
import { fillRows, ID, MIXED } from './fill.ts'
import { settleRegions } from './regions.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { inTurns, percentile, timed } from './timing.ts'

const COUNT = Number(process.env['BENCH_LEADS'] ?? 1_000_000)
const PAGE = 50
const FIELDS = ['name', 'phone', 'industry', 'level', 'lifecycle', 'annual_purchase', 'owner', 'created_at']
const SORTS = ['created_at', 'annual_purchase'] as const
const ROUNDS = 120

/** Customers by department scopes: ten regions of ten departments; through the product and by the best SQL that we know to write for it. */
export async function run(report: Report): Promise<void> {
  const bench = await benchTenant('list-scopes', loadSolution('crm'))
  try {
    const { sales, teams, heads } = await settleRegions(bench)
    const filled = await timed(() => fillRows(bench, 'customer', { insert: INSERT, values: [sales, teams], to: COUNT }))
    report.say(`${COUNT} customers in ${(filled / 1000).toFixed(1)} s`)
    for (const [reach, members] of Object.entries({ own: sales, ...heads })) for (const sort of SORTS) await compare(bench, report, { reach: reach as Reach, members, sort })
  } finally {
    await bench.close()
  }
}

/** own: half a percent, and what is shared; department: one percent; region: ten; company: all of them. */
type Reach = 'own' | 'department' | 'region' | 'company'

/** One customer of a hundred is shared with a colleague, every second of those for changing. */
const INSERT = `insert into {t}.o_customer (id, version, created_at, updated_at, owner, owner_team, collaborators, co_editors, origin, f_no, f_kind, f_name, f_phone, f_industry, f_level, f_lifecycle, f_annual_purchase)
  select ${ID}, 1, at, at, ($3::int[])[s % 200 + 1], ($4::int[])[s % 100 + 1],
    case when s % 101 = 0 then array[($3::int[])[s / 7 % 200 + 1]] else '{}' end, case when s % 202 = 0 then array[($3::int[])[s / 7 % 200 + 1]] else '{}' end, 'import',
    'KH' || lpad(n::text, 8, '0'), 'company', '苏州精密制造' || n || '有限公司', '+86138' || lpad(n::text, 8, '0'),
    (array['auto_parts','auto_vehicle','machinery','electronics','medical'])[s / 500 % 5 + 1], (array['a','b','c','d'])[s / 3000 % 4 + 1], (array['potential','intent','deal','repeat','lost'])[s / 17000 % 5 + 1], (s % 5000) * 1000
  from ${MIXED}`

interface Case { reach: Reach; members: readonly number[]; sort: (typeof SORTS)[number] }
type Ask = (turn: number) => Promise<string[]>
const LEVELS = ['a', 'b', 'c', 'd']

async function compare(bench: BenchTenant, report: Report, each: Case): Promise<void> {
  const [ours, theirs] = [product(bench, each), await byHand(bench, each)]
  for (let turn = 0; turn < 12; turn++) {
    const [a, b] = [await ours(turn), await theirs(turn)]
    if (a.join() !== b.join() || a.length === 0) throw new Error(`${each.reach} by ${each.sort}, turn ${turn}: ${a.length} and ${b.length} rows, not the same`)
  }
  const times = await inTurns(ROUNDS, { ours, theirs })
  const name = `${each.reach}-${each.sort}`
  const [mine, hand] = [percentile(times.ours, 0.95), percentile(times.theirs, 0.95)]
  report.figure(`${name}-p95`, mine, 'ms')
  report.figure(`${name}-p95-by-hand`, hand, 'ms')
  report.figure(`${name}-p95-ratio`, mine / hand, '×', { atMost: 2 })
}

const product = ({ db, tenant }: BenchTenant, { members, sort }: Case): Ask => async (turn) => {
  const page = await db.read(tenant, async (tx) => listRecords(await memberContext(tx, members[turn % members.length]!), 'customer',
    { filter: { field: 'level', op: 'eq', value: LEVELS[turn % 4]! }, sort: [{ field: sort, direction: 'desc' }], fields: FIELDS, limit: PAGE }))
  return page.records.map(({ id }) => id)
}

/** What a careful person writes: named, and one index scan per way of seeing a customer where that is shorter. */
async function byHand({ db, tenant, schema }: BenchTenant, { reach, members, sort }: Case): Promise<Ask> {
  const teams = await db.read(tenant, async (tx) => new Map(await Promise.all(members.map(async (id): Promise<[number, number[]]> => {
    const { principal } = await memberContext(tx, id)
    return [id, principal.kind === 'member' ? [...principal.member.teamTree] : []]
  }))))
  const text = bestText(schema, reach, sort)
  return async (turn) => {
    const me = members[turn % members.length]!
    const values = [me, LEVELS[turn % 4], ...(reach === 'own' ? [] : [reach === 'department' ? teams.get(me)![0] : teams.get(me)])]
    return (await db.pool.query<{ id: string }>({ name: `by-hand ${reach} ${sort}`, text, values })).rows.slice(0, PAGE).map(({ id }) => id)
  }
}

const COLUMNS = FIELDS.map((field) => (['owner', 'created_at'].includes(field) ? field : `f_${field}`)).join(', ')

function bestText(schema: string, reach: Reach, sort: string): string {
  const [column, second] = sort === 'created_at' ? ['created_at', 'id'] : ['f_annual_purchase', 'id desc']
  const order = `${column} desc, ${second}`
  const rows = (seen: string): string => `select id, tags, ${COLUMNS} from ${schema}.o_customer r where gone_act is null and f_level = $2 and ${column} is not null and ${seen}`
  const cut = `order by ${order} limit ${PAGE + 1}`
  const shared = `collaborators <> '{}' and collaborators @> array[$1::int]`
  const team = reach === 'department' ? 'owner_team = $3' : 'owner_team = any($3)'
  const ways = ['owner = $1', `${shared} and owner is distinct from $1`, ...(reach === 'own' ? [] : [`${team} and owner is distinct from $1 and not (${shared})`])]
  if (reach === 'region' || reach === 'company') return `${rows(`(owner = $1 or ${team} or (${shared}))`)} ${cut}`
  return sort === 'created_at' ? `select * from (${ways.map((way) => `(${rows(way)} ${cut})`).join(' union all ')}) u ${cut}` : `with mine as materialized (${ways.map(rows).join(' union all ')}) select * from mine ${cut}`
}
