import { Readable } from 'node:stream'
import { type ErrorCode, ERRORS, refused } from '#contract'
import { type Context, lensOf, may, memberContext, memberRows, params, type Params } from '#kernel/access'
import { reasonSaid, systemActor } from '#kernel/changes'
import { type ExportCell, logHandout, MOST_EXPORTED } from '#kernel/handout'
import { loggedObject } from '#kernel/members'
import { definitionRecord, rulesTitle, sourceActor } from '#kernel/metadata'
import { ACCESS_MODE, BASE_FIELDS, type DefinitionKind, type Label, SHARING, WORKING_CALENDAR } from '#language/definitions'
import { causeView, undoToken } from '#kernel/records'
import { lastBlock, sealOf } from '#kernel/sealing'
import { dayOf } from '#language/values'
import { csvOf } from '#platform/sheets'
import { type Asking, headsOf, LINES, NONE, type Row, wholeActs } from './audit-acts.ts'
import { auditWhere, type AuditQuery } from './audit-filter.ts'
import { ADMITTING, DECIDED, LOGGED } from './audit-words.ts'
import { auditMost } from './audit-most.ts'
import { auditTwice } from './audit-twice.ts'
import { logSaid } from './configuration-words.ts'
import { before } from './notifications.ts'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import { sendFileAs, streamed } from './sending.ts'
import type { Some } from './types.ts'

/** The log, newest first, seen through today's lens: values of fields that the reader may not see are left out, and so are records. */
export const audit: Some<'audit' | 'auditMost' | 'auditTwice' | 'auditFile' | 'seal'> = {
  ...auditMost,
  ...auditTwice,
  audit: (ctx, { query }) => auditPage(ctx, query),
  auditFile: { open: async ({ api, tenant, signedIn, facts, reply }, { query }) => {
    const day = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      if (!may(ctx, 'audit')) refused('FORBIDDEN')
      await logHandout(ctx, 'export', { object: facts.lang === 'zh' ? '审计' : 'Audit', format: 'csv', filter: Object.keys(query).length > 0 ? query : null })
      return dayOf(tx.now.getTime(), tenant.zone)
    })
    const pages = streamed<ExportCell[][]>((give) => api.db.read(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      for await (const rows of auditRows(ctx, query)) if (!(await give(rows))) return
    }))
    await sendFileAs(reply, { name: `${facts.lang === 'zh' ? '审计' : 'Audit'} ${day}.csv`, type: 'text/csv; charset=utf-8' }, Readable.from(csvOf(pages)))
    return undefined
  } },
  seal: async ({ tx }) => {
    const [block, [waiting]] = [await lastBlock(tx), await tx.query<{ n: number; since: Date | null }>('select count(*) as n, min(a.at) as since from {t}.unsealed u join {t}.act a on a.id = u.act')]
    return { block: block && { number: block.number, at: iso(block.at), acts: block.last }, waiting: waiting!.n, since: waiting!.since && iso(waiting!.since) }
  },
}

async function auditPage(ctx: Context, { cursor, limit, byAct = false, ...query }: AuditQuery & { cursor?: string | undefined; limit: number; byAct?: boolean | undefined }) {
  const asking = (given: Params): string[] => [...auditWhere(query, given, ctx.metadata), `(c.object = any(${given.add(readableObjects(ctx), 'text[]')}) or c.object like 'system:%' or c.object like 'definition:%')`]
  const wanted = { from: before(cursor), limit }
  const rows = byAct ? await headsOf(ctx, asking, wanted) : await linesOf(ctx, asking, wanted)
  const page = rows.slice(0, limit)
  const told = byAct ? await wholeActs(ctx, page, query) : { rows: page, wholes: NONE }
  const items = await present(ctx, told.rows, query.field)
  return { items: items.map((item) => { const whole = told.wholes.get(item.seq); return whole ? { ...item, whole } : item }), next: rows.length > limit ? String(page.at(-1)!.seq) : null }
}

async function linesOf(ctx: Context, asking: Asking, { from, limit }: { from: number | undefined; limit: number }): Promise<Row[]> {
  const given = params()
  const where = [...asking(given), ...(from === undefined ? [] : [`c.seq < ${given.add(from, 'bigint')}`])]
  return ctx.tx.query<Row>(`${LINES} where ${where.join(' and ')} order by c.seq desc limit ${given.add(limit + 1, 'int')}`, given.values)
}

