import { bind, toSql, UNASKED, type BindContext } from '../conditions/index.ts'
import { dayOf } from '../values/index.ts'
import type { CheckedFormula, Typed } from './ast.ts'
import type { FormulaMoment } from './value.ts'

/** How the columns of the record are written: plain, or the expression of a field that is itself worked out while reading. */
export interface FormulaEnv { column(key: string): string; moment: FormulaMoment }

/** The formula as a SQL expression of the field's column type; it agrees with `toValue` to the last digit. Literals stand in it: it belongs to published definitions, not to requests. */
export function formulaSql({ kind, root }: CheckedFormula, env: FormulaEnv): string {
  return stored(kind, part(root, env))
}

function part(node: Typed, env: FormulaEnv): string {
  switch (node.is) {
    case 'number': return `${node.value}::numeric`
    case 'words': return `${quoted(node.value)}::text`
    case 'flag': return String(node.value)
    case 'today': return `date ${quoted(dayOf(env.moment.now.getTime(), env.moment.zone))}`
    case 'field': return field(node, env)
    case 'binary': return binary(node, env)
    case 'if': return `case when ${test(node, env)} then ${part(node.yes, env)} else ${node.else ? part(node.else, env) : `null::${TYPES[node.type]}`} end`
    case 'call': return call(node, env)
  }
}

const TYPES = { number: 'numeric', text: 'text', option: 'text', day: 'date', flag: 'boolean' } as const

function field({ key, kind }: Extract<Typed, { is: 'field' }>, { column, moment }: FormulaEnv): string {
  const sql = column(key)
  if (kind === 'percent') return `(${sql} * 0.01)`
  if (kind === 'integer') return `${sql}::numeric`
  return kind === 'datetime' ? `(${sql} at time zone ${quoted(moment.zone)})::date` : sql
}

function binary({ op, left, right }: Extract<Typed, { is: 'binary' }>, env: FormulaEnv): string {
  const [a, b] = [part(left, env), part(right, env)]
  return op === '/' ? `nextmove.quotient(${a}, ${b})` : `(${a} ${op} ${b})`
}

function call({ name, args, places, type }: Extract<Typed, { is: 'call' }>, env: FormulaEnv): string {
  const given = args.map((each) => part(each, env))
  switch (name) {
    case 'sum': return `(case when num_nonnulls(${given.join(', ')}) > 0 then ${given.map((each) => `coalesce(${each}, 0)`).join(' + ')} end)`
    case 'min': return `least(${given.join(', ')})`
    case 'max': return `greatest(${given.join(', ')})`
    case 'round': return `round(${given[0]!}, ${places})`
    case 'abs': return `abs(${given[0]!})`
    case 'ifempty': return `coalesce(${given.join(', ')})::${TYPES[type]}`
    case 'days': return `(${given[1]!} - ${given[0]!})::numeric`
    case 'text': return `nullif(concat(${args.map((each, i) => spoken(each, given[i]!)).join(', ')}), '')`
  }
}

const spoken = ({ type }: Typed, sql: string): string => (type === 'number' ? `trim_scale(${sql})::text` : type === 'day' ? `to_char(${sql}, 'YYYY-MM-DD')` : sql)

function test({ test: checked }: Extract<Typed, { is: 'if' }>, { column, moment }: FormulaEnv): string {
  const at: BindContext = { me: null, myTeams: [], ...moment, calendar: UNASKED }
  return toSql(bind(checked, at), {
    row: { object: checked.object, alias: '' }, values: [],
    param: literal,
    column: (_, { key, kind }) => ({ sql: column(key), ...(kind === 'anyReference' && { object: column(`${key}__object`) }) }),
    source: () => { throw new TypeError('a test of a formula looks at the record alone') },
  }).text
}

/** Whole digits that a column promises to keep; beyond them there is no value. */
function stored(kind: CheckedFormula['kind'], sql: string): string {
  switch (kind) {
    case 'money': return kept(`round(${sql}, 2)`)
    case 'decimal': return kept(`round(${sql}, 10)`)
    case 'percent': return kept(`round(${sql} * 100, 10)`)
    case 'integer': return `(select case when abs(v) <= 9007199254740991 then v::bigint end from (select round(${sql}, 0) as v) x)`
    case 'text': return `left(${sql}, 2000)`
    default: return sql
  }
}

const kept = (sql: string): string => `(select case when abs(v) < 1e30::numeric then trim_scale(v) end from (select ${sql} as v) x)`

type Scalar = string | number | boolean
export function literal(value: unknown, type: string): string {
  if (Array.isArray(value)) return `array[${(value as Scalar[]).map((each) => quoted(String(each))).join(', ')}]::${type}`
  return value === null ? `null::${type}` : `${quoted(String(value as Scalar))}::${type}`
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
