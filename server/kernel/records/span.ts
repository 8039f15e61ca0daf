import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { undoActs, type Undoing } from './undo.ts'

/** What one member did by hand, or one rule did by itself, in a span of time. `along`: and what rules did because of it. */
export interface Span { member?: number | undefined; rule?: string | undefined; from: Date; to: Date; along: boolean }

/**
 * `sent`: what has left the house by then and cannot be called back, by channel. `answers`: acts of rules that followed.
 * `back`: records that would be as they were; `kept`: what would stay as it is, and why.
 */
export interface SpanPlan extends Found { back: number; kept: Undoing['kept'] }
interface Found { acts: number[]; changes: number; records: { object: string; n: number }[]; answers: number; sent: { channel: string; n: number }[] }

/** More at once would hold its rows for too long. */
export const MOST_UNDONE = 3_000

/** What undoing a span would take back, tried and not written; the records stay locked until the transaction ends. Refused UNDO_TOO_MUCH. */
export async function planSpan(ctx: Context, span: Span): Promise<SpanPlan> {
  const found = await findSpan(ctx, span)
  const { changed: back, kept } = found.acts.length === 0 ? { changed: 0, kept: [] } : await undoActs(ctx, found.acts, { rehearse: true })
  return { ...found, back, kept }
}

/** Two statements. */
async function findSpan({ tx, metadata }: Context, span: Span): Promise<Found> {
  const objects = [...metadata.objects.values()].filter(({ immutable }) => !immutable).map(({ key }) => key)
  const given = [span.member === undefined ? null : String(span.member), span.rule ?? null, span.from, span.to, objects, FINAL, span.along, MOST_UNDONE + 1]
  const rows = await tx.query<{ id: number; answer: boolean }>(`${ACTS} select id, answer from found order by id limit $8`, given)
  if (rows.length > MOST_UNDONE) refused('UNDO_TOO_MUCH', undefined, { most: MOST_UNDONE })
  const acts = rows.map(({ id }) => id)
  const [counts, sent] = await Promise.all([
    tx.query<{ object: string; n: number; changes: number }>(`select object, count(distinct record)::int as n, count(*)::int as changes from {t}.change where act = any($1::bigint[]) group by object order by 2 desc`, [acts]),
    tx.query<{ channel: string; n: number }>(`select o.channel, count(*)::int as n from {t}.outbox o where o.state in ('sent', 'sent_unknown') and (o.run_event in (select seq from {t}.change where act = any($1::bigint[]))
      or o.run_event in (select (cause->>'event')::bigint from {t}.act where id = any($1::bigint[]) and cause ? 'event')) group by o.channel order by 1`, [acts]),
  ])
  return { acts, changes: counts.reduce((sum, each) => sum + each.changes, 0), records: counts.map(({ object, n }) => ({ object, n })), answers: rows.filter(({ answer }) => answer).length, sent }
}

/** Takes a span back, field by field where nobody has changed it since; see undoActs. */
export async function undoSpan(ctx: Context, span: Span): Promise<Undoing & Pick<SpanPlan, 'sent'>> {
  const { acts, sent } = await findSpan(ctx, span)
  if (acts.length === 0) return { changed: 0, acts: [], kept: [], sent }
  return { ...(await undoActs(ctx, acts)), sent }
}

const FINAL = ['undo', 'merge', 'unmerge', 'erasure', 'definition', 'upgrade']
/** Acts of whose changes all are of records: those of people and settings have their own ways back. */
const ACTS = `with own as materialized (
  select a.id from {t}.act a where a.at >= $3 and a.at < $4 and a.cause->>'kind' <> all($6::text[])
    and (($1::text is not null and a.actor_kind = 'member' and a.actor_ref = $1) or ($2::text is not null and a.actor_kind = 'rule' and (a.cause->>'rule' = $2 or a.cause->'rules' ? $2)))
), answers as (
  select b.id from {t}.act b where $7 and b.at >= $3 and b.actor_kind = 'rule' and (b.cause->>'root')::bigint in (select c.seq from {t}.change c join own on own.id = c.act)
), found as (
  select x.id, bool_and(x.answer) as answer from (select id, false as answer from own union all select id, true from answers) x
  where exists (select from {t}.change c where c.act = x.id) and not exists (select from {t}.change c where c.act = x.id and c.object <> all($5::text[])) group by x.id
)`
