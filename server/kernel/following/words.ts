import { lensOf, type Context, type MemberRow } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import { BASE_FIELDS, type Field, type FieldKind } from '#language/definitions'
import { formatMoney } from '#language/values'

export type ChangedFields = Readonly<Record<string, readonly [before: unknown, after: unknown]>>

/** 「负责人：李娜 → 王海燕」, one per change worth telling that this reader sees. */
export function saidOf(ctx: Context, object: string, fields: ChangedFields, people: ReadonlyMap<number, MemberRow>): string[] {
  const [definition, lens] = [ctx.metadata.objects.get(object)!, lensOf(ctx, object)]
  const said = (field: Facts, value: unknown): string => spoken(ctx, field, { value, people })
  return Object.entries(fields).flatMap(([key, [before, after]]) => {
    const seen = lens.field(key)
    if (!isTold(definition, key) || !seen || (seen.read !== 'full' && seen.see(before) === seen.see(after))) return []
    const field = definition.field.get(key) ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]
    return [`${field.label.zh}：${said(field, seen.see(before))} → ${said(field, seen.see(after))}`]
  })
}

type Facts = Pick<Field, 'label' | 'dictionary'> & { kind: FieldKind | 'tags' } | (typeof BASE_FIELDS)[keyof typeof BASE_FIELDS]

const WORTH: ReadonlySet<FieldKind> = new Set(['select', 'money'])

function isTold({ follow, field }: ObjectMetadata, key: string): boolean {
  if (key === 'owner') return true
  return follow ? follow.includes(key) : WORTH.has(field.get(key)?.kind ?? 'text')
}

function spoken({ metadata }: Context, field: Facts, { value: stored, people }: { value: unknown; people: ReadonlyMap<number, MemberRow> }): string {
  if (stored === null || stored === undefined) return '无'
  const value = typeof stored === 'object' ? JSON.stringify(stored) : String(stored as string | number | boolean)
  switch (field.kind) {
    case 'member': return people.get(Number(value))?.name ?? '已离开的成员'
    case 'select': return ('dictionary' in field ? metadata.dictionaries.get(field.dictionary ?? '')?.byKey.get(value)?.label.zh : undefined) ?? value
    case 'money': return formatMoney(value, 'zh', 'exact')
    case 'boolean': return stored === true ? '是' : '否'
    default: return value
  }
}
