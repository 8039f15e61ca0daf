import type { Operator } from './ast.ts'
import { cleanText } from '../values/text.ts'
import { canonicalDecimal } from '../values/money.ts'
import { parseDay } from '../values/day.ts'
import { durationDays, isWorkingTime, parseDuration } from '../values/duration.ts'
import { parseInstant } from '../values/instant.ts'
import { isE164 } from '../values/phone-format.ts'
import { isArea, isRegionCode, regionPrefixes } from '../values/region.ts'
import { familyOf, isTime, type Family } from './kinds.ts'
import { problem, type Problem, type ProblemCode } from './problems.ts'
import type { ConditionSchema } from './schema.ts'
import type { CheckedLeaf, FieldRef } from './tree.ts'

type Literal = string | number | boolean
type Read = { ok: true; value: Literal } | { ok: false; code: ProblemCode; detail: string[] }

const good = (value: Literal): Read => ({ ok: true, value })
const bad = (code: ProblemCode, ...detail: string[]): Read => ({ ok: false, code, detail })
const misfit = (field: FieldRef, form: string): Read => bad('value_not_for_kind', field.kind, form)

export const LIST_OPERATORS: ReadonlySet<Operator> = new Set(['in', 'notIn', 'hasAny', 'hasNone'])
const PAIR_OPERATORS: ReadonlySet<Operator> = new Set(['between', 'notBetween'])
const TREE_OPERATORS: ReadonlySet<Operator> = new Set(['under', 'notUnder'])
const SUBSTRING: ReadonlySet<Operator> = new Set(['contains', 'notContains', 'startsWith', 'notStartsWith'])
const CLOCK: ReadonlySet<Operator> = new Set(['olderThan', 'notOlderThan', 'withinLast', 'notWithinLast', 'withinNext', 'notWithinNext'])

export interface Asked { field: FieldRef; op: Operator; value: unknown; path: string; schema: ConditionSchema; /** On children of the record: the next instant at which one of them counts otherwise is asked of the database, which knows no calendar. */ among?: boolean }

/** The value in its canonical form with what it stands for, or everything that is wrong with it. */
export function checkValue(asked: Asked): Pick<CheckedLeaf, 'value' | 'members'> | Problem[] {
  const { op, value, path } = asked
  if (op === 'empty' || op === 'notEmpty') return value === undefined ? { value: null, members: null } : [problem(path, 'value_not_allowed', op)]
  if (value === undefined || value === null) return [problem(path, 'value_missing', op)]
  if (CLOCK.has(op)) return checkLength(asked)
  return Array.isArray(value) ? checkList(asked, value) : checkSingle(asked)
}

function checkSingle(asked: Asked): Pick<CheckedLeaf, 'value' | 'members'> | Problem[] {
  const { op, path, value } = asked
  if (PAIR_OPERATORS.has(op)) return [problem(path, 'two_expected')]
  if (LIST_OPERATORS.has(op) && !isTeams(value)) return [problem(path, 'list_expected', op)]
  const read = readOperand(value, asked)
  return read.ok ? { value: read.value as Literal, members: membersOf(asked, [read.value as Literal]) } : [refused(path, read)]
}

function checkList(asked: Asked, values: unknown[]): Pick<CheckedLeaf, 'value' | 'members'> | Problem[] {
  const { op, path } = asked
  if (PAIR_OPERATORS.has(op) ? values.length !== 2 : !LIST_OPERATORS.has(op) && !TREE_OPERATORS.has(op)) return [PAIR_OPERATORS.has(op) ? problem(path, 'two_expected') : problem(path, 'single_expected', op)]
  const reads = values.map((value) => readOperand(value, asked))
  const problems = reads.flatMap((read, i) => (read.ok ? [] : [refused(`${path}.${i}`, read)]))
  if (problems.length > 0) return problems
  const list = reads.flatMap((read) => (read.ok ? [read.value] : [])) as Literal[]
  return { value: list, members: membersOf(asked, list) }
}

const refused = (path: string, { code, detail }: { code: ProblemCode; detail: string[] }): Problem => problem(path, code, ...(detail as never))

/** Options below, region prefixes, tag ids: null where the value stands for itself. */
function membersOf({ field, op, schema }: Asked, values: readonly Literal[]): CheckedLeaf['members'] {
  if (field.kind === 'tags') return values.map((key) => schema.tagId(String(key))!)
  if (!TREE_OPERATORS.has(op)) return null
  if (field.kind === 'region') return [...new Set(values.flatMap((key) => regionPrefixes(String(key))))]
  if (field.kind === 'select') return [...new Set(values.flatMap((key) => schema.optionsUnder(field.dictionary ?? '', String(key))))]
  return null
}

/** Working time is counted day by day: about ten years of it. */
const MOST_WORKING = { wm: 999_999, wh: 20_000, wd: 2_500 }

function checkLength({ field, value, path, among }: Asked): Pick<CheckedLeaf, 'value' | 'members'> | Problem[] {
  if (typeof value !== 'string' || !/^\d{1,6}(s|m|h|d|w|wm|wh|wd)$/.test(value)) return [problem(path, 'value_not_for_kind', field.kind, '72h, 3d')]
  if (isWorkingTime(value) && among) return [problem(path, 'working_time')]
  if (isTooLong(value)) return [problem(path, 'value_not_for_kind', field.kind, '20000wh, 2500wd')]
  if (familyOf(field) === 'day' && durationDays(value) === null && !value.endsWith('wd')) return [problem(path, 'duration_not_for_kind')]
  return { value, members: null }
}

