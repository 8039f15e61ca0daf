import type { RecordShape } from '#contract/api'
import type { Catalogue, FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { ago, clockTime, money, number, phone, region } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'

export type Related = Readonly<Record<string, { object: string; title: string }>>
export const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
/** Tags are read like a field. */
export const valueOf = (record: RecordShape, key: string): unknown => (key === 'tags' ? record.tags : record.values[key])

const listed = (keys: unknown, name: (key: string) => string | undefined): string => (keys as string[]).map((key) => name(key) || key).join(t('common.listGap'))

/** A value in words; what may not be seen is said so. */
export function textOf(catalogue: Catalogue, field: Pick<FieldShape, 'kind' | 'dictionary' | 'named'>, value: unknown, related: Related): string {
  if (isBlank(value)) return t('common.none')
  const text = String(value)
  switch (field.kind) {
    case 'money': return money(text, 'exact')
    case 'percent': return `${number(text)}%`
    case 'integer': case 'decimal': return number(text)
    case 'boolean': return t(value === true ? 'common.yes' : 'common.no')
    case 'datetime': return clockTime(text)
    case 'select': return label(catalogue.option(field.dictionary, text)?.label) || text
    case 'multiselect': return listed(value, (key) => label(catalogue.option(field.dictionary, key)?.label))
    case 'tags': return listed(value, (key) => label(catalogue.tag(key)?.label))
    case 'phone': return phone(text)
    case 'region': return region(text)
    case 'member': return catalogue.member(Number(value))?.name ?? t('common.unknownMember')
    // The log tells names.
    case 'members': return typeof value === 'string' ? value : (value as number[]).map((id) => catalogue.member(id)?.name ?? t('common.unknownMember')).join('、')
    case 'team': return catalogue.team(Number(value))?.name ?? text
    case 'reference': return related[text]?.title ?? t('records.hiddenRecord')
    case 'anyReference': return related[(value as { id: string }).id]?.title ?? t('records.hiddenRecord')
    case 'file': return t('records.files', { n: (value as unknown[]).length })
    default: return label(field.named?.[text]) || text
  }
}

/** A bare number says nothing without its name. */
const NAMED: ReadonlySet<string> = new Set(['integer', 'decimal', 'percent', 'boolean'])

/** The line under a record's name; `short` leaves the number out where there is something better to read. */
export function subtitleOf(catalogue: Catalogue, object: ObjectFacts, record: RecordShape, related: Related, short = false): string {
  const told = (object.subtitle ?? []).filter((key) => !isBlank(valueOf(record, key)))
  const kept = short ? told.filter((key) => object.field.get(key)?.kind !== 'phone') : told
  return (kept.length > 0 ? kept : told).flatMap((key) => {
    const field = object.field.get(key)
    const value = valueOf(record, key)
    return field && !isBlank(value) ? [NAMED.has(field.kind) ? `${label(field.label)} ${textOf(catalogue, field, value, related)}` : textOf(catalogue, field, value, related)] : []
  }).join(' · ')
}

/** Short enough for the edge of a row: 12.8 万, 2 小时前. */
export function brief(catalogue: Catalogue, field: FieldShape, value: unknown, related: Related): string {
  if (isBlank(value)) return ''
  return field.kind === 'datetime' ? ago(String(value)) : field.kind === 'money' ? money(String(value)) : textOf(catalogue, field, value, related)
}
