import { may, params, readableLens, lensOf, memberRows, type Context, type Lens, type MemberRow } from '#kernel/access'
import { birthsOf, changesOf, type ChangeRow, reasonSaid, systemActor } from '#kernel/changes'
import { rulesTitle, sourceActor } from '#kernel/metadata'
import { BASE_FIELDS, SHARING } from '#language/definitions'
import { openCursor, sealCursor } from './cursor.ts'
import { tagKeys } from './image.ts'
import { holdingsOf, seenIn } from './held.ts'
import { tenantKeys } from './keys.ts'
import { planOf } from './plan.ts'
import { getRecord, getRecords } from './read.ts'
import type { RecordView, TimelineItem } from './types.ts'
import { undoToken } from './undo.ts'
import { same } from './values.ts'

export interface TimelineQuery { limit: number; cursor?: string | undefined }
export interface TimelinePage { items: TimelineItem[]; next: string | null }

/** What others have to tell of a record, newest first, from a mark on downwards: `mark` is where the page after it begins. */
export type Beside = (ctx: Context, record: string, after: { mark: string | null; limit: number }) => Promise<{ at: Date; mark: string; item: TimelineItem }[]>

/** Where the streams go on: below this version of the record, after this child, and after what others have told. */
interface Spot { version: number | null; child: { at: string; id: string } | null; beside?: string | null }
const START: Spot = { version: null, child: null, beside: null }
const LIMIT = 100

/**
 * A record's own changes, the children shown on its timeline and what others tell of it (`beside`), newest first, each through its own object's lens.
 * A change of hidden fields only does not appear. Refused NOT_FOUND, CURSOR_INVALID. Four statements and one per object among the children.
 */
export async function timelineOf(ctx: Context, object: string, id: string, query: TimelineQuery, beside?: Beside): Promise<TimelinePage> {
  return page(ctx, object, id, { ...query, what: 'timeline', beside })
}

/** The audit of one record: its changes only, with the address they came from; fields filtered by today's lens. Refused NOT_FOUND, CURSOR_INVALID. */
export async function changesView(ctx: Context, object: string, id: string, query: TimelineQuery): Promise<TimelinePage> {
  return page(ctx, object, id, { ...query, what: 'audit' })
}

interface Asked extends TimelineQuery { what: 'timeline' | 'audit'; beside?: Beside | undefined }
/** `spot`: where the page after this entry begins. */
interface Entry { at: Date; item: TimelineItem; spot: Partial<Spot>; act?: number }

async function page(ctx: Context, object: string, id: string, { limit: asked, cursor, what, beside }: Asked): Promise<TimelinePage> {
  const [lens, keys] = [readableLens(ctx, object), await tenantKeys(ctx)]
  await getRecord(ctx, object, id, [])
  const limit = Math.min(Math.max(1, asked), LIMIT)
  const bound = JSON.stringify([what, object, id, lens.version])
  const from = cursor === undefined ? START : openCursor<Spot>(keys, cursor, bound)
  const held = await holdingsOf(ctx, lens, [id])
  const own = await ownEntries({ ctx, lens, id, see: seenIn(lens, held.get(id.toLowerCase())), what, limit: limit + 1 }, from)
  const children = what === 'timeline' ? await childEntries({ ctx, ids: [id, ...(await sourcesOf(ctx, object, id))], limit: limit + 1 }, from) : []
  const others = (await beside?.(ctx, id, { mark: from.beside ?? null, limit: limit + 1 }))?.map(({ mark, ...each }): Entry => ({ ...each, spot: { beside: mark } })) ?? []
  // What leaves the house follows what the same instant changed in it.
  const entries = [...others, ...own, ...children].sort((a, b) => b.at.getTime() - a.at.getTime())
  const shown = entries.slice(0, limit)
  if (what === 'audit' && !ctx.metadata.objects.get(object)!.immutable) for (const { item, act } of shown) item.undo = (await undoToken(ctx, [act!]))!
  const spot = shown.reduce<Spot>((last, entry) => ({ ...last, ...entry.spot }), from)
  return { items: shown.map(({ item }) => item), next: entries.length > limit ? sealCursor(keys, spot, bound) : null }
}

interface OwnStream { ctx: Context; lens: Lens; id: string; see: See; what: Asked['what']; limit: number }

