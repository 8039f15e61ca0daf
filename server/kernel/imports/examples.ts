import type { Context } from '#kernel/access'
import { importFields } from './fields.ts'
import type { Import, ImportField } from './types.ts'

const SAMPLES: Partial<Record<ImportField['kind'], { zh: string; en: string }>> = {
  text: { zh: '示例', en: 'Example' }, long: { zh: '可以写几句话', en: 'A few words' }, integer: { zh: '10', en: '10' }, decimal: { zh: '12.5', en: '12.5' }, money: { zh: '50万', en: '500000' }, percent: { zh: '15%', en: '15%' },
  boolean: { zh: '是', en: 'yes' }, date: { zh: '2026-11-22', en: '2026-11-22' }, datetime: { zh: '2026-11-22 14:05', en: '2026-11-22 14:05' }, phone: { zh: '13800138000', en: '13800138000' },
  email: { zh: 'name@example.com', en: 'name@example.com' }, url: { zh: 'https://www.example.com', en: 'https://www.example.com' }, region: { zh: '江苏苏州', en: '江苏苏州' },
}

/** What a template shows in this column; empty for what nobody can make up (names of colleagues and of other records). */
export function exampleFor({ metadata }: Context, field: ImportField, { marker, lang }: { marker: string | undefined; lang: 'zh' | 'en' }): string {
  const options = metadata.dictionaries.get(field.dictionary ?? '')?.options.filter(({ off }) => !off) ?? []
  if (field.kind === 'select') return options[0]?.label[lang] ?? ''
  if (field.kind === 'multiselect') return options.slice(0, 2).map(({ label }) => label[lang]).join('、')
  if (field.key === marker) return lang === 'zh' ? '示例（导入时会跳过这一行）' : 'Example (this row is left out)'
  return SAMPLES[field.kind]?.[lang] ?? ''
}

/** The column by which the example is known again: the record's name, else the first that holds words. */
export function markerOf({ metadata }: Context, object: string, fields: readonly ImportField[]): string | undefined {
  const { title } = metadata.objects.get(object)!
  return (fields.find(({ key }) => key === title) ?? fields.find(({ kind }) => kind === 'text'))?.key
}

/** Where the example of the template stands in this file, by column; empty where its column is not matched. */
export function exampleCells(ctx: Context, { object, mapping }: Pick<Import, 'object' | 'mapping'>): ReadonlyMap<number, string> {
  const fields = importFields(ctx, object)
  const marker = markerOf(ctx, object, fields)
  const field = fields.find(({ key }) => key === marker)
  const at = mapping.findIndex((key) => key !== null && key === marker)
  return field && at >= 0 ? new Map([[at, exampleFor(ctx, field, { marker, lang: ctx.request?.lang ?? 'zh' })]]) : new Map()
}
