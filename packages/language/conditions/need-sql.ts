import { bindNode, withinWindow, type BindContext } from './bind.ts'
import { familyOf } from './kinds.ts'
import { deep, flat, moves, type AggregateNeed } from './needs.ts'
import { positive } from './normalise.ts'
import { edgesOf, standing, type Edge } from './time-edges.ts'
import { aggregated, childrenOf, latestRow, trueWhen, type SqlEnv } from './to-sql.ts'
import { addDays, dayOf, startOfDay } from '../values/day.ts'
import { fromMicros } from '../values/instant.ts'
import { TRUE, type AggregateNode, type BoundLeaf, type CheckedLeaf, type CheckedNode } from './tree.ts'

/**
 * What the database must say about one aggregate of the record at `env.row`, as expressions for a SELECT list.
 *
 * `value` goes to `Seen.aggregates[need.key]` as it comes: boolean (some/none), text (count, sum: exact), the cell (latest). `until` goes to `Seen.untils[need.key]`:
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

/** Deeper nodes that move are looked at again after an hour at the latest; whole days at the next midnight. */
const HOUR_MICROS = 3_600_000_000

function untilSql(node: AggregateNode<CheckedLeaf>, at: BindContext, env: SqlEnv): string | null {
  const where: CheckedNode = node.is === 'count' || node.is === 'sum' ? withinWindow(node) : node.where
  if (!deep(where).some(moves)) return null
  const { alias, from, link } = childrenOf({ ...node, where: TRUE } as unknown as AggregateNode<BoundLeaf>, env.row, env)
  const instants = flat(where).flatMap((leaf) => (moves(leaf) ? edgesIn(leaf as CheckedLeaf).map((edge) => passSql(leaf as CheckedLeaf, edge, env.column(alias, (leaf as CheckedLeaf).field).sql, at, env)) : []))
  const deeper = flat(where).some((each) => each.is !== 'leaf' && deep(each).some(moves))
  const capped = deeper ? [...instants, ofAny(at.now.getTime() * 1000 + HOUR_MICROS, env)] : instants
  return `(select ${isoText(`least(${capped.join(', ')})`)} from ${from} where ${link})`
}

const edgesIn = (leaf: CheckedLeaf): Edge[] => {
  const { from, until } = edgesOf(leaf)
  return [from, until].filter((edge) => edge !== null && (edge.at === 'now' || edge.at === 'today')) as Edge[]
}

/** When the edge next passes one of the children's values: those it has not passed yet stand at it or after it. */
function passSql(leaf: CheckedLeaf, edge: Edge, column: string, at: BindContext, env: SqlEnv): string {
  if (edge.at === 'today') return ofAny(nextMidnight(at) * 1000, env)
  const stands = env.param(fromMicros(standing(edge, 'instant', at) as number), 'timestamptz')
  return `min(${column}) filter (where ${column} >= ${stands}) + ${env.param(`${1 - edge.plus} microseconds`, 'interval')}`
}

/** A fixed instant if there is any child at all. */
const ofAny = (micros: number, env: SqlEnv): string => `min(${env.param(fromMicros(micros), 'timestamptz')})`

const nextMidnight = ({ now, zone }: BindContext): number => startOfDay(addDays(dayOf(now.getTime(), zone), 1), zone)

