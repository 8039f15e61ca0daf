import { refuse, refused, Refused } from '#contract'
import { canGroup, canMeasure, GROUPED_SETS, GROUPED_TIMES, type Grouping, type Measure } from '#language/definitions'
import type { Context, Lens, LensField, Params } from '#kernel/access'

/** A grouping in SQL: its key, and the join that spreads a field of several values. `day`: answered as text, gathered as days, which is quicker. */
export interface GroupSql { key: string; join: string; spread: boolean; text: boolean; day: boolean }

/** Refused FIELD_NOT_AVAILABLE alike for unknown and hidden fields, AGGREGATE_NOT_AVAILABLE for what cannot be grouped. */
export function groupSql(ctx: Context, lens: Lens, { field: key, by }: Grouping, { no, given }: { no: number; given: Params }): GroupSql {
  const at = `groupBy.${no}`
  const field = seen(lens, key, at)
  if (GROUPED_TIMES.has(field.kind)) return { ...plainly(stretchSql(ctx, field, by ?? 'day', given)), day: true }
  if (by !== undefined || !canGroup(field.kind)) return refused('AGGREGATE_NOT_AVAILABLE', at, { field: key })
  if (GROUPED_SETS.has(field.kind)) return spread(field, { no, given })
  return plainly(field.objectColumn ? `${field.objectColumn('r', given)} || ':' || ${field.column('r', given)}` : field.column('r', given), field.kind === 'text' && field.read === 'full')
}

const plainly = (key: string, text = false): GroupSql => ({ key, join: '', spread: false, text, day: false })

/** The first day of the stretch. */
function stretchSql({ tenant }: Context, field: LensField, by: NonNullable<Grouping['by']>, given: Params): string {
  const wall = field.kind === 'date' ? `${field.column('r', given)}::timestamp` : `(${field.column('r', given)} AT TIME ZONE ${given.add(tenant.zone, 'text')})`
  return `date_trunc('${by}', ${wall})::date`
}

function spread(field: LensField, { no, given }: { no: number; given: Params }): GroupSql {
  const column = field.column('r', given)
  const type = field.kind === 'multiselect' ? 'text' : 'int'
  return { key: `u${no}.value`, spread: true, text: false, day: false, join: ` CROSS JOIN LATERAL unnest(CASE WHEN cardinality(${column}) > 0 THEN ${column} ELSE ARRAY[NULL]::${type}[] END) AS u${no}(value)` }
}

/**
 * A measure in three steps, so that groups can be folded together: `partial` over records; `joined` over partials of
 * groups; `shown` as it is answered. Distinct values of folded groups are not known from those of each: null.
 */
export interface MeasureSql {
  partials: readonly { name: string; sql: string; join: 'sum' | 'min' | 'max' }[]
  foldable: boolean
  /** Over a row that has the partials, each under what `of` makes of its name. */
  shown(of: (name: string) => string): string
  /** Comparable, for an order by size. */
  size(of: (name: string) => string): string
}

/** Refused as groupSql refuses. */
export function measureSql(lens: Lens, measure: Measure, { no, given }: { no: number; given: Params }): MeasureSql {
  if (measure.of === 'count') return { partials: [], foldable: true, shown: (of) => `${of('n')}::int8`, size: (of) => of('n') }
  const at = `measures.${no}`
  const field = seen(lens, measure.field, at)
  const [column, p, c] = [field.column('r', given), `p${no}`, `c${no}`]
  if (!canMeasure(measure.of, field.kind)) return refused('AGGREGATE_NOT_AVAILABLE', at, { field: measure.field })
  if (measure.of === 'distinct') return { foldable: false, partials: [{ name: p, sql: `count(DISTINCT ${column})`, join: 'max' }], shown: (of) => `${of(p)}::int8`, size: (of) => of(p) }
  if (measure.of === 'min' || measure.of === 'max') return extreme({ of: measure.of, p, given }, field)
  const sum = { name: p, sql: `sum(${column})`, join: 'sum' as const }
  if (measure.of === 'sum') return { foldable: true, partials: [sum], shown: (of) => exact(of(p)), size: (of) => of(p) }
  const mean = (of: (name: string) => string) => `${of(p)} / nullif(${of(c)}, 0)`
  return { foldable: true, partials: [sum, { name: c, sql: `count(${column})`, join: 'sum' }], shown: (of) => exact(`round((${mean(of)})::numeric, ${field.kind === 'money' ? 2 : 6})`), size: mean }
}

function extreme({ of, p, given }: { of: 'min' | 'max'; p: string; given: Params }, field: LensField): MeasureSql {
  const shown = field.kind === 'date' ? (value: string) => `${value}::text` : field.kind === 'datetime' ? (value: string) => `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : exact
  return { foldable: true, partials: [{ name: p, sql: `${of}(${field.column('r', given)})`, join: of }], shown: (at) => shown(at(p)), size: (at) => at(p) }
}

/** The canonical text of a decimal. */
const exact = (value: string): string => `trim_scale((${value})::numeric)::text`

function seen(lens: Lens, key: string, at: string): LensField {
  const field = lens.field(key)
  if (!field) throw new Refused(refuse('FIELD_NOT_AVAILABLE', at, { field: key }))
  return field
}
