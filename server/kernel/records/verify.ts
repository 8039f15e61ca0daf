import type { Context } from '#kernel/access'
import { logOf, rebuild, type ChangeRow, type Difference, type Verification } from '#kernel/changes'
import type { ObjectMetadata } from '#kernel/metadata'
import { derivedSql, isDerived } from '#language/formulas'
import { imageOf, type Row } from './image.ts'
import { digestOf } from './persist.ts'
import { compilePlan, type ObjectPlan } from './plan.ts'
import { driftedLoads } from './recount.ts'
import type { RecordImage } from './types.ts'
import { same } from './values.ts'

const PAGE = 500

/** Replay the log of every record and compare it with the rows, and recount every member's load. Reads in pages; meant for a job. */
export async function verifyTenant(ctx: Context): Promise<Verification> {
  const found: Verification = { records: 0, changes: 0, differences: [], loads: await recount(ctx) }
  for (const object of ctx.metadata.objects.values()) await verifyObject(ctx, object, found)
  found.differences.push(...(await rowless(ctx)), ...(await driftedLoads(ctx)), ...(await misderived(ctx)))
  return found
}

async function verifyObject(ctx: Context, object: ObjectMetadata, found: Verification): Promise<void> {
  // Retired fields are part of what was logged.
  const plan = compilePlan(ctx.metadata, { ...object, field: new Map(object.fields.map((field) => [field.key, field])) })
  for (let last: string | null = null; ;) {
    const rows: Row[] = await ctx.tx.query<Row>(`select ${plan.select} from ${object.table} r where $1::uuid is null or r.id > $1 order by r.id limit ${PAGE}`, [last])
    const logs = await logOf(ctx.tx, rows.map((row) => row['id'] as string))
    for (const row of rows) {
      const log = logs.get(row['id'] as string) ?? []
      found.records += 1
      found.changes += log.length
      found.differences.push(...differences(plan, imageOf(plan, ctx.metadata, row), log))
    }
    if (rows.length < PAGE) return
    last = rows.at(-1)!['id'] as string
  }
}

/** What the row says that the log does not, field by field. */
function differences(plan: ObjectPlan, row: RecordImage, log: readonly ChangeRow[]): Difference[] {
  const rebuilt = rebuild(log)
  const differ = (field: string, said: unknown, stands: unknown): Difference[] => (same(said ?? null, stands ?? null) ? [] : [{ object: row.object, record: row.id, field, log: said ?? null, row: stands ?? null }])
  if (!rebuilt) return differ('$log', null, row.recordVersion)
  const frame = [
    ...differ('$version', rebuilt.recordVersion, row.recordVersion),
    ...differ('$gone', rebuilt.gone, row.gone),
    ...differ('created_at', rebuilt.createdAt.toISOString(), row.values['created_at']),
    ...differ('updated_at', rebuilt.updatedAt.toISOString(), row.values['updated_at']),
  ]
  if (plan.object.immutable) return [...frame, ...differ('$hash', rebuilt.digest, digestOf(plan, row.values))]
  return [...frame, ...plan.cells.filter(({ key }) => !FRAME.has(key) && !isDerived(plan.fields.get(key)?.definition ?? {})).flatMap(({ key }) => differ(key, rebuilt.values[key], row.values[key]))]
}

/** Told by the acts, not by the changes. */
const FRAME: ReadonlySet<string> = new Set(['created_at', 'created_by', 'updated_at', 'updated_by'])

/** Records of which the log speaks and that have no row: something removed them behind the log. */
async function rowless({ tx, metadata }: Context): Promise<Difference[]> {
  const found = await Promise.all([...metadata.objects.values()].map(({ key, table }) => tx.query<{ record: string }>(
    `select c.record from {t}.change c where c.object = $1 and c.record_version = 1 and not exists (select from ${table} r where r.id = c.record) and not exists (select from {t}.erased_record e where e.record = c.record)`, [key])
    .then((rows) => rows.map(({ record }) => ({ object: key, record, field: '$row', log: 1, row: null })))))
  return found.flat()
}

/** Derived fields are not compared with the log but worked out again, each from what it follows from; at most a hundred findings of each. */
async function misderived({ tx, metadata, now, tenant }: Context): Promise<Difference[]> {
  const derivations = metadata.derivations()
  const found = await Promise.all(derivations.order.filter(({ moves }) => !moves).map((each) => tx.query<{ record: string; log: unknown; row: unknown }>(
    `select * from (select r.id as record, ${derivedSql(each, derivations, 'r', { now, zone: tenant.zone })} as log, r."f_${each.key}" as row from {t}."o_${each.object}" r where r.gone_act is null) x where log is distinct from row limit 100`)
    .then((rows) => rows.map((row) => ({ object: each.object, field: each.key, ...row })))))
  return found.flat()
}

const recount = ({ tx }: Context): Promise<Verification['loads']> => tx.query(`select member, kind, coalesce(a.n, 0) as recounted, coalesce(l.open, 0) as stored
  from (select member, kind, count(*)::int as n from {t}.assignment where closed_at is null and kind is not null group by member, kind) a
  full join {t}.member_load l using (member, kind) where coalesce(a.n, 0) <> coalesce(l.open, 0) order by member, kind`)
