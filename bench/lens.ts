import { memberContext } from '#kernel/access'
import { bumpEpoch, metadataOf } from '#kernel/metadata'
import { listRecords } from '#kernel/records'
import type { Solution } from '#language/definitions'
import { workedBetween } from '#language/values'
import { loadSolution } from '../solutions/index.ts'
import { byHandText, type Hand } from './lens-by-hand.ts'
import { MORE, policiesOn, TAGS } from './lens-policies.ts'
import { fillRows, ID, MIXED } from './fill.ts'
import { settleRegions, type Regions } from './regions.ts'
import type { Report } from './report.ts'
import { benchTenant, type BenchTenant } from './tenant.ts'
import { inTurns, percentile } from './timing.ts'

const COUNT = Number(process.env['BENCH_LEADS'] ?? 1_000_000)
const PAGE = 50
const SORTS = ['created_at', 'annual_purchase'] as const
/** Masked in some records and not in others; in larger objects nobody orders by it. */
const MASKED = 'more_2'
const SMALL = 90_000
const ROUNDS = 120
const LEVELS = ['b', 'c']

/** Customers of forty fields under two hundred policies and fifty tags: a page through the lens, and the query that somebody would write by hand for that very member. */
export async function run(report: Report): Promise<void> {
  const bench = await benchTenant('lens', solution())
  try {
    const regions = await settleRegions(bench)
    const { department, region, company } = regions.heads
    const shares = Object.entries({ '1%': department, '10%': region, '100%': company })
    await fill(bench, regions, { to: Math.min(SMALL, COUNT) })
    for (const [share, members] of shares) await compare(bench, report, { share, members, sort: MASKED, name: `${share}-masked-of-${SMALL}` })
    if (COUNT > SMALL) await fill(bench, regions, { from: SMALL + 1, to: COUNT })
    if (COUNT > 2 * SMALL) await refusesMasked(bench, { share: '', members: company, sort: MASKED })
    for (const [share, members] of shares) for (const sort of SORTS) await compare(bench, report, { share, members, sort })
  } finally {
    await bench.close()
  }
}

const trade = loadSolution('crm')
const customer = trade.object.find(({ key }) => key === 'customer')!
const FIELDS = [...customer.fields, ...MORE]
const POLICIES = policiesOn(FIELDS)
const solution = (): Solution => ({
  ...trade, tag: [...trade.tag, ...TAGS],
  object: trade.object.map((each) => (each === customer ? { ...customer, fields: FIELDS } : each)),
  policy: [...trade.policy.filter(({ object }) => object !== 'customer'), ...POLICIES],
})

async function fill(bench: BenchTenant, { sales, teams }: Regions, range: { from?: number; to: number }): Promise<void> {
  const tags = await bench.db.read(bench.tenant, async (tx) => { const { tags: { byKey } } = await metadataOf(tx); return TAGS.map(({ key }) => byKey.get(key)!.id) })
  await fillRows(bench, 'customer', { insert: INSERT, values: [sales, teams, tags], ...range })
  // Whether an object is large is asked once in an epoch.
  await bench.db.mutate(bench.tenant, bumpEpoch)
}

const SAMPLES: Partial<Record<string, string>> = { text: `'补充内容' || s % 1000`, money: `(s % 9000) * 10`, date: `date '2026-01-01' + (s % 300)::int`, phone: `'+86139' || lpad(n::text, 8, '0')`, email: `'c' || n || '@example.com'` }

/** Two tags of fifty on every second customer. */
const more = MORE.map(({ key, kind }) => ({ column: `f_${key}`, sql: SAMPLES[kind]! }))
const INSERT = `insert into {t}.o_customer (id, version, created_at, updated_at, owner, owner_team, origin, tags, f_no, f_kind, f_name, f_phone, f_industry, f_level, f_lifecycle, f_annual_purchase, f_risk_rating, f_address, f_has_competitor, f_health, f_renew_on, ${more.map(({ column }) => column).join(', ')})
    select ${ID}, 1, at, at, ($3::int[])[s % 200 + 1], ($4::int[])[s % 100 + 1], 'import',
      case when s / 100 % 2 = 0 then array[($5::int[])[s / 200 % 50 + 1], ($5::int[])[(s / 200 + 7) % 50 + 1]] else '{}' end,
      'KH' || lpad(n::text, 8, '0'), 'company', '苏州精密制造' || n || '有限公司', '+86138' || lpad(n::text, 8, '0'),
      (array['auto_parts','auto_vehicle','machinery','electronics','medical'])[s / 500 % 5 + 1], (array['a','b','c','d'])[s / 3000 % 4 + 1], (array['potential','intent','won','repeat','churned'])[s / 17000 % 5 + 1], (s % 5000) * 1000,
      'r' || (s % 5 + 1), '人民路' || s % 900 || '号', s % 3 = 0, s % 100, date '2026-01-01' + (s % 300)::int, ${more.map(({ sql }) => sql).join(', ')}
    from ${MIXED}`

