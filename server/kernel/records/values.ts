import { refuse, type Refusal } from '#contract'
import type { FieldKind } from '#language/definitions'
import { canonicalDecimal, cleanLine, cleanText, isRegionCode, parseDay, parseDecimal, parseInstant, parsePhone, textLength } from '#language/values'
import { isId } from '#platform/db'
import type { Reason } from './reasons.ts'
import type { FieldPlan } from './plan.ts'

/** A value as it is stored (null: empty), or why it cannot be. */
export type ParsedValue = { ok: true; value: unknown } | { ok: false; refusal: Refusal }
export type Parser = (raw: unknown, field: FieldPlan) => ParsedValue

const EMPTY: ParsedValue = { ok: true, value: null }
const stored = (value: unknown): ParsedValue => ({ ok: true, value })
const no = (field: FieldPlan, why: Reason): ParsedValue => ({ ok: false, refusal: refuse('VALUE_INVALID', field.key, { field: field.key, reason: why }) })

/** JSON from outside → the canonical value of the field's kind. Empty text and empty lists are no value. */
export function parseValue(raw: unknown, field: FieldPlan): ParsedValue {
  if (raw === null || raw === undefined || raw === '') return EMPTY
  return PARSERS[field.kind](raw, field)
}

export const TEXT_LIMIT: Partial<Record<FieldKind, number>> = { text: 2_000, long: 50_000, email: 254, url: 2_000, auto: 100 }

const text = (clean: (raw: string) => string, fits: (clean: string) => boolean = () => true, why: Reason = 'text'): Parser => (raw, field) => {
  if (typeof raw !== 'string') return no(field, 'text')
  const value = clean(raw)
  if (value === '') return EMPTY
  // UTF-16 units are never fewer than characters.
  if (value.length > field.max && textLength(value) > field.max) return { ok: false, refusal: refuse('TEXT_TOO_LONG', field.key, { field: field.key, max: field.max }) }
  return fits(value) ? stored(value) : no(field, why)
}

const EMAIL = /^[^\s@,;<>"()]{1,64}@[^\s@,;<>"()]+\.[^\s@.,;<>"()]{2,}$/
const isUrl = (value: string): boolean => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value)

const number = (raw: unknown, field: FieldPlan): ParsedValue => {
  const parsed = typeof raw === 'number' ? canonicalNumber(raw) : typeof raw === 'string' ? parseDecimal(raw) : null
  if (!parsed?.ok) return { ok: false, refusal: refuse('NUMBER_INVALID', field.key, { field: field.key, value: shown(raw) }) }
  return stored(parsed.value)
}

/** A JSON number is taken as it is written; exponents beyond plain notation have already lost what they said. */
function canonicalNumber(raw: number): ReturnType<typeof parseDecimal> {
  const plain = Number.isFinite(raw) ? canonicalDecimal(String(raw)) : null
  return plain === null ? { ok: false, reason: 'not_a_number' } : parseDecimal(plain)
}

const integer: Parser = (raw, field) => {
  const parsed = number(raw, field)
  if (!parsed.ok) return parsed
  const whole = Number(parsed.value)
  return Number.isSafeInteger(whole) && String(whole) === parsed.value ? stored(whole) : no(field, 'integer')
}

const CHINESE_MOBILE = /^\+861[3-9]\d{9}$/
const phone: Parser = (raw, field) => {
  if (typeof raw === 'string' && CHINESE_MOBILE.test(raw)) return stored(raw)
  const parsed = typeof raw === 'string' ? parsePhone(raw) : null
  if (parsed?.ok) return stored(parsed.e164)
  return parsed?.reason === 'empty' ? EMPTY : { ok: false, refusal: refuse('PHONE_INVALID', field.key, { field: field.key, value: shown(raw) }) }
}

const dated = (parse: (raw: string) => string | null): Parser => (raw, field) => {
  const value = typeof raw === 'string' ? parse(raw) : null
  return value === null ? { ok: false, refusal: refuse('DATE_INVALID', field.key, { field: field.key, value: shown(raw) }) } : stored(value)
}
const day = dated((raw) => { const parsed = parseDay(raw); return parsed.ok ? parsed.day : null })
const instant = dated((raw) => { const parsed = parseInstant(raw); return parsed.ok ? parsed.instant : null })

const option: Parser = (raw, field) => (typeof raw === 'string' && field.options?.has(raw) ? stored(raw) : no(field, 'option'))

const options: Parser = (raw, field) => {
  if (!Array.isArray(raw) || !raw.every((each) => typeof each === 'string' && field.options?.has(each))) return no(field, 'option')
  return raw.length === 0 ? EMPTY : stored([...new Set(raw)])
}

const uuid = (raw: unknown): string | null => (typeof raw === 'string' && isId(raw.toLowerCase()) ? raw.toLowerCase() : null)

const reference: Parser = (raw, field) => {
  const id = uuid(raw)
  return id === null ? no(field, 'reference') : stored(id)
}

const anyReference: Parser = (raw, field) => {
  const { object, id } = (typeof raw === 'object' ? raw : {}) as { object?: unknown; id?: unknown }
  const target = uuid(id)
  return target !== null && typeof object === 'string' && field.targets.includes(object) ? stored({ object, id: target }) : no(field, 'reference')
}

const files: Parser = (raw, field) => {
  const found = Array.isArray(raw) ? raw.map(uuid) : [null]
  if (found.includes(null) || found.length > 50) return no(field, 'file')
  return found.length === 0 ? EMPTY : stored([...new Set(found)])
}

const person = (why: Reason): Parser => (raw, field) => (Number.isInteger(raw) && (raw as number) > 0 && (raw as number) < 2 ** 31 ? stored(raw) : no(field, why))

const MOST_PEOPLE = 200
const people: Parser = (raw, field) => {
  const ids = Array.isArray(raw) ? raw : [null]
  if (ids.length > MOST_PEOPLE || !ids.every((id) => person('member')(id, field).ok && id !== null)) return no(field, 'member')
  return ids.length === 0 ? EMPTY : stored([...new Set(ids as number[])])
}

const PARSERS: Readonly<Record<FieldKind, Parser>> = {
  text: text(cleanLine), long: text(cleanText), auto: text(cleanLine),
  email: text((raw) => cleanLine(raw).toLowerCase(), (value) => EMAIL.test(value), 'email'),
  url: text(cleanLine, isUrl, 'url'),
  integer, decimal: number, money: number, percent: number,
  boolean: (raw, field) => (typeof raw === 'boolean' ? stored(raw) : no(field, 'boolean')),
  date: day, datetime: instant,
  select: option, multiselect: options,
  phone,
  reference, anyReference, file: files,
  member: person('member'), members: people, team: person('team'),
  region: (raw, field) => (typeof raw === 'string' && isRegionCode(raw) ? stored(raw) : no(field, 'region')),
}

/** What was sent, short enough for a sentence. */
const shown = (raw: unknown): string => (typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '')).slice(0, 60)

/** The same stored value? Lists compare in order, `{object, id}` in any. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [left, right] = [Object.entries(a), Object.entries(b)]
  return left.length === right.length && left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]))
}
