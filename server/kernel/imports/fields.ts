import { lensOf, may, targetsOf, type Context, type LensField } from '#kernel/access'
import { BASE_FIELDS, type FieldKind } from '#language/definitions'
import { halfWidth } from '#language/values'
import type { ColumnMapping, ImportField } from './types.ts'

/** What no cell can hold. */
const LEFT_OUT: ReadonlySet<FieldKind | 'tags'> = new Set(['file', 'auto'])

/** The fields that this member may fill by importing, in the object's order: what may be given to a new record, its owner, its tags. No statement. */
export function importFields(ctx: Context, object: string): ImportField[] {
  const lens = lensOf(ctx, object)
  const own = [...(ctx.metadata.objects.get(object)?.field.values() ?? [])].filter(({ key, kind, to, retired }) => !retired && !LEFT_OUT.has(kind) && lens.enterable.has(key) && pointsSomewhere(ctx, kind, to))
  const fields = own.map(({ key, label, kind, required = false, unique = false, dictionary, to, help }): ImportField => ({ key, label, kind, required, unique, dictionary, to, help }))
  const base = (['owner', 'tags'] as const).filter((key) => lens.enterable.has(key)).map((key): ImportField => ({ key, ...BASE_FIELDS[key], required: false, unique: false }))
  return [...fields, ...base]
}

function pointsSomewhere(ctx: Context, kind: FieldKind, to: ImportField['to']): boolean {
  return (kind !== 'reference' && kind !== 'anyReference') || targetsOf(to as string, ctx.metadata).some((target) => lensOf(ctx, target).can('read'))
}

/** In full, for all records or for some: what is not seen of a record is not found by it either. */
export const isSeen = (read: LensField['read'] | undefined): boolean => read === 'full' || read === 'varies'

const KEY_KINDS: ReadonlySet<FieldKind | 'tags'> = new Set(['text', 'phone', 'email', 'url', 'auto'])

/** Fields by which a row may be recognised: seen in full, and a word or a number of their own. Unique ones first, then ways to reach a person, then the name. */
export function keyFields(ctx: Context, object: string): ImportField[] {
  const [lens, title] = [lensOf(ctx, object), ctx.metadata.objects.get(object)?.title]
  const rank = ({ unique, kind, key }: ImportField) => (unique ? 0 : kind === 'phone' ? 1 : kind === 'email' ? 2 : key === title ? 3 : 4)
  return importFields(ctx, object).filter(({ key, kind }) => KEY_KINDS.has(kind) && isSeen(lens.field(key)?.read)).sort((a, b) => rank(a) - rank(b))
}

/** May this member give the tag? One that permissions rest on is not given by importing, as by hand. */
export const tagsFor = (ctx: Context): ReadonlyMap<string, string> =>
  new Map([...ctx.metadata.tags.byKey.values()].filter(({ policy, segment }) => !segment && (!policy || may(ctx, 'tags'))).flatMap(({ key, label }) => [[bare(key), key], [bare(label.zh), key], [bare(label.en), key]] as const))

/** What remains of a name when it is only compared. */
export const bare = (text: string): string => halfWidth(text).toLowerCase().replace(/[()\s*:：_\-/·、,，.。"“”'‘’【】[\]]/g, '')

/** What a column is called, without what is said about it in brackets. */
const headName = (head: string): string => bare(halfWidth(head).replace(/\(.*?\)|\[.*?\]/g, ''))

/** Other names of what a kind holds, where the object has one such field. */
const BY_KIND: Partial<Record<FieldKind | 'tags', readonly string[]>> = {
  phone: ['手机', '手机号', '手机号码', '电话', '联系电话', '电话号码', '联系方式', 'mobile', 'mobilephone', 'tel', 'telephone', 'phone', 'phonenumber', 'cell'],
  email: ['邮箱', '电子邮箱', '邮件', '电子邮件', 'email', 'mail', 'e-mail', 'emailaddress'],
  region: ['地区', '区域', '省份', '省市', '城市', '所在地', '所在城市', '所属地区', 'region', 'province', 'city'],
  url: ['网址', '官网', '网站', 'website', 'url', 'homepage'],
  tags: ['标签', 'tag', 'tags', 'label', 'labels'],
}
const BY_KEY: Readonly<Record<string, readonly string[]>> = { owner: ['负责人', '归属人', '所属人', '跟进人', '业务员', '责任人', 'owner', 'assignee', 'responsible'] }
const TITLE = ['姓名', '名称', '名字', '联系人', '称呼', '全称', 'name', 'fullname', 'title']

/** Which field a column means: as it was matched before, by its name, by what its kind is called, by how alike the names are. Each field once. */
export function guessMapping(fields: readonly ImportField[], { heads, before, title }: { heads: readonly string[]; before: ReadonlyMap<string, string | null>; title: string }): (string | null)[] {
  const scored = heads.flatMap((head, column) => fields.map((field) => ({ column, field: field.key, score: likeness(field, { head: headName(head), known: before.get(headName(head)), title }) })))
  const mapping: (string | null)[] = heads.map(() => null)
  const taken = new Set<string>()
  for (const { column, field } of scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.column - b.column)) {
    if (mapping[column] !== null || taken.has(field) || before.get(headName(heads[column]!)) === null) continue
    mapping[column] = field
    taken.add(field)
  }
  return mapping
}

function likeness({ key, label, kind }: ImportField, { head, known, title }: { head: string; known: string | null | undefined; title: string }): number {
  if (head === '') return 0
  if (known === key) return 10
  const names = [bare(label.zh), bare(label.en), bare(key)]
  if (names.includes(head)) return 9
  if (BY_KEY[key]?.includes(head) || (key === title && TITLE.includes(head))) return 6
  if (BY_KIND[kind]?.includes(head)) return 5
  const best = Math.max(...names.slice(0, 2).map((name) => shared(name, head)))
  return best >= 0.5 ? best * 4 : 0
}

/** How much two names have in common, 0–1: of the pairs of neighbouring signs. */
function shared(a: string, b: string): number {
  const [one, other] = [pairs(a), pairs(b)]
  if (one.size === 0 || other.size === 0) return 0
  return (2 * [...one].filter((pair) => other.has(pair)).length) / (one.size + other.size)
}

const pairs = (text: string): Set<string> => new Set([...text].slice(1).map((sign, i) => [...text][i]! + sign))

/** What columns of these names were matched to the last time. */
export const rememberedMapping = (heads: readonly string[], mapping: ColumnMapping): Map<string, string | null> => new Map(heads.map((head, i) => [headName(head), mapping[i] ?? null]))
