import { lensOf, memberRows, targetsOf, type Context } from '#kernel/access'
import { getRecords, type RecordView } from '#kernel/records'
import { BASE_FIELDS, type FieldKind, type Label } from '#language/definitions'
import { canonicalDecimal, exactYuan, formatPhone, formatRegion, group } from '#language/values'

/** A field as papers and lists need it. */
export interface ShownField { key: string; label: Label; kind: FieldKind | 'tags'; dictionary?: string | undefined; to?: string | readonly string[] | undefined }

/** The field behind a key, through the lens: undefined when it is hidden or unknown. */
export function fieldOf(ctx: Context, object: string, key: string): ShownField | undefined {
  if (!lensOf(ctx, object).field(key)) return undefined
  return ctx.metadata.objects.get(object)?.field.get(key) ?? (Object.hasOwn(BASE_FIELDS, key) ? { key, ...BASE_FIELDS[key as keyof typeof BASE_FIELDS] } : undefined)
}

/** Writes values as text, once it knows the names of the members and records that they point to. */
export interface Speaker {
  /** One value as a person reads it; empty for nothing. Money to the fen, days and instants in the tenant's zone. */
  text(field: ShownField, value: unknown): string
  record(object: string, id: string): RecordView | undefined
}

/** Learns the names behind these records' references, with `fields` of what they point to (default: all). One statement per object referred to. */
export async function speakerFor(ctx: Context, records: readonly RecordView[], fields?: readonly string[]): Promise<Speaker> {
  const members = await memberRows(ctx.tx)
  const found = await referred(ctx, records, fields)
  const lang = ctx.request?.lang ?? 'zh'
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.tenant.zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
  const title = (object: string, id: string) => found.get(`${object} ${id}`)?.title ?? ''
  const option = (field: ShownField, key: unknown) => ctx.metadata.dictionaries.get(field.dictionary ?? '')?.byKey.get(plainText(key))?.label[lang] ?? plainText(key)
  const join = (all: readonly string[]) => all.filter(Boolean).join(lang === 'zh' ? '、' : ', ')

  const text = (field: ShownField, value: unknown): string => {
    if (value === null || value === undefined || value === '') return ''
    switch (field.kind) {
      case 'select': return option(field, value)
      case 'multiselect': return join((value as string[]).map((key) => option(field, key)))
      case 'tags': return join((value as string[]).map((key) => ctx.metadata.tags.byKey.get(key)?.label[lang] ?? key))
      case 'money': return exactYuan(plainText(value))
      case 'integer': case 'decimal': return group(plainText(value))
      case 'percent': return `${plainText(value)}%`
      case 'phone': return formatPhone(plainText(value))
      case 'region': return formatRegion(plainText(value), lang)
      case 'boolean': return YES[lang][value === true ? 0 : 1]
      case 'datetime': return day.format(new Date(plainText(value)))
      case 'member': return members.get(value as number)?.name ?? ''
      case 'members': return join((value as number[]).map((id) => members.get(id)?.name ?? ''))
      case 'team': return ctx.metadata.teams.get(value as number)?.name ?? ''
      case 'reference': return targetsOf(field.to as string, ctx.metadata).map((object) => title(object, plainText(value))).find(Boolean) ?? ''
      case 'anyReference': { const { object, id } = value as { object: string; id: string }; return title(object, id) }
      case 'file': return lang === 'zh' ? `${(value as unknown[]).length} 个文件` : `${(value as unknown[]).length} files`
      default: return plainText(value)
    }
  }
  return { text, record: (object, id) => found.get(`${object} ${id}`) }
}

/** A value that is one word or number; nothing for lists and references. */
export const plainText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '')
/** What can be added up, else 0. */
export const amountIn = (value: unknown): string => canonicalDecimal(plainText(value)) ?? '0'

const YES = { zh: ['是', '否'], en: ['yes', 'no'] } as const

async function referred(ctx: Context, records: readonly RecordView[], fields: readonly string[] | undefined): Promise<Map<string, RecordView>> {
  const wanted = new Map<string, Set<string>>()
  const note = (object: string, id: string) => void wanted.set(object, (wanted.get(object) ?? new Set()).add(id))
  for (const { object, values } of records) {
    for (const { key, kind, to } of ctx.metadata.objects.get(object)?.field.values() ?? []) {
      const value = values[key]
      if (kind === 'anyReference' && value) note((value as { object: string }).object, (value as { id: string }).id)
      if (kind === 'reference' && typeof value === 'string') for (const target of targetsOf(to, ctx.metadata)) note(target, value)
    }
  }
  const found = new Map<string, RecordView>()
  for (const [object, ids] of wanted) {
    if (!lensOf(ctx, object).can('read')) continue
    for (const view of await getRecords(ctx, object, [...ids], fields)) found.set(`${object} ${view.id}`, view)
  }
  return found
}
