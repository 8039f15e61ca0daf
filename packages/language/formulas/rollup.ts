import { checkCondition, needsOf, toPredicate, NOTHING_SEEN, bind, toSql, UNASKED, type BindContext, type Checked, type ConditionSchema, type FieldFacts, type Image } from '../conditions/index.ts'
import type { Field, RollUp } from '../definitions/object.ts'
import { quotedName } from './names.ts'
import { literal, quoted } from './sql.ts'
import type { FormulaMoment } from './value.ts'

/** A roll-up whose fields exist and fit. */
export interface CheckedRollUp {
  take: RollUp['take']
  child: string
  via: string
  /** `via` may point to several objects: its value is `{object, id}`. */
  any: boolean
  of: string | null
  ofKind: FieldFacts['kind'] | null
  at: string
  where: Checked | null
  /** Fields of the child that decide. */
  reads: ReadonlySet<string>
}

const NUMERIC: readonly string[] = ['integer', 'decimal', 'money', 'percent']
const ORDERED: readonly string[] = [...NUMERIC, 'date', 'datetime']
const TAKEN: readonly string[] = [...ORDERED, 'text', 'select', 'boolean', 'member', 'team', 'region', 'phone', 'email', 'url', 'auto']

export type RollUpResult = { ok: true; rollup: CheckedRollUp } | { ok: false; path: string; zh: string; en: string }

/** Whether the field of `object` can be rolled up from its children so; the first thing that is wrong. */
export function checkRollUp({ kind, dictionary, rollup }: Pick<Field, 'kind' | 'dictionary'> & { rollup: RollUp }, object: string, schema: ConditionSchema): RollUpResult {
  const { object: child, via, take, of, at = 'created_at', where } = rollup
  const no = (path: string, zh: string, en: string): RollUpResult => ({ ok: false, path, zh, en })
  const link = schema.field(child, via)
  if (!link) return no('via', `没有字段「${child}.${via}」`, `There is no field "${child}.${via}"`)
  if (!pointsTo(link, object)) return no('via', `字段「${via}」不指向这个对象`, `Field "${via}" does not point to this object`)
  if ((take === 'count') !== (of === undefined)) return no('of', take === 'count' ? '计数不需要字段' : '请选择要汇总的字段', take === 'count' ? 'A count takes no field' : 'Choose the field to take')
  const taken = of === undefined ? undefined : schema.field(child, of)
  if (of !== undefined && !taken) return no('of', `没有字段「${child}.${of}」`, `There is no field "${child}.${of}"`)
  if (!(take === 'sum' ? NUMERIC : take === 'latest' ? TAKEN : ORDERED).includes(taken?.kind ?? 'integer')) return no('of', `「${of}」不能这样汇总`, `"${of}" cannot be taken this way`)
  if (!fits(kind, dictionary, take, taken)) return no('', `汇总结果不能放进 ${kind} 类字段`, `A ${kind} field cannot hold the result`)
  const time = schema.field(child, at)
  if (take === 'latest' && time?.kind !== 'datetime' && time?.kind !== 'date') return no('at', `「${at}」不是日期或时间`, `"${at}" is not a date or a time`)
  const checked = where === undefined ? null : checkCondition(where, { ...schema, object: child }, 'field-check')
  if (checked && !checked.ok) return no('where', checked.problems[0]!.zh, checked.problems[0]!.en)
  const needs = checked && needsOf(checked.checked)
  if (needs?.reach === 'over-time' || needs?.readsMember) return no('where', '汇总条件不能随时间或查看的人变化', 'The condition of a roll-up cannot depend on the clock or on who looks')
  const reads = new Set([via, ...(of === undefined ? [] : [of]), ...(take === 'latest' ? [at] : []), ...(needs?.own ?? [])])
  return { ok: true, rollup: { take, child, via, any: link.kind === 'anyReference', of: of ?? null, ofKind: taken?.kind ?? null, at, where: checked ? checked.checked : null, reads } }
}

const pointsTo = ({ kind, to }: FieldFacts, object: string): boolean =>
  (kind === 'reference' && to === object) || (kind === 'anyReference' && [to ?? []].flat().some((each) => each === object || each === '*'))

function fits(kind: string, dictionary: string | undefined, take: RollUp['take'], taken: FieldFacts | undefined): boolean {
  if (take === 'count') return kind === 'integer' || kind === 'decimal'
  if (take === 'sum') return NUMERIC.includes(kind) && (kind !== 'integer' || taken!.kind === 'integer') && (kind === 'percent') === (taken!.kind === 'percent')
  return kind === taken!.kind && dictionary === taken!.dictionary
}

/** Of what does this child speak? Its parent of `object`, by id; null when it has none or does not meet the condition. */
export function parentOf({ via, any, where }: CheckedRollUp, object: string): (image: Image, at: FormulaMoment) => string | null {
  const holds = where && toPredicate(where)
  return (image, { now, zone }) => {
    const link = image[via] as string | { object: string; id: string } | null | undefined
    if (link === null || link === undefined) return null
    const id = typeof link === 'string' ? link : any && link.object === object ? link.id : null
    return id === null || (holds && !holds(image, NOTHING_SEEN, { me: null, myTeams: [], now, zone, calendar: UNASKED })) ? null : id
  }
}

/** Predicate for the children that count, under the alias `c`. */
export function childrenSql({ child, via, any, where }: CheckedRollUp, object: string, moment: FormulaMoment): string {
  const at: BindContext = { me: null, myTeams: [], ...moment, calendar: UNASKED }
  const met = where && toSql(bind(where, at), {
    row: { object: child, alias: 'c' }, values: [], param: literal,
    column: (_, { key, kind }) => ({ sql: `c.${quotedName(key)}`, ...(kind === 'anyReference' && { object: `c.${quotedName(`${key}__object`)}` }) }),
    source: () => { throw new TypeError('the condition of a roll-up looks at the child alone') },
  }).text
  return [`c.gone_act is null`, ...(any ? [`c.${quotedName(`${via}__object`)} = ${quoted(object)}`] : []), ...(met ? [met] : [])].join(' and ')
}

/** The aggregate over children `c`; of nothing, a sum and a count are 0 and the rest is empty. */
export function aggregateSql({ take, of, at }: CheckedRollUp): string {
  const column = of === null ? '' : `c.${quotedName(of)}`
  switch (take) {
    case 'count': return 'count(*)'
    case 'sum': return `trim_scale(coalesce(sum(${column}), 0))`
    case 'latest': return `(array_agg(${column} order by c.${quotedName(at)} desc, c.id desc) filter (where c.${quotedName(at)} is not null))[1]`
    default: return `${take}(${column})`
  }
}

/** The value for the record `r`, worked out from all its children. */
export const rollUpSql = (rollup: CheckedRollUp, object: string, moment: FormulaMoment): string =>
  `(select ${aggregateSql(rollup)} from {t}."o_${rollup.child}" c where c.${quotedName(rollup.via)} = r.id and ${childrenSql(rollup, object, moment)})`