/** As a sheet: one line per field that changed, newest first. */
async function* auditRows(ctx: Context, query: AuditQuery): AsyncGenerator<ExportCell[][]> {
  yield [SHEET[ctx.request?.lang ?? 'zh']]
  let lines = 0
  for (let cursor: string | null | undefined; cursor !== null && lines < MOST_EXPORTED;) {
    const { items, next }: Awaited<ReturnType<typeof auditPage>> = await auditPage(ctx, { ...query, limit: 500, cursor: cursor ?? undefined })
    const rows = items.flatMap(({ at, actor, object, title, record, fields, cause, ip, act, block, reason }) =>
      (fields.length > 0 ? fields : [{ label: '', before: null, after: null }]).map((each): ExportCell[] => [at, actor.name, object, title ?? record, each.label, cellText(each.before), cellText(each.after), cause.kind, reason, ip, String(act), block === null ? null : String(block)]))
    lines += rows.length
    yield rows
    cursor = next
  }
}
const SHEET = { zh: ['时间', '谁', '对象', '记录', '字段', '改前', '改后', '原因', '说明', 'IP', '操作', '封存块'], en: ['When', 'Who', 'Object', 'Record', 'Field', 'Before', 'After', 'Cause', 'Note', 'IP', 'Act', 'Block'] }
const cellText = (value: unknown): string | null => (value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value))

const readableObjects = (ctx: Context): string[] => [...ctx.metadata.objects.keys()].filter((key) => lensOf(ctx, key).can('read'))

