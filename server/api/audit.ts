import { type Context, lensOf, memberRows, params } from '#kernel/access'
import { rulesTitle } from '#kernel/metadata'
import { BASE_FIELDS, SHARING } from '#language/definitions'
import { undoToken } from '#kernel/records'
import { before } from './notifications.ts'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

interface Row {
  seq: number; act: number; at: Date; object: string; record: string; fields: Record<string, [unknown, unknown]>
  kind: 'member' | 'rule' | 'source' | 'system'; ref: string; cause: { kind: string; rule?: string; rules?: string[]; form?: string }; ip: string | null; agent: string | null; request: string | null; reason: string | null
}

/** The log, newest first, seen through today's lens: values of fields that the reader may not see are left out, and so are records. */
export const audit: Some<'audit'> = {
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
      ...rest, at: iso(at), record, title: titles.get(record) ?? null, fields: fieldsOf({ ctx, members, lang }, row).filter((each) => field === undefined || each.field === field),
      ...(canUndo(ctx, row) && { undo: (await undoToken(ctx, [row.act]))! }),
      actor: { kind, name, ...(kind === 'member' && { id: Number(ref) }) }, cause: { kind: cause.kind, ...(cause.rule && { rule: cause.rule }), ...(ruleLabel && { ruleLabel }), ...(cause.form && { form: cause.form }) },
    }
  }))
}

const canUndo = ({ metadata }: Context, { object }: Row): boolean => metadata.objects.get(object)?.immutable === undefined && metadata.objects.has(object)

async function titlesOf(ctx: Context, rows: readonly Row[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(rows, (row) => row.object)) {
    if (!ctx.metadata.objects.has(object)) continue
    for (const { id, title } of await byIds(ctx, object, [...new Set(some.map(({ record }) => record))])) titles.set(id, title)
  }
  return titles
}

/** A record outside the reader's rows is not shown; one that is deleted shows to those who read every row of its object. */
function isSeen(ctx: Context, { object, record }: Row, titles: ReadonlyMap<string, string>): boolean {
  if (!ctx.metadata.objects.has(object) || titles.has(record)) return true
  const given = params()
  return lensOf(ctx, object).reach('read', 'r', given) === 'TRUE'
}

interface Telling { ctx: Context; members: ReadonlyMap<number, { name: string }>; lang: 'zh' | 'en' }

function fieldsOf({ ctx, members, lang }: Telling, { object, fields }: Row) {
  const definition = ctx.metadata.objects.get(object)
  const lens = lensOf(ctx, object)
  const shown = (key: string, value: unknown): unknown => {
    if (key === 'tags' && Array.isArray(value)) return value.map((id) => ctx.metadata.tags.byId.get(id as number)?.key ?? id)
    return key in SHARING && Array.isArray(value) ? value.map((id) => members.get(id as number)?.name ?? `#${id}`).join('、') : (value ?? null)
  }
  const label = (key: string) => LOGGED[key]?.[lang] ?? SHARING[key as keyof typeof SHARING]?.[lang] ?? definition?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang] ?? key
  return Object.entries(fields).filter(([key]) => !definition || key.startsWith('$') || lens.field(key in SHARING ? 'owner' : key)).map(([key, [was, is]]) => ({ field: key, label: label(key), before: shown(key, was), after: shown(key, is) }))
}

/** What the log keeps of its own accord, in words. */
const LOGGED: Record<string, { zh: string; en: string }> = { $hash: { zh: '内容指纹', en: 'Fingerprint' }, $gone: { zh: '已删除', en: 'Deleted' }, $viewed: { zh: '被以其视角查看，直到', en: 'Looked at through their eyes until' } }
