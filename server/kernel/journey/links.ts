import { kernelContext, type Actor, type Cause, type Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import { lockRecords, readRecords, writeOrRefuse, type ActDraft, type Intent, type RecordImage, type Values } from '#kernel/records'
import type { Form, Track } from '#language/definitions'
import type { Tx } from '#platform/db'

/** A tracking link as it can be opened. `page`: how its opening is called among what a visitor did. */
export interface TrackingLink { object: string; id: string; target: string; carries: boolean }

/** `machine`: a search engine, a preview, a scanner; it is counted apart and leaves nothing else. */
export interface Opening { visitor: string; machine: boolean }

interface Ref { object: string; id: string }
type Tracked = ObjectMetadata & { track: Track }
interface Link { object: Tracked; image: RecordImage }

const isTracked = (object: ObjectMetadata): object is Tracked => object.track !== undefined
const tracked = ({ metadata }: Context): Tracked[] => [...metadata.objects.values()].filter(isTracked)

/** What the address under this token opens; null: nothing. */
export async function linkAt(tx: Tx, token: string): Promise<TrackingLink | null> {
  const ctx = await kernelContext(tx, SYSTEM, { kind: 'source' })
  for (const object of tracked(ctx)) {
    const [found] = await tx.query<{ id: string }>(`select id from ${object.table} where "f_${object.track.token}" = $1 and gone_act is null`, [token], { name: `journey.link.${object.key}` })
    const image = found && (await readRecords(ctx, object.key, [found.id])).get(found.id)
    if (image) return leading({ object, image })
  }
  return null
}

const SYSTEM: Actor = { kind: 'system', reason: 'link' }

function leading({ object: { key, track }, image: { id, values } }: Link): TrackingLink | null {
  const target = values[track.target]
  if (typeof target !== 'string' || !isPage(target) || (track.active && values[track.active] !== true)) return null
  return { object: key, id, target, carries: track.carries !== undefined && values[track.carries] === true }
}

const isPage = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/**
 * Keep that a link was opened. Of a link to one record, or by a visitor whose record is known, it becomes a behaviour of that record at once, and the
 * record takes over what the link brings; otherwise it waits under the visitor. Opened again within a minute it only counts.
 */
export async function noteOpening(tx: Tx, { object: key, id }: Ref, { visitor, machine }: Opening, nextId: () => string): Promise<void> {
  const ctx = await kernelContext(tx, SYSTEM, { kind: 'source' })
  const object = ctx.metadata.objects.get(key)
  const image = (await readRecords(ctx, key, [id])).get(id)
  if (!object || !isTracked(object) || !image) return
  const link: Link = { object, image }
  const about = machine ? null : (sentTo(link) ?? (await knownAs(tx, visitor)))
  const subject = about && (await standing(ctx, about))
  const [noted] = await tx.query<{ again: boolean }>(NOTE, [id, tx.now, nextId(), machine ? null : visitor, machine, subject?.id ?? null], { name: 'journey.note' })
  if (machine || noted?.again) return
  if (subject) await tell(ctx, link, { subject, visitor })
  else if (!about) await tx.query(WAIT, [visitor, tx.now, nextId(), refOf(link), object.track.behaviour.as, titleOf(link)], { name: 'journey.waitLink' })
}

const NOTE = `with before as (select exists (select from {t}.link_opening where link = $1 and visitor = $4 and at > $2::timestamptz - interval '1 minute') as again), noted as (
  insert into {t}.link_opening (link, at, id, visitor, machine, record) values ($1, $2, $3, $4, $5, $6)) select again from before`
const WAIT = 'insert into {t}.visitor_event (visitor, at, id, form, kind, page) values ($1, $2, $3, $4, $5, $6)'
const KNOWN = `insert into {t}.visitor as v (id, first_seen_at, seen_at) values ($1, $2, $2) on conflict (id) do update set seen_at = excluded.seen_at returning v.object, v.record`

async function knownAs(tx: Tx, visitor: string): Promise<Ref | null> {
  const [known] = await tx.query<{ object: string | null; record: string | null }>(KNOWN, [visitor, tx.now], { name: 'journey.known' })
  return known?.object && known.record ? { object: known.object, id: known.record } : null
}

function sentTo({ object, image }: Link): Ref | null {
  const given = object.track.subject === undefined ? null : image.values[object.track.subject]
  if (typeof given === 'object') return given as Ref | null
  const to = object.field.get(object.track.subject!)?.to
  return typeof given === 'string' && typeof to === 'string' ? { object: to, id: given } : null
}

async function standing(ctx: Context, { object, id }: Ref): Promise<RecordImage | null> {
  const image = ctx.metadata.objects.has(object) ? (await readRecords(ctx, object, [id])).get(id) : undefined
  return image && !image.gone ? image : null
}

const titleOf = ({ object, image }: Link): string => { const title = image.values[object.title]; return typeof title === 'string' ? title : '' }
/** What the log calls it: by its name; one that was sent to somebody by its number alone, for its name may be theirs. */
const refOf = (link: Link): string => `link:${sentTo(link) ? String(link.image.values[link.object.track.token]) : titleOf(link).slice(0, 80)}`
const actOf = (link: Link): { actor: Actor; cause: Cause } => ({ actor: { kind: 'source', form: refOf(link) }, cause: { kind: 'source', form: refOf(link) } })

async function tell({ tx }: Context, link: Link, { subject, visitor }: { subject: RecordImage; visitor: string }): Promise<void> {
  const { actor, cause } = actOf(link)
  const ctx = await kernelContext(tx, actor, cause)
  const locked = await lockBoth(ctx, subject, link)
  const now = locked.get(subject.id)
  const intents = [behaviourOf(ctx, link, { subject, visitor }), now && takeOver(ctx, now, { links: [link], unsaid: {} }), sentTo(link) && countOpening(link, locked.get(link.image.id), tx.now)]
  await writeOrRefuse(ctx, intents.filter((intent) => intent !== null && intent !== undefined))
}

/** One lock order for everybody: by object. */
async function lockBoth(ctx: Context, subject: RecordImage, { image }: Link): Promise<Map<string, RecordImage>> {
  const locked = new Map<string, RecordImage>()
  for (const { object, id } of [subject, image].sort((a, b) => (a.object < b.object ? -1 : 1))) for (const [key, found] of await lockRecords(ctx, object, [id])) locked.set(key, found)
  return locked
}

/** Null when the object has no word for it. */
function behaviourOf({ metadata, tx }: Context, link: Link, { subject, visitor }: { subject: Ref; visitor: string }): Intent | null {
  const { behaviour } = link.object.track
  const object = metadata.objects.get(behaviour.object)
  if (!object || !metadata.dictionaries.get(object.field.get(behaviour.kind)?.dictionary ?? '')?.byKey.has(behaviour.as)) return null
  const about = object.field.get(behaviour.subject)?.kind === 'anyReference' ? { object: subject.object, id: subject.id } : subject.id
  return { op: 'create', object: behaviour.object, values: { [behaviour.subject]: about, [behaviour.kind]: behaviour.as, [behaviour.page]: titleOf(link), [behaviour.at]: tx.now.toISOString(), [behaviour.visitor]: visitor } }
}

function countOpening({ object: { key, track } }: Link, image: RecordImage | undefined, now: Date): Intent | null {
  if (!image) return null
  const first = track.firstAt !== undefined && image.values[track.firstAt] == null ? { [track.firstAt]: now.toISOString() } : {}
  const values: Values = { ...(track.opens ? { [track.opens]: Number(image.values[track.opens] ?? 0) + 1 } : {}), ...first, ...(track.lastAt ? { [track.lastAt]: now.toISOString() } : {}) }
  return { op: 'update', object: key, id: image.id, values }
}

/** `unsaid`: what stands in the record although nobody said it. */
interface Brought { links: readonly Link[]; unsaid: Values }

/** Tags of all the links; of the last one what it gives, where the record says nothing else. Null when there is nothing to take over. */
function takeOver({ metadata: { objects, tags: { byKey: tagsByKey } } }: Context, image: RecordImage, { links, unsaid }: Brought): Extract<Intent, { op: 'update' }> | null {
  // A segment's tag says something of the link itself.
  const tags = [...new Set(links.flatMap((link) => link.image.tags))].filter((tag) => !image.tags.includes(tag) && !tagsByKey.get(tag)?.segment)
  const [last, fields] = [links.at(-1)!, objects.get(image.object)!.field]
  const given = [...Object.entries(last.object.track.gives ?? {}).map(([from, to]) => [to, last.image.values[from]] as const), ...(last.object.track.into ? [[last.object.track.into, last.image.id] as const] : [])]
  const values = Object.fromEntries(given.filter(([to, value]) => fields.has(to) && value != null && isOpen(image.values[to], unsaid[to])))
  return tags.length === 0 && Object.keys(values).length === 0 ? null : { op: 'update', object: image.object, id: image.id, values, addTags: tags }
}
const isOpen = (value: unknown, unsaid: unknown): boolean => value === null || value === undefined || value === '' || value === unsaid

/** Somebody has said who they are. `form`: by which; absent where the record stood already, so that what it says has been said by people. */
export interface CameBy { visitor: string; subject: Ref; form: Form | null }

/** The records of visitors that came by tracking links take over what those bring, each link once. One statement where nobody did. */
export async function creditLinks(tx: Tx, came: readonly CameBy[]): Promise<void> {
  const ctx = await kernelContext(tx, SYSTEM, { kind: 'source' })
  const objects = tracked(ctx)
  if (objects.length === 0 || came.length === 0) return
  const openings = await tx.query<{ visitor: string; link: string }>(CREDIT, [JSON.stringify(came.map(({ visitor, subject }) => ({ visitor, record: subject.id })))], { name: 'journey.credit' })
  if (openings.length === 0) return
  const links = await linksOf(ctx, objects, openings.map(({ link }) => link))
  for (const each of came) {
    const brought = openings.filter(({ visitor }) => visitor === each.visitor).flatMap(({ link }) => links.get(link) ?? [])
    if (brought.length > 0) await credit(ctx, each, brought)
  }
}

const CREDIT = `with came as (select distinct on (visitor) visitor, record from json_to_recordset($1::json) as c(visitor uuid, record uuid) order by visitor), credited as (
    update {t}.link_opening o set record = c.record from came c where o.visitor = c.visitor and o.record is null returning o.visitor, o.link, o.at)
  select visitor, link from credited group by visitor, link order by max(at)`

async function linksOf(ctx: Context, objects: readonly Tracked[], ids: readonly string[]): Promise<Map<string, Link>> {
  const links = new Map<string, Link>()
  for (const object of objects) for (const [id, image] of await readRecords(ctx, object.key, [...new Set(ids)])) if (!image.gone) links.set(id, { object, image })
  return links
}

async function credit({ tx }: Context, { subject, form }: CameBy, links: readonly Link[]): Promise<void> {
  const act: ActDraft = actOf(links.at(-1)!)
  const ctx = await kernelContext(tx, act.actor, act.cause)
  const image = (await lockRecords(ctx, subject.object, [subject.id])).get(subject.id)
  const intent = image && takeOver(ctx, image, { links, unsaid: form?.constants ?? {} })
  if (intent) await writeOrRefuse(ctx, [intent])
}

/** How often a link was opened, by how many, and by how many machines; `known`: records that came by it. */
export interface Openings { clicks: number; visitors: number; machines: number; known: number; days: { day: string; clicks: number }[] }

export async function openingsOf(tx: Tx, link: string, zone: string): Promise<Openings> {
  const [row] = await tx.query<Omit<Openings, 'days'>>(`select count(*) filter (where not machine)::int as clicks, count(distinct visitor)::int as visitors, count(*) filter (where machine)::int as machines, count(distinct record)::int as known from {t}.link_opening where link = $1`, [link])
  const days = await tx.query<{ day: string; clicks: number }>(`select to_char(at at time zone $2, 'YYYY-MM-DD') as day, count(*)::int as clicks from {t}.link_opening where link = $1 and not machine and at > $3::timestamptz - interval '30 days' group by 1 order by 1`, [link, zone, tx.now])
  return { ...row!, days }
}