async function present(ctx: Context, rows: readonly Row[], field: string | undefined) {
  const [members, titles, blocks] = [await memberRows(ctx.tx), await titlesOf(ctx, rows), await sealOf(ctx.tx, [...new Set(rows.map(({ act }) => act))])]
  const lang = ctx.request?.lang ?? 'zh'
  return Promise.all(rows.filter((row) => isSeen(ctx, row, titles)).map(async (row) => {
    const told = row.object.startsWith('definition:') ? await configuredShown(ctx, row) : fieldsOf({ ctx, members, lang, titles }, row)
    const { kind, ref, at, record, cause, ...rest } = row
    const name = kind === 'member' ? (members.get(Number(ref))?.name ?? ref) : kind === 'rule' ? rulesTitle(ctx.metadata, cause.rules ?? [ref], lang) : ref
    return {
      ...rest, at: iso(at), record, reason: reasonSaid(row.reason, lang), block: blocks.get(row.act) ?? null, title: titles.get(titleKey(row)) ?? null, fields: told.filter((each) => field === undefined || each.field === field),
      ...(canUndo(ctx, row) && { undo: (await undoToken(ctx, [row.act]))! }),
      actor: kind === 'source' ? sourceActor(ctx.metadata, ref, lang) : kind === 'system' ? systemActor(ref, lang) : { kind, name, ...(kind === 'member' && { id: Number(ref) }) }, cause: causeView(ctx, { cause }, members),
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
    if (object === 'system:reading') for (const { id, title } of await readTitles(ctx, some)) titles.set(id, title)
    if (ABOUT_ONE.includes(object)) for (const { id, title } of await aboutTitles(ctx, some)) titles.set(id, title)
    if (object.startsWith('system:')) for (const [id, title] of await numberedTitles(ctx, object, some.map(({ record }) => record))) titles.set(`${object} ${id}`, title)
    if (!ctx.metadata.objects.has(object)) continue
    for (const { id, title } of await byIds(ctx, object, [...new Set(some.map(({ record }) => record))])) titles.set(id, title)
  }
  return titles
}

/** What was configured, part by part in words. */
async function configuredShown(ctx: Context, { object, record, fields }: Row) {
  const kind = object.slice(11) as DefinitionKind
  const standing = [...standingOf(ctx, kind)].find(({ key }) => definitionRecord(kind, key) === record) ?? null
  const lang = ctx.request?.lang ?? 'zh'
  return (await logSaid(ctx, { kind, standing, fields })).map(({ field, label, before: was, after: is }) => ({ field, label: label[lang], before: was?.[lang] ?? null, after: is?.[lang] ?? null }))
}

/** Names of what is configured now, by the id under which the log keeps it. */
const definitionTitles = (ctx: Context, kind: DefinitionKind): Map<string, string> =>
  new Map([...standingOf(ctx, kind)].map(({ key, label }) => [definitionRecord(kind, key), label[ctx.request?.lang ?? 'zh']]))

function standingOf({ metadata }: Context, kind: DefinitionKind): Iterable<{ key: string; label: Label }> {
  const standing: Record<DefinitionKind, Iterable<{ key: string; label: Label }>> = {
    object: metadata.objects.values(), dictionary: metadata.dictionaries.values(), tag: metadata.tags.byKey.values(), grading: metadata.gradings.values(), role: metadata.roles.values(),
    assignmentPolicy: metadata.assignmentPolicies.values(), form: metadata.forms.values(), rule: metadata.rules.values(), view: metadata.views.values(), recordAct: metadata.recordActs.values(), conversion: metadata.conversions.values(), layout: metadata.layouts.values(), pooling: metadata.poolings.values(), print: metadata.prints.values(), letterhead: metadata.letterhead ? [metadata.letterhead] : [], dashboard: metadata.dashboards.values(), policy: metadata.policies.values(), accessMode: [{ key: ACCESS_MODE, label: { zh: '权限模式', en: 'Access mode' } }], calendar: [{ key: WORKING_CALENDAR, label: { zh: '工作日历', en: 'Working calendar' } }],
  }
  return standing[kind] ?? []
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
  if (object === loggedObject('sign_in_provider')) {
    const providers = await tx.query<{ id: number; name: string }>('select id, name from {t}.sign_in_provider where id = any($1::int[])', [records.map(number)])
    return named((id) => providers.find((each) => each.id === id)?.name)
  }
  if (object === loggedObject('signing_key') || object === loggedObject('push_key')) return named((id) => `No. ${id}`)
  const members = await memberRows(tx)
  return named((id) => members.get(id)?.name)
}

/** A record outside the reader's rows is not shown; one that is deleted shows to those who read every row of its object. */
function isSeen(ctx: Context, { object, record }: Row, titles: ReadonlyMap<string, string>): boolean {
  if (!ctx.metadata.objects.has(object) || titles.has(titleKey({ object, record }))) return true
  const given = params()
  return lensOf(ctx, object).reach('read', 'r', given) === 'TRUE'
}

interface Telling { ctx: Context; members: ReadonlyMap<number, { name: string }>; lang: 'zh' | 'en'; titles: ReadonlyMap<string, string> }

/** Of what somebody read at once, so many are named. */
const NAMED = 5

/** What is logged about one record that it names. */
const ABOUT_ONE: readonly string[] = ['system:unlock', 'system:run']
interface About { object: string; id: string }

async function aboutTitles(ctx: Context, rows: readonly Row[]): Promise<{ id: string; title: string }[]> {
  const abouts = rows.flatMap(({ fields }) => (fields['about']?.[1] as About | undefined) ?? []).filter(({ object }) => ctx.metadata.objects.has(object))
  return (await Promise.all([...Map.groupBy(abouts, ({ object }) => object)].map(([object, some]) => byIds(ctx, object, [...new Set(some.map(({ id }) => id))])))).flat()
}

const aboutShown = ({ ctx: { metadata }, lang, titles }: Telling, { object, id }: About): string | null =>
  [metadata.objects.get(object)?.label[lang], titles.get(id)].filter(Boolean).join(' ') || null

const namesIn = ({ fields }: Pick<Row, 'fields'>, key: string): readonly string[] => (fields[key]?.[1] ?? []) as readonly string[]

async function readTitles(ctx: Context, readings: readonly Row[]): Promise<{ id: string; title: string }[]> {
  const byObject = [...Map.groupBy(readings, ({ fields }) => String(fields['object']?.[1]))].filter(([object]) => ctx.metadata.objects.has(object))
  const read = await Promise.all(byObject.map(([object, some]) => byIds(ctx, object, [...new Set(some.flatMap((row) => namesIn(row, 'read').slice(0, NAMED)))])))
  return read.flat()
}

/** What was read, in words: fields by their labels, records by their names as far as the auditor sees them. */
function readingShown({ ctx: { metadata }, lang, titles }: Telling, row: Row): Record<string, [unknown, unknown]> {
  const { fields } = row
  const of = metadata.objects.get(String(fields['object']?.[1]))
  const labels = namesIn(row, 'fields').map((key) => of?.field.get(key)?.label[lang] ?? key).join('、')
  const all = namesIn(row, 'read')
  const names = all.slice(0, NAMED).map((id) => titles.get(id) ?? '…').join('、')
  return { object: [null, of?.label[lang] ?? fields['object']?.[1]], fields: [null, labels], read: [null, all.length > NAMED ? `${names} …` : names], rows: [null, fields['rows']?.[1]] }
}

function fieldsOf(telling: Telling, row: Row) {
  const { ctx, members, lang } = telling
  const { object } = row
  const fields = object === 'system:reading' ? readingShown(telling, row) : object === 'system:run' ? inOrder(row.fields, RUN) : row.fields
  const definition = ctx.metadata.objects.get(object)
  const lens = lensOf(ctx, object)
  const away = object === loggedObject('absence') ? ABSENCE : null
  const shown = (key: string, value: unknown): unknown => {
    if (object === 'system:refusal' && key === 'code' && typeof value === 'string') return ERRORS[value as ErrorCode]?.[lang] ?? value
    if ((away && (key === 'member' || key === 'stand_ins')) || (object === 'system:unlock' && key === 'told')) return ([value ?? []].flat() as number[]).map((id) => members.get(id)?.name ?? `#${id}`).join('、') || null
    if (key === 'about' && value !== null && ABOUT_ONE.includes(object)) return aboutShown(telling, value as About)
    if (object === 'system:run' && typeof value === 'string') return key === 'decision' ? (DECIDED[value]?.[lang] ?? value) : key === 'rule' ? (ctx.metadata.rules.get(value)?.label[lang] ?? value) : key === 'step' ? String(Number.parseInt(value, 10) + 1) : value
    if ((key === 'because' || key === 'admits') && object.startsWith('system:') && typeof value === 'string') return ADMITTING[value]?.[lang] ?? value
    if (away && typeof value === 'string' && value in ABSENCE_VALUES) return ABSENCE_VALUES[value]![lang]
    const seen = definition && lens.field(key)
    if (seen && seen.read !== 'full') return seen.see(value) ?? null
    if (object === loggedObject('own_automation') && key === 'paused') return ((value ?? []) as string[]).map((rule) => ctx.metadata.rules.get(rule)?.label[lang] ?? rule).join('、') || null
    if (key === 'tags' && Array.isArray(value)) return value.map((id) => ctx.metadata.tags.byId.get(id as number)?.key ?? id)
    return key in SHARING && Array.isArray(value) ? value.map((id) => members.get(id as number)?.name ?? `#${id}`).join('、') : (value ?? null)
  }
  // A field of a record is called as it is there, whatever the log calls its own.
  const logged = (key: string) => (definition && !key.startsWith('$') ? undefined : LOGGED[key]?.[lang])
  const label = (key: string) => away?.[key]?.[lang] ?? logged(key) ?? SHARING[key as keyof typeof SHARING]?.[lang] ?? definition?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang] ?? key
  return Object.entries(fields).filter(([key]) => !definition || key.startsWith('$') || lens.field(key in SHARING ? 'owner' : key)).map(([key, [was, is]]) => ({ field: key, label: label(key), before: shown(key, was), after: shown(key, is) }))
}

/** What matters of a decision comes first. */
const RUN = ['about', 'decision', 'reason', 'rule']
const inOrder = (fields: Row['fields'], first: readonly string[]): Row['fields'] => Object.fromEntries([...first.flatMap((key) => (key in fields ? [[key, fields[key]!] as const] : [])), ...Object.entries(fields).filter(([key]) => !first.includes(key))])

const both = (zh: string, en: string) => ({ zh, en })
const ABSENCE: Record<string, { zh: string; en: string }> = { member: both('请假人', 'Who'), kind: both('原因', 'Reason'), from_at: both('开始', 'From'), to_at: both('结束', 'To'), stand_ins: both('代理人', 'Stand-ins'), state: both('状态', 'State') }
const ABSENCE_VALUES: Record<string, { zh: string; en: string }> = { planned: both('未开始', 'To come'), running: both('请假中', 'Away'), over: both('已结束', 'Over'), cancelled: both('已取消', 'Called off'), personal: both('事假', 'Personal'), sick: both('病假', 'Sick'), annual: both('年假', 'Annual leave'), compensatory: both('调休', 'Time off in lieu'), family: both('婚育陪护', 'Family'), trip: both('出差', 'Business trip'), training: both('培训', 'Training'), other: both('其他', 'Other') }
