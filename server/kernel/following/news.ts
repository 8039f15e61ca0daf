import { kernelContext, lensOf, memberRows, reachedBy, type Context, type MemberRow } from '#kernel/access'
import { getRecords, type RecordView } from '#kernel/records'
import { dayOf, mentionsIn, withNames } from '#language/values'
import type { Database, Tenant, Tx } from '#platform/db'
import { contextAs, type Subject } from './follow.ts'
import { saidOf, type ChangedFields } from './words.ts'

/** One message to one member, as delivery takes it. */
export interface News { member: number; kind: 'mention' | 'followed_comment' | 'followed_change'; title: string; body: string | null; object: string; record: string; groupKey: string | null; event: number; rule: null; anchor: string | null }
export type Tell = (tx: Tx, news: readonly News[]) => Promise<void>

interface Row { seq: number; object: string; record: string; version: number; fields: ChangedFields; actorKind: string; actorRef: string }
/** What happened to a record, before anybody's eyes are asked. */
interface Happening { seq: number; by: number | null; subject: Subject; fields: ChangedFields; comment: { id: string; object: string; text: string; isNew: boolean; mentioned: readonly number[] } | null }

const TAKEN = 200

/**
 * Tell followers what changed and mentioned members that they are meant, each with their own eyes; nobody is told of what they did themselves.
 * Any number of processes at once: a row is taken, told and gone in one transaction. Answers how many were taken.
 */
export const tellNews = (db: Pick<Database, 'mutate'>, tenant: Tenant, tell: Tell): Promise<number> => db.mutate(tenant, async (tx) => {
  const rows = await take(tx)
  if (rows.length === 0) return 0
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'following' }, { kind: 'timer' })
  const happenings = await happeningsOf(ctx, rows)
  const followers = await followersOf(tx, happenings)
  const members = new Set([...followers.values()].flat().concat(happenings.flatMap(({ comment }) => comment?.mentioned ?? [])))
  const told: News[] = []
  for (const member of [...members].sort((a, b) => a - b)) told.push(...(await newsFor(ctx, member, happenings.filter((each) => concerns(each, member, followers)))))
  await tell(tx, [...told, ...(await newsInstead(ctx, happenings, followers))])
  return rows.length
})

/** Whoever stands in for a mentioned member who is away hears of it, with their own eyes, and for whom it is. */
async function newsInstead(ctx: Context, happenings: readonly Happening[], followers: ReadonlyMap<string, readonly number[]>): Promise<News[]> {
  const members = await memberRows(ctx.tx)
  const reached = reachedBy(members, happenings.flatMap(({ comment }) => comment?.mentioned ?? []), ctx.now.getTime())
  const told: News[] = []
  for (const { member, instead } of reached) {
    if (instead === null) continue
    const theirs = happenings.flatMap((each) => (each.comment?.mentioned.includes(instead) && each.by !== member && !concerns(each, member, followers) ? [{ ...each, comment: { ...each.comment, mentioned: [member] } }] : []))
    told.push(...(await newsFor(ctx, member, theirs)).map((news) => ({ ...news, title: `代 ${members.get(instead)!.name}：${news.title}` })))
  }
  return told
}

const take = (tx: Tx): Promise<Row[]> => tx.query<Row>(`with taken as (
    delete from {t}.follow_news where seq in (select seq from {t}.follow_news order by seq limit ${TAKEN} for update skip locked) returning seq)
  select c.seq, c.object, c.record, c.record_version as version, c.fields, a.actor_kind as "actorKind", a.actor_ref as "actorRef"
  from taken join {t}.change c using (seq) join {t}.act a on a.id = c.act order by c.seq`, [], { name: 'take news' })