interface Case { share: string; members: readonly number[]; sort: (typeof SORTS)[number] | typeof MASKED; name?: string }
type Values = Record<string, unknown>
type Ask = (turn: number) => Promise<Values[]>

async function compare(bench: BenchTenant, report: Report, each: Case): Promise<void> {
  const [ours, theirs] = [product(bench, each), await byHand(bench, each)]
  for (let turn = 0; turn < 12; turn++) {
    const [a, b] = [(await ours(turn)).map(plain), (await theirs(turn)).map(plain)]
    if (a.length === 0 || a.join('\n') !== b.join('\n')) throw new Error(`${each.share} by ${each.sort}, turn ${turn}: ${a.length} and ${b.length} rows, not the same\n${a.find((line, i) => line !== b[i])}\n${b.find((line, i) => line !== a[i])}`)
  }
  const times = await inTurns(ROUNDS, { ours, theirs })
  const name = each.name ?? `${each.share}-${each.sort}`
  const [mine, hand] = [percentile(times.ours, 0.95), percentile(times.theirs, 0.95)]
  report.figure(`${name}-p50-ratio`, percentile(times.ours, 0.5) / percentile(times.theirs, 0.5), '×')
  report.figure(`${name}-p95`, mine, 'ms')
  report.figure(`${name}-p95-by-hand`, hand, 'ms')
  report.figure(`${name}-p95-ratio`, mine / hand, '×', { atMost: 2 })
}

/** Among more records such an order has no index to follow, and is refused rather than slow. */
async function refusesMasked(bench: BenchTenant, each: Case): Promise<void> {
  const said = await product(bench, each)(0).then(() => 'answered', (error: { refusal?: { code: string } }) => error.refusal?.code)
  if (said !== 'SORT_NOT_AVAILABLE') throw new Error(`an order by a masked field of ${COUNT}: ${said}`)
}

/** Values as they are sent; what is empty or hidden is not there. */
const plain = (values: Values): string => JSON.stringify(FIELDS.map(({ key }) => { const value = values[key] ?? null; return value instanceof Date ? value.toISOString() : value }))

const filtered = (turn: number) => ({ field: 'level', op: 'eq', value: LEVELS[turn % LEVELS.length]! }) as const

const product = ({ db, tenant }: BenchTenant, { members, sort }: Case): Ask => async (turn) => {
  const page = await db.read(tenant, async (tx) => listRecords(await memberContext(tx, members[turn % members.length]!), 'customer',
    { filter: filtered(turn), sort: [{ field: sort, direction: 'desc' }], fields: FIELDS.map(({ key }) => key), limit: PAGE }))
  return page.records.map(({ values }) => values)
}

/** What a careful person writes for one member: only the policies that concern them, those about one field put together, in one named statement. */
async function byHand({ db, tenant, schema }: BenchTenant, { members, sort }: Case): Promise<Ask> {
  const hands = await db.read(tenant, async (tx) => new Map(await Promise.all(members.map(async (id): Promise<[number, Hand]> => {
    const { principal, metadata } = await memberContext(tx, id)
    if (principal.kind !== 'member') throw new Error('a member was asked for')
    const working = workedBetween(tx.now.getTime(), tx.now.getTime() + 1, { zone: tenant.zone, calendar: metadata.calendar }) > 0
    return [id, { schema, me: id, teams: [...principal.member.teamTree], sort, working, tagId: (key) => metadata.tags.byKey.get(key)!.id }]
  }))))
  const text = byHandText(hands.get(members[0]!)!, { policies: POLICIES, fields: FIELDS, page: PAGE })
  return async (turn) => {
    const { me, teams } = hands.get(members[turn % members.length]!)!
    const { rows } = await db.pool.query<Values>({ name: `by-hand lens ${sort} ${teams.length === 1}`, text, values: [me, filtered(turn).value, teams] })
    return rows.slice(0, PAGE).map((row) => Object.fromEntries(FIELDS.map(({ key }) => [key, row[`f_${key}`]])))
  }
}