/** Changes that show at least one field; those of hidden fields are passed over without a trace. */
async function ownEntries({ ctx, lens, id, see, what, limit }: OwnStream, from: Spot): Promise<Entry[]> {
  const members = await memberRows(ctx.tx)
  const entries: Entry[] = []
  for (let before = from.version ?? undefined; entries.length < limit;) {
    const rows = await changesOf(ctx.tx, lens.object, id, { before, limit })
    entries.push(...rows.flatMap((row) => entryOf({ ctx, lens, see, members, what }, row)))
    if (rows.length < limit) break
    before = rows.at(-1)!.recordVersion
  }
  return entries.slice(0, limit)
}

type See = ReturnType<typeof seenIn>
interface Reader { ctx: Context; lens: Lens; see: See; members: ReadonlyMap<number, MemberRow>; what: Asked['what'] }

function entryOf({ ctx, lens, see, members, what }: Reader, row: ChangeRow): Entry[] {
  const fields = row.event === 'created' && what === 'timeline' ? [] : [...fieldsOf({ ctx, lens, see }, row), ...sharedOf(ctx, lens, row, members)]
  if (row.event === 'changed' && fields.length === 0) return []
  const item: TimelineItem = {
    at: row.at.toISOString(), kind: row.event, actor: actorView(ctx, members, row), cause: causeView(ctx, row, members), fields, ...(row.reason && { reason: reasonSaid(row.reason, ctx.request?.lang ?? 'zh')! }),
    ...(what === 'audit' && { ip: row.ip }),
    ...(may(ctx, 'audit') && { seq: row.seq, act: row.act }),
  }
  return [{ at: row.at, item, spot: { version: row.recordVersion }, act: row.act }]
}

type Told = NonNullable<TimelineItem['fields']>

/** Whoever may know the owner may know with whom a record was shared; in names. */
function sharedOf(ctx: Context, lens: Lens, { fields }: ChangeRow, members: Reader['members']): Told {
  const names = (ids: unknown) => ((ids ?? []) as readonly number[]).map((id) => members.get(id)?.name ?? `#${id}`).join('、') || null
  const told = (Object.keys(SHARING) as (keyof typeof SHARING)[]).filter((key) => fields[key] && lens.field('owner'))
  return told.map((key) => ({ field: key, label: SHARING[key][ctx.request?.lang ?? 'zh'], before: names(fields[key]![0]), after: names(fields[key]![1]) }))
}

function fieldsOf({ ctx, lens, see }: Pick<Reader, 'ctx' | 'lens' | 'see'>, { fields }: ChangeRow): Told {
  const lang = ctx.request?.lang ?? 'zh'
  const definition = ctx.metadata.objects.get(lens.object)!
  return lens.readable.filter(({ key, read }) => fields[key] && !(key in SHARING) && (read === 'full' || !same(see(key, fields[key][0]) ?? null, see(key, fields[key][1]) ?? null))).map(({ key }) => {
    const [before, after] = fields[key]!.map((value) => see(key, value))
    const label = definition.field.get(key)?.label ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS].label
    const shown = (value: unknown) => (key === 'tags' ? tagKeys(ctx.metadata, value) : value)
    return { field: key, label: label[lang], before: shown(before), after: shown(after) }
  })
}

export function actorView({ metadata, request }: Context, members: ReadonlyMap<number, MemberRow>, { actor, cause }: Pick<ChangeRow, 'actor' | 'cause'>): TimelineItem['actor'] {
  const lang = request?.lang ?? 'zh'
  switch (actor.kind) {
    case 'member': return { kind: actor.kind, id: actor.id, name: members.get(actor.id)?.name ?? `#${actor.id}` }
    case 'rule': return { kind: actor.kind, name: rulesTitle(metadata, cause.rules ?? [actor.key], lang) }
    case 'source': return sourceActor(metadata, actor.form, lang)
    case 'system': return systemActor(actor.reason, lang)
  }
}

export function causeView({ metadata, request }: Context, { cause: { kind, rule, form, by, woke, word, told } }: Pick<ChangeRow, 'cause'>, members: ReadonlyMap<number, { name: string }> = new Map()): NonNullable<TimelineItem['cause']> {
  const [pressedBy, saidBy] = [by, word].map((id) => members.get(id ?? 0)?.name)
  const label = rule === undefined ? undefined : metadata.rules.get(rule)?.label[request?.lang ?? 'zh']
  return { kind, ...(rule !== undefined && { rule }), ...(label !== undefined && { ruleLabel: label }), ...(form !== undefined && { form }), ...(pressedBy !== undefined && { pressedBy }), ...(woke !== undefined && { woke }), ...(told !== undefined && { told }), ...(saidBy !== undefined && { saidBy }) }
}

