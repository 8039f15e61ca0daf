import { type Context, lensOf, memberRows, params } from '#kernel/access'
import { loggedObject } from '#kernel/members'
import { definitionRecord, rulesTitle } from '#kernel/metadata'
import { ACCESS_MODE, BASE_FIELDS, type DefinitionKind, type Label, SHARING, WORKING_CALENDAR } from '#language/definitions'
import { undoToken } from '#kernel/records'
import { auditMost } from './audit-most.ts'
import { before } from './notifications.ts'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

interface Row {
  seq: number; act: number; at: Date; object: string; record: string; fields: Record<string, [unknown, unknown]>
  kind: 'member' | 'rule' | 'source' | 'system'; ref: string; cause: { kind: string; rule?: string; rules?: string[]; form?: string }; ip: string | null; agent: string | null; request: string | null; reason: string | null
}

/** The log, newest first, seen through today's lens: values of fields that the reader may not see are left out, and so are records. */
export const audit: Some<'audit' | 'auditMost'> = {
  ...auditMost,
  audit: async (ctx, { query }) => {
    const given = params()
    const where = ['true']
    const cursor = before(query.cursor)
    if (cursor !== undefined) where.push(`c.seq < ${given.add(cursor, 'bigint')}`)
    if (query.member !== undefined) where.push(`a.actor_kind = 'member' and a.actor_ref = ${given.add(String(query.member), 'text')}`)
    if (query.object !== undefined) where.push(`c.object = ${given.add(query.object, 'text')}`)
    if (query.record !== undefined) where.push(`c.record = ${given.add(query.record, 'uuid')}`)
    if (query.field !== undefined) where.push(`c.fields ? ${given.add(query.field, 'text')}`)
    if (query.from !== undefined) where.push(`a.at >= ${given.add(query.from, 'timestamptz')}`)
    if (query.to !== undefined) where.push(`a.at < ${given.add(query.to, 'timestamptz')}`)
    where.push(`(c.object = any(${given.add(readableObjects(ctx), 'text[]')}) or c.object like 'system:%' or c.object like 'definition:%')`)
    const rows = await ctx.tx.query<Row>(
      `select c.seq, c.act, a.at, c.object, c.record, c.fields, a.actor_kind as kind, a.actor_ref as ref, a.cause, a.ip, a.agent, a.request, a.reason
       from {t}.change c join {t}.act a on a.id = c.act where ${where.join(' and ')} order by c.seq desc limit ${given.add(query.limit + 1, 'int')}`, given.values)
    const page = rows.slice(0, query.limit)
    return { items: await present(ctx, page, query.field), next: rows.length > query.limit ? String(page.at(-1)!.seq) : null }
  },
}

const readableObjects = (ctx: Context): string[] => [...ctx.metadata.objects.keys()].filter((key) => lensOf(ctx, key).can('read'))

async function present(ctx: Context, rows: readonly Row[], field: string | undefined) {
  const [members, titles] = [await memberRows(ctx.tx), await titlesOf(ctx, rows)]
  const lang = ctx.request?.lang ?? 'zh'
  return Promise.all(rows.filter((row) => isSeen(ctx, row, titles)).map(async (row) => {
    const { kind, ref, at, record, cause, ...rest } = row
    const name = kind === 'member' ? (members.get(Number(ref))?.name ?? ref) : kind === 'rule' ? rulesTitle(ctx.metadata, cause.rules ?? [ref], lang) : ref
    const ruleLabel = cause.rule && ctx.metadata.rules.get(cause.rule)?.label[lang]
    return {
      ...rest, at: iso(at), record, title: titles.get(titleKey(row)) ?? null, fields: fieldsOf({ ctx, members, lang }, row).filter((each) => field === undefined || each.field === field),
      ...(canUndo(ctx, row) && { undo: (await undoToken(ctx, [row.act]))! }),
      actor: { kind, name, ...(kind === 'member' && { id: Number(ref) }) }, cause: { kind: cause.kind, ...(cause.rule && { rule: cause.rule }), ...(ruleLabel && { ruleLabel }), ...(cause.form && { form: cause.form }) },
    }
  }))
}

const canUndo = ({ metadata }: Context, { object }: Row): boolean => metadata.objects.get(object)?.immutable === undefined && metadata.objects.has(object)
/** A number may be a member's, a team's or a key's; other ids are nobody else's. */
const titleKey = ({ object, record }: Pick<Row, 'object' | 'record'>): string => (object.startsWith('system:') ? `${object} ${record}` : record)

async function titlesOf(ctx: Context, rows: readonly Row[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(rows, (row) => row.object)) {
    if (object.startsWith('definition:')) for (const [id, title] of definitionTitles(ctx, object.slice(11) as DefinitionKind)) titles.set(id, title)
    if (object.startsWith('system:')) for (const [id, title] of await numberedTitles(ctx, object, some.map(({ record }) => record))) titles.set(`${object} ${id}`, title)
    if (!ctx.metadata.objects.has(object)) continue
    for (const { id, title } of await byIds(ctx, object, [...new Set(some.map(({ record }) => record))])) titles.set(id, title)
  }
  return titles
}

