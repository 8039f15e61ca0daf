import { type Context, memberRow } from '#kernel/access'
import type { Template, TemplateColumn } from '#platform/sheets'
import { exampleFor, markerOf } from './examples.ts'
import { importFields, tagsFor } from './fields.ts'
import type { ImportField } from './types.ts'

/** The table that this member fills in for this object: what is required first, then in the object's order; choices, an example, hints. */
export async function templateOf(ctx: Context, object: string): Promise<Template> {
  const lang = ctx.request?.lang ?? 'zh'
  const all = importFields(ctx, object)
  const fields = [...all.filter(({ required }) => required), ...all.filter(({ required }) => !required)]
  const marker = markerOf(ctx, object, fields)
  const me = ctx.principal.kind === 'member' ? await memberRow(ctx.tx, ctx.principal.member.id) : undefined
  const example = (field: ImportField) => (field.key === 'owner' ? (me?.name ?? '') : exampleFor(ctx, field, { marker, lang }))
  return {
    name: ctx.metadata.objects.get(object)!.label[lang], optionsName: lang === 'zh' ? '选项' : 'Options',
    columns: fields.map((field): TemplateColumn => ({ head: field.label[lang], required: field.required, text: TEXTS.has(field.kind), options: choices(ctx, field, lang), example: example(field) })),
    hints: { name: lang === 'zh' ? '填写说明' : 'How to fill it in', rows: [HEADS[lang], ...fields.map((field) => [field.label[lang], field.required ? YES[lang] : '', KINDS[field.kind]?.[lang] ?? '', hintOf(ctx, field, lang)])] },
  }
}

type Lang = 'zh' | 'en'
/** Left as they are typed: no number is made of them. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'phone', 'email', 'url', 'long', 'reference', 'date', 'datetime'])
const HEADS: Record<Lang, string[]> = { zh: ['列', '必填', '填什么', '说明'], en: ['Column', 'Required', 'What to write', 'Notes'] }
const YES: Record<Lang, string> = { zh: '必填', en: 'required' }
const KINDS: Partial<Record<ImportField['kind'], Record<Lang, string>>> = {
  text: { zh: '文字', en: 'text' }, long: { zh: '多行文字', en: 'long text' }, integer: { zh: '整数', en: 'whole number' }, decimal: { zh: '数字', en: 'number' }, money: { zh: '金额（元）', en: 'amount (CNY)' }, percent: { zh: '百分比', en: 'percentage' },
  boolean: { zh: '是 / 否', en: 'yes / no' }, date: { zh: '日期', en: 'date' }, datetime: { zh: '日期和时间', en: 'date and time' }, select: { zh: '选一项', en: 'one choice' }, multiselect: { zh: '选几项', en: 'several choices' },
  phone: { zh: '电话', en: 'phone' }, email: { zh: '邮箱', en: 'e-mail' }, url: { zh: '网址', en: 'web address' }, reference: { zh: '已有记录的名称', en: 'name of a record' }, anyReference: { zh: '已有记录的名称', en: 'name of a record' },
  member: { zh: '成员', en: 'member' }, members: { zh: '几位成员', en: 'members' }, team: { zh: '部门', en: 'team' }, region: { zh: '地区', en: 'region' }, tags: { zh: '标签', en: 'tags' },
}
const NOTES: Partial<Record<ImportField['kind'], Record<Lang, string>>> = {
  phone: { zh: '手机或带区号的座机，写成数字或文字都可以', en: 'mobile, or landline with its area code' }, money: { zh: '500000、1,200.00、50万 都可以', en: '500000, 1,200.00 or 50万' }, date: { zh: '2026-11-22、2026/11/22、2026年11月22日 都可以', en: 'for example 2026-11-22' },
  datetime: { zh: '例如 2026-11-22 14:05', en: 'for example 2026-11-22 14:05' }, region: { zh: '例如 江苏苏州、上海市', en: 'for example 江苏苏州' }, member: { zh: '姓名；重名时写手机号或邮箱', en: 'name; phone or e-mail where two have the same' },
  members: { zh: '用顿号隔开', en: 'separated by commas' }, tags: { zh: '已有的标签，用顿号隔开', en: 'existing tags, separated by commas' }, reference: { zh: '名称要和系统里完全一样，或写编号', en: 'exactly as it is called here, or its number' }, boolean: { zh: '是、否', en: 'yes or no' },
}

const choices = ({ metadata }: Context, { kind, dictionary }: ImportField, lang: Lang): string[] =>
  kind === 'select' ? (metadata.dictionaries.get(dictionary ?? '')?.options.filter(({ off }) => !off).map(({ label }) => label[lang]) ?? []) : kind === 'boolean' ? (lang === 'zh' ? ['是', '否'] : ['yes', 'no']) : []

function hintOf(ctx: Context, field: ImportField, lang: Lang): string {
  const options = ctx.metadata.dictionaries.get(field.dictionary ?? '')?.options.filter(({ off }) => !off).map(({ label }) => label[lang]) ?? []
  const named = field.kind === 'tags' ? [...new Set([...tagsFor(ctx).values()])].slice(0, 30) : options
  const list = named.join(lang === 'zh' ? '、' : ', ')
  return [field.help?.[lang], NOTES[field.kind]?.[lang], list].filter(Boolean).join(lang === 'zh' ? '。' : '. ').slice(0, 1_000)
}
