import { bind, collectParams, columnName, needSql, normalise, plainEnv, tableName, toSql, type AggregateNeed, type BindContext } from '#language/conditions'
import type { Context } from '#kernel/access'
import type { FieldChanges } from '#kernel/changes'
import type { Tx } from '#platform/db'
import type { Aggregate } from './judge.ts'
import type { ChildQuery } from './world.ts'

/** The log of one record after a version, newest first. */
export interface Later { from: number; changes: { version: number; fields: FieldChanges }[] }

export async function fetchLater(tx: Tx, wanted: ReadonlyMap<string, number>): Promise<Map<string, Later>> {
  if (wanted.size === 0) return new Map()
  const rows = await tx.query<{ record: string; version: number; fields: FieldChanges }>(
    `select c.record, c.record_version as version, c.fields from unnest($1::uuid[], $2::int[]) w(record, version)
     join {t}.change c on c.record = w.record and c.record_version > w.version order by c.record, c.record_version desc`, [[...wanted.keys()], [...wanted.values()]], { name: 'later changes' })
  const found = Map.groupBy(rows, ({ record }) => record)
  return new Map([...wanted].map(([id, from]) => [id, { from, changes: found.get(id) ?? [] }]))
}

type Wanted = { need: AggregateNeed; ids: ReadonlySet<string> }

/** All aggregates over the records of one object in one statement: one row per record, two columns per aggregate. */
export async function fetchAggregates(ctx: Context, at: BindContext, object: string, wanted: readonly Wanted[]): Promise<Map<string, Map<string, Aggregate>>> {
  const params = collectParams()
  const ids = params.param([...new Set(wanted.flatMap((each) => [...each.ids]))], 'uuid[]')
  const env = plainEnv(ctx.tenant.schema, { object, alias: 'r' }, params)
  const columns = wanted.map(({ need }, i) => {
    const { value, until } = needSql(need, at, env)
    return `${value} as v${i}, ${until ?? 'null::timestamptz'} as u${i}`
  })
  const rows = await ctx.tx.query<Record<string, unknown>>(`select r.id, ${columns.join(', ')} from ${tableName(ctx.tenant.schema, object)} r where r.id = any(${ids})`, params.values, { name: 'aggregates' })
  return new Map(wanted.map(({ need }, i) => [need.key, new Map(rows.map((row) => [row['id'] as string, { value: row[`v${i}`], until: row[`u${i}`] as Date | null }]))]))
}

/** Ids of living children by parent, in the order of the query. */
export async function fetchChildren({ tenant: { schema }, tx, metadata }: Context, at: BindContext, { query, of, ids }: { query: ChildQuery; of: string; ids: ReadonlySet<string> }): Promise<Map<string, string[]>> {
  const params = collectParams()
  const wanted = params.param([...ids], 'uuid[]')
  const via = `c.${columnName(query.via)}`
  const several = metadata.fieldKind(query.object, query.via) === 'anyReference' ? `and ${via}__object = ${params.param(of, 'text')}` : ''
  const where = query.where === null ? 'true' : toSql(normalise(bind(query.where.checked, at)), plainEnv(schema, { object: query.object, alias: 'c' }, params)).text
  const behind = query.behind === undefined ? '' : `and c.id > ${params.param(query.behind, 'uuid')}`
  const order = (row: string) => (query.order === 'id' ? `${row}.id` : `${row}.created_at ${query.order === 'newest' ? 'desc' : ''}, ${row}.id`)
  const rows = await tx.query<{ parent: string; id: string }>(`select p.id as parent, found.id from unnest(${wanted}) with ordinality p(id, i) cross join lateral (
      select c.id, c.created_at from ${tableName(schema, query.object)} c where ${via} = p.id ${several} and c.gone_act is null ${behind} and ${where}
      order by ${order('c')} limit ${query.limit}) found
    order by p.i, ${order('found')}`, params.values, { name: 'children' })
  const found = Map.groupBy(rows, ({ parent }) => parent)
  return new Map([...ids].map((id) => [id, (found.get(id) ?? []).map((row) => row.id)]))
}

/** By `rule record`: the instants (ms) at which the rule's deadline has come for the record. */
export async function fetchEpisodes(tx: Tx, rule: string, records: readonly string[]): Promise<Map<string, Set<number>>> {
  const rows = await tx.query<{ record: string; at: Date }>('select record, opened_at as at from {t}.episode where rule = $1 and record = any($2::uuid[])', [rule, records], { name: 'episodes' })
  const found = Map.groupBy(rows, ({ record }) => record)
  return new Map(records.map((id) => [`${rule} ${id}`, new Set((found.get(id) ?? []).map(({ at }) => at.getTime()))]))
}

/** Changes of these fields (all: null) by whoever made change `event`, to the same record, in the `ms` up to it. */
export interface RepeatQuery { key: string; event: number; fields: readonly string[] | null; ms: number }

export async function fetchRepeats(tx: Tx, wanted: readonly RepeatQuery[]): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map()
  const rows = await tx.query<{ key: string; times: number }>(
    `select w.key, count(*)::int as times from json_to_recordset($1) as w(key text, event bigint, fields text[], ms bigint)
     join {t}.change e on e.seq = w.event join {t}.act ea on ea.id = e.act
     join {t}.change c on c.record = e.record and c.record_version between 2 and e.record_version and (w.fields is null or c.fields ?| w.fields)
     join {t}.act a on a.id = c.act and a.actor_kind = ea.actor_kind and a.actor_ref = ea.actor_ref and a.at > ea.at - w.ms * interval '1 millisecond'
     group by w.key`, [JSON.stringify(wanted)], { name: 'repeats' })
  return new Map(rows.map(({ key, times }) => [key, times]))
}

/** A chain of rules does not last longer than this. */
const CHAIN = '1 day'

/** By `rule record`: the first changes for which the rule has run on the record. */
export async function fetchFired({ tx, now }: Context, rule: string, records: readonly string[]): Promise<Map<string, Set<number>>> {
  const rows = await tx.query<{ record: string; root: number }>(
    `select r.record, coalesce((a.cause->>'root')::bigint, r.event) as root from {t}.run r
     left join {t}.change c on c.seq = r.event left join {t}.act a on a.id = c.act
     where r.record = any($1::uuid[]) and r.rule = $2 and r.started_at > $3::timestamptz - interval '${CHAIN}'`, [records, rule, now], { name: 'fired' })
  const found = Map.groupBy(rows, ({ record }) => record)
  return new Map(records.map((id) => [`${rule} ${id}`, new Set((found.get(id) ?? []).map(({ root }) => root))]))
}