function isTooLong(text: string): boolean {
  const { amount, unit } = parseDuration(text)!
  return (unit === 'wm' || unit === 'wh' || unit === 'wd') && amount > MOST_WORKING[unit]
}

const isTeams = (value: unknown): boolean => typeof value === 'object' && value !== null && 'myTeams' in value

/** A literal, or `me`, `myTeams`, `now`, `today` where the field can be compared with it. */
function readOperand(value: unknown, asked: Asked): Read | { ok: true; value: object } {
  if (typeof value !== 'object' || value === null) return readLiteral(value as Literal, asked)
  const { field, op } = asked
  const family = familyOf(field)
  if ('me' in value) return family === 'member' || family === 'members' ? { ok: true, value } : misfit(field, 'me → member, members')
  if ('myTeams' in value) return family === 'team' && (op === 'in' || op === 'notIn') ? { ok: true, value } : misfit(field, 'myTeams → team in')
  return isTime(family) ? readMoment(value as Moment, family as 'day' | 'instant') : misfit(field, 'now, today → date, datetime')
}

type Moment = { today?: true; plus?: string; minus?: string }
function readMoment(value: Moment, family: 'day' | 'instant'): Read | { ok: true; value: object } {
  const away = [value.plus, value.minus].filter((each) => each !== undefined)
  if (away.some(isWorkingTime)) return bad('working_time')
  const wholeDays = family === 'day' || 'today' in value
  return wholeDays && away.some((each) => durationDays(each) === null) ? bad('duration_not_for_kind') : { ok: true, value }
}

const readLiteral = (value: Literal, asked: Asked): Read => LITERALS[familyOf(asked.field)](value, asked)

const LITERALS: Readonly<Record<Family, (value: Literal, asked: Asked) => Read>> = {
  text: (value, { field }) => readText(value, field),
  phone: (value, { field, op }) => (SUBSTRING.has(op) ? readText(value, field) : matching(value, isE164, field, '+8613800138000')),
  number: (value, { field }) => (typeof value === 'number' && Number.isSafeInteger(value) ? good(value) : misfit(field, '12')),
  decimal: (value, { field }) => readDecimal(value, field),
  boolean: (value, { field }) => (typeof value === 'boolean' ? good(value) : misfit(field, 'true, false')),
  day: (value, { field }) => matching(value, (text) => parseDay(text).ok, field, '2026-11-22'),
  instant: (value, { field }) => readInstant(value, field),
  option: readOption,
  options: readOption,
  tags: (value, { field, schema }) => (typeof value !== 'string' ? misfit(field, 'tag') : schema.tagId(value) === undefined ? bad('unknown_tag', value) : good(value)),
  region: readRegion,
  record: (value, { field }) => readUuid(value, field),
  anyRecord: readAnyRecord,
  member: (value, { field }) => readId(value, field),
  members: (value, { field }) => readId(value, field),
  team: (value, { field }) => readId(value, field),
  files: (_, { field }) => misfit(field, '–'),
}

const matching = (value: Literal, fits: (text: string) => boolean, field: FieldRef, form: string): Read => (typeof value === 'string' && fits(value) ? good(value) : misfit(field, form))

function readText(value: Literal, field: FieldRef): Read {
  if (typeof value !== 'string') return misfit(field, 'text')
  const text = cleanText(value)
  return text === '' ? bad('empty_text') : good(text)
}

/** JSON numbers are accepted as their shortest decimal text; `1e21` and longer than 40 digits are not. */
function readDecimal(value: Literal, field: FieldRef): Read {
  const decimal = typeof value === 'boolean' || String(value).length > 41 ? null : canonicalDecimal(String(value))
  return decimal === null ? misfit(field, '"500000"') : good(decimal)
}

function readInstant(value: Literal, field: FieldRef): Read {
  if (typeof value !== 'string') return misfit(field, '2026-11-22, 2026-11-22T14:05:00+08:00')
  if (parseDay(value).ok) return good(value)
  const parsed = parseInstant(value)
  return parsed.ok ? good(parsed.instant) : misfit(field, '2026-11-22, 2026-11-22T14:05:00+08:00')
}

function readOption(value: Literal, { field, schema }: Asked): Read {
  if (typeof value !== 'string') return misfit(field, 'option')
  return schema.optionsUnder(field.dictionary ?? '', value).length > 0 ? good(value) : bad('unknown_option', value)
}

function readRegion(value: Literal, { field, op }: Asked): Read {
  if (typeof value !== 'string') return misfit(field, '310000')
  return isRegionCode(value) || (TREE_OPERATORS.has(op) && isArea(value)) ? good(value) : bad('unknown_region', value)
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const readUuid = (value: Literal, field: FieldRef): Read => (typeof value === 'string' && UUID.test(value.toLowerCase()) ? good(value.toLowerCase()) : misfit(field, 'uuid'))

/** `object:uuid`; with `under` the object alone. */
function readAnyRecord(value: Literal, { field, op, schema }: Asked): Read {
  const [object = '', id = '', ...more] = String(value).split(':')
  if (schema.field(object, 'id') === undefined) return bad('unknown_object', object)
  if (TREE_OPERATORS.has(op)) return id === '' && more.length === 0 ? good(object) : misfit(field, 'object')
  return UUID.test(id.toLowerCase()) && more.length === 0 ? good(`${object}:${id.toLowerCase()}`) : misfit(field, 'object:uuid')
}

const readId = (value: Literal, field: FieldRef): Read => (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31 ? good(value) : misfit(field, '12'))