interface ChildRow { at: Date; object: string; record: string; mark: string }
interface ChildStream { ctx: Context; ids: readonly string[]; limit: number }

/** Records that were converted into this one: their story is part of its own. No statement unless something can become this object. */
async function sourcesOf(ctx: Context, object: string, id: string): Promise<string[]> {
  const given = params(id)
  const ways = [...ctx.metadata.conversions.values()].flatMap((each) => each.targets.filter((target) => target.object === object && lensOf(ctx, each.object).can('read')).map(({ into }) =>
    `SELECT r.id FROM ${ctx.metadata.objects.get(each.object)!.table} r WHERE r."f_${into}" = $1::uuid AND ${lensOf(ctx, each.object).rows('read', 'r', given)}`))
  return ways.length === 0 ? [] : (await ctx.tx.query<{ id: string }>(`${ways.join(' UNION ')} LIMIT 50`, given.values)).map((row) => row.id)
}

async function childEntries({ ctx, ids, limit }: ChildStream, { child }: Spot): Promise<Entry[]> {
  const rows = await visibleChildren({ ctx, ids, limit }, child)
  const [views, births, members] = [await childViews(ctx, rows), await birthsOf(ctx.tx, rows.map(({ record }) => record)), await memberRows(ctx.tx)]
  return rows.flatMap((row) => {
    const view = views.get(row.record)
    if (!view) return []
    const item: TimelineItem = { at: row.at.toISOString(), kind: 'child', actor: makerOf({ ctx, members }, view, births.get(row.record)), cause: null, child: view }
    return [{ at: row.at, item, spot: { child: { at: row.mark, id: row.record } } }]
  })
}

/** Who made it: a colleague, the rule that did, the form it came by; what a form notes of its visitors was done by the visitor. */
function makerOf({ ctx, members }: Pick<Reader, 'ctx' | 'members'>, { object, values }: RecordView, birth: Pick<ChangeRow, 'actor' | 'cause'> | undefined): TimelineItem['actor'] {
  const id = values['created_by'] as number | null | undefined
  if (id) return { kind: 'member', id, name: members.get(id)?.name ?? `#${id}` }
  if (birth?.actor.kind !== 'member' && birth?.actor.kind !== 'rule' && [...ctx.metadata.forms.values()].some(({ behaviour }) => behaviour?.object === object)) return { kind: 'source', name: VISITOR[ctx.request?.lang ?? 'zh'], visitor: true }
  return birth ? actorView(ctx, members, birth) : { kind: 'system', name: '' }
}
const VISITOR = { zh: '访客', en: 'Visitor' }

/** Newest first; a child that points elsewhere by now is no longer shown. */
async function visibleChildren({ ctx, ids, limit }: ChildStream, after: Spot['child']): Promise<ChildRow[]> {
  const given = params(ids.length === 1 ? ids[0] : ids)
  const [one, subject] = ids.length === 1 ? ['', '= $1::uuid'] : ['DISTINCT ', '= ANY($1::uuid[])']
  const branches = [...ctx.metadata.objects.values()].filter(({ key, timeline }) => timeline?.length && lensOf(ctx, key).can('read')).map(({ key, table, timeline }) => {
    const points = timeline!.map((field) => `c."f_${field}" ${subject}`).join(' OR ')
    return `(t.object = ${given.add(key, 'text')} AND EXISTS (SELECT FROM ${table} c WHERE c.id = t.record AND (${points}) AND ${lensOf(ctx, key).rows('read', 'c', given)}))`
  })
  if (branches.length === 0) return []
  const on = after ? `AND (t.at, t.record) < (${given.add(after.at, 'timestamptz')}, ${given.add(after.id, 'uuid')})` : ''
  return ctx.tx.query<ChildRow>(`SELECT ${one}t.at, t.object, t.record, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS mark
    FROM {t}.timeline t WHERE t.subject ${subject} ${on} AND (${branches.join(' OR ')}) ORDER BY t.at DESC, t.record DESC LIMIT ${given.add(limit, 'int')}`, given.values)
}

async function childViews(ctx: Context, rows: readonly ChildRow[]): Promise<Map<string, RecordView>> {
  const groups = [...Map.groupBy(rows, ({ object }) => object)].filter(([object]) => planOf(ctx.metadata, object))
  const views = await Promise.all(groups.map(([object, group]) => getRecords(ctx, object, group.map(({ record }) => record))))
  return new Map(views.flat().map((view) => [view.id, view]))
}