/** Names of what is configured now, by the id under which the log keeps it. */
function definitionTitles({ metadata, request }: Context, kind: DefinitionKind): Map<string, string> {
  const standing: Record<DefinitionKind, Iterable<{ key: string; label: Label }>> = {
    object: metadata.objects.values(), dictionary: metadata.dictionaries.values(), tag: metadata.tags.byKey.values(), grading: metadata.gradings.values(), role: metadata.roles.values(),
    assignmentPolicy: metadata.assignmentPolicies.values(), form: metadata.forms.values(), rule: metadata.rules.values(), view: metadata.views.values(), recordAct: metadata.recordActs.values(), conversion: metadata.conversions.values(), layout: metadata.layouts.values(), pooling: metadata.poolings.values(), print: metadata.prints.values(), dashboard: metadata.dashboards.values(), policy: metadata.policies.values(), accessMode: [{ key: ACCESS_MODE, label: { zh: '权限模式', en: 'Access mode' } }], calendar: [{ key: WORKING_CALENDAR, label: { zh: '工作日历', en: 'Working calendar' } }],
  }
  return new Map([...(standing[kind] ?? [])].map(({ key, label }) => [definitionRecord(kind, key), label[request?.lang ?? 'zh']]))
}

/** Names of members (whose sign-ins these are, too), teams and keys, by the id under which the log keeps their number. */
async function numberedTitles({ tx, metadata }: Context, object: string, records: readonly string[]): Promise<[string, string][]> {
  const number = (record: string): number => Number.parseInt(record.slice(24), 16)
  const named = (name: (id: number) => string | undefined) => [...new Set(records)].flatMap((record): [string, string][] => { const title = name(number(record)); return title === undefined ? [] : [[record, title]] })
  if (object === loggedObject('team')) return named((id) => metadata.teams.get(id)?.name)
  if (object === loggedObject('api_key')) {
    const keys = await tx.query<{ id: number; name: string }>('select id, name from {t}.api_key where id = any($1::int[])', [records.map(number)])
    return named((id) => keys.find((key) => key.id === id)?.name)
  }
  if (object === loggedObject('absence')) {
    const whose = await tx.query<{ id: number; name: string }>('select a.id, m.name from {t}.absence a join {t}.member m on m.id = a.member where a.id = any($1::int[])', [records.map(number)])
    return named((id) => whose.find((each) => each.id === id)?.name)
  }
  if (object === loggedObject('signing_key')) return named((id) => `No. ${id}`)
  const members = await memberRows(tx)
  return named((id) => members.get(id)?.name)
}

/** A record outside the reader's rows is not shown; one that is deleted shows to those who read every row of its object. */
function isSeen(ctx: Context, { object, record }: Row, titles: ReadonlyMap<string, string>): boolean {
  if (!ctx.metadata.objects.has(object) || titles.has(titleKey({ object, record }))) return true
  const given = params()
  return lensOf(ctx, object).reach('read', 'r', given) === 'TRUE'
}

interface Telling { ctx: Context; members: ReadonlyMap<number, { name: string }>; lang: 'zh' | 'en' }

function fieldsOf({ ctx, members, lang }: Telling, { object, fields }: Row) {
  const definition = ctx.metadata.objects.get(object)
  const lens = lensOf(ctx, object)
  const shown = (key: string, value: unknown): unknown => {
    const seen = definition && lens.field(key)
    if (seen && seen.read !== 'full') return seen.see(value) ?? null
    if (key === 'tags' && Array.isArray(value)) return value.map((id) => ctx.metadata.tags.byId.get(id as number)?.key ?? id)
    return key in SHARING && Array.isArray(value) ? value.map((id) => members.get(id as number)?.name ?? `#${id}`).join('、') : (value ?? null)
  }
  const label = (key: string) => LOGGED[key]?.[lang] ?? SHARING[key as keyof typeof SHARING]?.[lang] ?? definition?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang] ?? key
  return Object.entries(fields).filter(([key]) => !definition || key.startsWith('$') || lens.field(key in SHARING ? 'owner' : key)).map(([key, [was, is]]) => ({ field: key, label: label(key), before: shown(key, was), after: shown(key, is) }))
}

/** What the log keeps of its own accord, in words. */
const LOGGED: Record<string, { zh: string; en: string }> = { print: { zh: '打印模板', en: 'Print template' }, object: { zh: '对象', en: 'Object' }, record: { zh: '记录', en: 'Record' }, rows: { zh: '行数', en: 'Rows' }, filter: { zh: '筛选条件', en: 'Filter' }, columns: { zh: '列', en: 'Columns' }, format: { zh: '格式', en: 'Format' }, state: { zh: '状态', en: 'State' }, reason: { zh: '原因', en: 'Reason' }, records: { zh: '条数', en: 'Records' }, minutes: { zh: '分钟', en: 'Minutes' }, $hash: { zh: '内容指纹', en: 'Fingerprint' }, $gone: { zh: '已删除', en: 'Deleted' }, $viewed: { zh: '被以其视角查看，直到', en: 'Looked at through their eyes until' } }
