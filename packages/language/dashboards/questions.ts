import type { Condition } from '../conditions/index.ts'
import type { FieldKind, Grouping, Measure, Sort, Tile } from '../definitions/index.ts'
import type { Day } from '../values/index.ts'
import { previousDays, spanDays, stretchLast, type Days } from './spans.ts'

type Kind = FieldKind | 'tags'
type Key = string | number | boolean | null

/** What a tile asks: how much of what, or which records. */
export type Question =
  | { ask: 'aggregate'; object: string; filter: Condition; measures: Measure[]; groupBy: Grouping[]; order?: { by: 'key' | number; direction: 'asc' | 'desc' }; top?: number }
  | { ask: 'list'; object: string; filter: Condition; fields: string[]; sort: Sort[]; limit: number }

/** The tile's question as of a day; `before`: of the period before. */
export function questionOf(tile: Tile, today: Day, before = false): Question {
  const { object } = tile
  const filter = before ? previousFilter(tile, today) : tileFilter(tile, today)
  if (tile.kind === 'list') return { ask: 'list', object, filter, fields: tile.columns, sort: tile.sort, limit: tile.limit }
  const asked = { ask: 'aggregate' as const, object, filter, measures: [tile.measure] }
  switch (tile.kind) {
    case 'number': return { ...asked, groupBy: [] }
    case 'bar': return { ...asked, groupBy: levels(tile), ...(tile.group.by ? IN_ORDER : { top: tile.limit }) }
    case 'ranking': return { ...asked, groupBy: [tile.group], top: tile.limit }
    case 'line': return { ...asked, groupBy: levels(tile), ...IN_ORDER }
    case 'funnel': return { ...asked, groupBy: [tile.group] }
  }
}

const IN_ORDER = { order: { by: 'key', direction: 'asc' } } as const
const levels = ({ group, split }: { group: Grouping; split?: Grouping | undefined }): Grouping[] => (split ? [group, split] : [group])

/** What the tile is of: its filter and its period. */
export const tileFilter = (tile: Pick<Tile, 'filter' | 'period'>, today: Day): Condition => (tile.period ? both(tile.filter, within(tile.period.field, spanDays(tile.period.span, today))) : tile.filter)

function previousFilter(tile: Tile, today: Day): Condition {
  const how = tile.kind === 'number' ? (tile.compare ?? 'whole') : 'whole'
  return tile.period ? both(tile.filter, within(tile.period.field, previousDays(tile.period.span, today, how))) : tile.filter
}

const within = (field: string, { first, last }: Days): Condition => ({ field, op: 'between', value: [first, last] })

/** One condition beside another; groups of all stay flat, so that the sentence stays plain. */
function both(a: Condition, b: Condition): Condition {
  const parts = [a, b].flatMap((each) => ('all' in each ? each.all : [each]))
  return { all: parts }
}

/** The records of one group: of a key, or where the field is empty. */
export const groupFilter = (base: Condition, grouping: Grouping, key: Key, kind: Kind): Condition => both(base, keyed(grouping, key, kind))

const SETS: ReadonlySet<Kind> = new Set(['tags', 'multiselect', 'members'])
function keyed({ field, by = 'day' }: Grouping, key: Key, kind: Kind): Condition {
  if (key === null) return { field, op: 'empty' }
  if (kind === 'date' || kind === 'datetime') return within(field, { first: key as string, last: stretchLast(by, key as string) })
  return { field, op: SETS.has(kind) ? 'has' : 'eq', value: SETS.has(kind) && kind !== 'members' ? (key as string) : key }
}

/** The records of all groups that are not among `keys`. Of a field of several values a record of the rest may stand in others too, so it cannot be told: null. */
export function restFilter(base: Condition, { field }: Grouping, keys: readonly Key[], kind: Kind): Condition | null {
  if (SETS.has(kind)) return null
  const named = keys.filter((key) => key !== null)
  const others: Condition = kind === 'boolean' ? { all: named.map((key) => ({ field, op: 'ne', value: key })) } : { field, op: 'notIn', value: named as (string | number)[] }
  const filled = keys.includes(null)
  if (named.length === 0) return both(base, { field, op: 'notEmpty' })
  return both(base, filled ? others : { not: kind === 'boolean' ? { any: named.map((key) => ({ field, op: 'eq', value: key })) } : { field, op: 'in', value: named as (string | number)[] } })
}

/** The records that have come to one of these steps. */
export const stepsFilter = (base: Condition, field: string, steps: readonly string[]): Condition => both(base, { field, op: 'in', value: [...steps] })

/** Fields of its own object that a tile names beside its filter. */
export function fieldsOf(tile: Tile): string[] {
  const own = tile.kind === 'list' ? [...tile.columns, ...tile.sort.map(({ field }) => field)] : [...('field' in tile.measure ? [tile.measure.field] : []), ...('group' in tile ? [tile.group.field] : []), ...('split' in tile && tile.split ? [tile.split.field] : [])]
  return [...own, ...(tile.period ? [tile.period.field] : [])]
}
