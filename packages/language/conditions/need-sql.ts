import { bindNode, withinWindow, type BindContext } from './bind.ts'
import { familyOf } from './kinds.ts'
import { deep, flat, inside, moves, type AggregateNeed } from './needs.ts'
import { positive } from './normalise.ts'
import { edgesOf, monthStart, standing, type Edge } from './time-edges.ts'
import { aggregated, childrenOf, latestRow, recentlyMet, trendRow, trueWhen, type Row, type SqlEnv } from './to-sql.ts'
import { addDays, dayOf, startOfDay } from '../values/day.ts'
import { fromMicros } from '../values/instant.ts'
import { TRUE, type AggregateNode, type BoundLeaf, type CheckedLeaf, type CheckedNode, type ParentNode } from './tree.ts'

/**
 * What the database must say about one aggregate of the record at `env.row`, as expressions for a SELECT list.
 *
 * `value` goes to `Seen.aggregates[need.key]` as it comes: boolean (some/none), text (count, sum, recent: exact), texts (trend), the cell (latest). `until` goes to `Seen.untils[need.key]`:
 * the first instant at which the clock alone could change the value, ISO text or NULL; absent when it never can.
 */
export function needSql({ node }: AggregateNeed, at: BindContext, env: SqlEnv): { value: string; until: string | null } {
  return { value: valueSql(positive(bindNode(uncompared(node), at)) as AggregateNode<BoundLeaf>, env), until: untilSql(node, at, env) }
}

/** The value is wanted whatever it is compared with. */
const uncompared = (node: AggregateNode<CheckedLeaf>): AggregateNode<CheckedLeaf> =>
  node.is === 'latest' ? { ...node, leaf: { ...node.leaf, op: 'notEmpty', value: null, members: null } } : node

function valueSql(node: AggregateNode<BoundLeaf>, env: SqlEnv): string {
  switch (node.is) {
    case 'some': case 'none': return trueWhen({ ...node, is: 'some' }, env.row, env).text
    case 'count': case 'sum': return `${aggregated(node, env.row, env).text}::text`
    case 'recent': return `${recentlyMet(node, env.row, env).text}::text`
    case 'trend': return `(select array[${node.spans.map((_, i) => `trend.v${i}::text`).join(', ')}] from (${trendRow(node, env.row, env).text}) trend)`
    case 'latest': return `(select ${latestCell(node)} from (${latestRow(node, env.row, env).text}) latest)`
  }
}

const latestCell = ({ leaf: { field } }: { leaf: BoundLeaf }): string => {
  if (field.kind === 'anyReference') return `jsonb_build_object('id', latest.value, 'object', latest.object)`
  const family = familyOf(field)
  if (family === 'instant') return isoText('latest.value')
  return family === 'decimal' || family === 'day' ? 'latest.value::text' : 'latest.value'
}

/** ISO 8601 with all six decimals: a client's Date would drop three of them, and with them a flip of the verdict. */
const isoText = (sql: string): string => `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Over all visible children, whether they are counted now or not: early is allowed, late is not. */
function untilSql(node: AggregateNode<CheckedLeaf>, at: BindContext, env: SqlEnv): string | null {
  const where = windowed(node)
  return deep(where).some(moves) ? `(select ${isoText('passing.at')} from (select ${overChildren(node, where, env.row, at, env)} as at) passing)` : null
}

const windowed = (node: AggregateNode<CheckedLeaf>): CheckedNode => (node.is === 'count' || node.is === 'sum' ? withinWindow(node) : { is: 'all', parts: inside(node) })

/** Instants (timestamptz or NULL) at which the clock may turn a leaf of the tree about this row or the rows it reaches. */
function passings(tree: CheckedNode, row: Row, at: BindContext, env: SqlEnv): string[] {
  return flat(tree).flatMap((node): string[] => {
    if (!deep(node).some(moves)) return []
    if (node.is === 'leaf') return edgesIn(node).map((edge) => passing(edge, env.column(row, node.field).sql, at, env))
    if (node.is === 'parent') return [overParent(node, row, at, env)]
    return 'relation' in node ? [overChildren(node, windowed(node), row, at, env)] : []
  })
}

function overParent(node: ParentNode<CheckedLeaf>, row: Row, at: BindContext, env: SqlEnv): string {
  const { table, row: parent } = env.source(node.object)
  return `(select least(${passings(node.where, parent, at, env).join(', ')}) from ${table} ${parent.alias} where ${parent.alias}.id = ${env.column(row, node.field).sql})`
}

/** The newest child's own leaf may be any child's. */
function overChildren(node: AggregateNode<CheckedLeaf>, where: CheckedNode, row: Row, at: BindContext, env: SqlEnv): string {
  const { alias, from, link } = childrenOf({ ...node, where: TRUE } as unknown as AggregateNode<BoundLeaf>, row, env)
  const judged: CheckedNode = node.is === 'latest' ? { is: 'all', parts: [where, node.leaf] } : where
  return `(select min(least(${passings(judged, alias, at, env).join(', ')})) from ${from} where ${link})`
}

const edgesIn = (leaf: CheckedLeaf): Edge[] => {
  const { from, until } = edgesOf(leaf)
  return [from, until].filter((edge) => edge !== null && (edge.at === 'now' || edge.at === 'today')) as Edge[]
}

/** When the edge next passes the value: only if it has not passed it yet. Whole days are looked at again at the next midnight, whole months when the next begins. */
function passing(edge: Edge, column: string, at: BindContext, env: SqlEnv): string {
  if (edge.at === 'today') return env.param(fromMicros(nextDay(edge, at) * 1000), 'timestamptz')
  const stands = env.param(fromMicros(standing(edge, 'instant', at) as number), 'timestamptz')
  return `case when ${column} >= ${stands} then ${column} + ${env.param(`${1 - edge.plus} microseconds`, 'interval')} end`
}

function nextDay({ month }: Edge, { now, zone }: BindContext): number {
  const today = dayOf(now.getTime(), zone)
  return startOfDay(month === undefined ? addDays(today, 1) : monthStart(today, 1), zone)
}