async function happeningsOf(ctx: Context, rows: readonly Row[]): Promise<Happening[]> {
  const said = rows.filter(({ object }) => ctx.metadata.objects.get(object)?.comment)
  const groups = [...Map.groupBy(said, ({ object }) => object)]
  const views = await Promise.all(groups.map(([object, group]) => getRecords(ctx, object, [...new Set(group.map(({ record }) => record))])))
  const comments = new Map(views.flat().map((view) => [view.id, view]))
  return rows.flatMap((row): Happening[] => {
    const by = row.actorKind === 'member' ? Number(row.actorRef) : null
    const definition = ctx.metadata.objects.get(row.object)?.comment
    if (!definition) return [{ seq: row.seq, by, subject: { object: row.object, id: row.record }, fields: row.fields, comment: null }]
    const view = comments.get(row.record)
    const subject = view?.values[definition.subject] as Subject | undefined
    // Taken back or gone by now: nobody needs to be told.
    if (!view || !subject || view.values[definition.withdrawn] === true) return []
    const [before, after] = row.fields[definition.text] ?? ['', '']
    const known = new Set(mentionsIn(textOf(before)))
    return [{ seq: row.seq, by, subject, fields: {}, comment: { id: view.id, object: row.object, text: textOf(view.values[definition.text]), isNew: row.version === 1, mentioned: mentionsIn(textOf(after)).filter((id) => !known.has(id)) } }]
  })
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

async function followersOf(tx: Tx, happenings: readonly Happening[]): Promise<Map<string, number[]>> {
  const rows = await tx.query<{ record: string; member: number }>('select record, member from {t}.follow where record = any($1::uuid[]) and closed_at is null', [[...new Set(happenings.map(({ subject }) => subject.id))]], { name: 'followers' })
  return new Map([...Map.groupBy(rows, ({ record }) => record)].map(([record, group]) => [record, group.map(({ member }) => member)]))
}

function concerns({ by, subject, comment }: Happening, member: number, followers: ReadonlyMap<string, readonly number[]>): boolean {
  if (by === member) return false
  return comment?.mentioned.includes(member) === true || ((comment === null || comment.isNew) && followers.get(subject.id)?.includes(member) === true)
}

/** One statement per object. */
async function newsFor(kernel: Context, member: number, happenings: readonly Happening[]): Promise<News[]> {
  const ctx = await contextAs(kernel, member)
  if (!ctx) return []
  const groups = [...Map.groupBy(happenings, ({ subject }) => subject.object)].filter(([object]) => lensOf(ctx, object).can('read'))
  const views = await Promise.all(groups.map(([object, group]) => getRecords(ctx, object, [...new Set(group.map(({ subject }) => subject.id))], [])))
  const seen = new Map(views.flat().map((view) => [view.id, view]))
  const people = await memberRows(ctx.tx)
  return happenings.flatMap((happening) => { const view = seen.get(happening.subject.id); return view ? one({ ctx, member, people }, happening, view) : [] })
}

interface Reader { ctx: Context; member: number; people: ReadonlyMap<number, MemberRow> }

function one({ ctx, member, people }: Reader, { seq, by, subject, fields, comment }: Happening, { title }: RecordView): News[] {
  const base = { member, object: subject.object, record: subject.id, event: seq, rule: null }
  const group = `follow:${subject.id}:${dayOf(ctx.now.getTime(), ctx.tenant.zone)}`
  const who = (by === null ? undefined : people.get(by)?.name) ?? '系统'
  if (comment) {
    if (!lensOf(ctx, comment.object).can('read')) return []
    const meant = comment.mentioned.includes(member)
    const body = withNames(comment.text, (id) => people.get(id)?.name)
    return [{ ...base, kind: meant ? 'mention' : 'followed_comment', title: meant ? `${who}在「${title}」中提到你` : `${who}评论了「${title}」`, body, groupKey: meant ? null : group, anchor: comment.id }]
  }
  const said = saidOf(ctx, subject.object, fields, people)
  return said.length === 0 ? [] : [{ ...base, kind: 'followed_change', title: `${who}修改了「${title}」`, body: said.join('；'), groupKey: group, anchor: null }]
}
