import type { Actor, Context } from '#kernel/access'
import { arrayText } from '#platform/db'
import { announce } from './commits.ts'
import { isLate, lateQueue, virtualQueue } from './queue.ts'
import type { ActDraft, Appended, ChangeDraft } from './types.ts'

/** Ids for acts whose number must stand in rows before the changes are appended; hand them to appendChanges. One statement. */
export async function openActs({ tx }: Context, count: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(`select nextval('{t}.act_id') as id from generate_series(1, $1::int)`, [count], { name: 'open acts' })
  return rows.map(({ id }) => id)
}

/**
 * Write acts and their changes with everything that hangs on them (unsealed, timeline, todo, news for followers). One statement, seq in the order given.
 * What of the same records still waits in a late queue goes before: a record's changes are answered in their order.
 * An act that no change names is written only when `ids` names it (its number already stands in a row). Answers one entry per change.
 */
export async function appendChanges({ tx }: Context, acts: readonly ActDraft[], changes: readonly ChangeDraft[], ids?: readonly (number | undefined)[]): Promise<Appended[]> {
  const used = new Set(changes.map(({ act }) => act))
  const actRows = acts.map((act, i) => actRow(act, i, ids?.[i] ?? act.joins)).filter(({ i }) => used.has(i) || ids?.[i] !== undefined)
  if (actRows.length === 0) return []
  const [told] = await tx.query<Told>(APPEND, [JSON.stringify(actRows), JSON.stringify(changes.flatMap(timelineRows)), tx.now, ...changeColumns(acts, changes)], { name: 'append changes' })
  announce(tx, changes, told!.news)
  return told!.seqs.map((seq, i) => ({ seq, act: told!.acts[i]! }))
}

/** One row, whatever the number of changes. */
interface Told { seqs: number[]; acts: number[]; news: boolean }

function actRow({ actor, cause, ip, agent, request, reason, joins }: ActDraft, i: number, id: number | undefined) {
  return { i, id, j: joins === undefined ? undefined : true, kind: actor.kind, ref: refOf(actor), cause, ip, agent, request, reason }
}

function refOf(actor: Actor): string {
  switch (actor.kind) {
    case 'member': return String(actor.id)
    case 'rule': return actor.key
    case 'source': return actor.form
    case 'system': return actor.reason
  }
}

/** Columns rather than rows: PostgreSQL takes an array and one JSON of what changed in half the time of a list of objects. */
function changeColumns(acts: readonly ActDraft[], changes: readonly ChangeDraft[]): (string | null)[] {
  const queue = ({ act, record, todo }: ChangeDraft) => (todo ? (isLate(acts[act]!.cause) ? lateQueue(record) : virtualQueue(record)) : null)
  const columns = [changes.map(({ act }) => act), changes.map(({ object }) => object), changes.map(({ record }) => record), changes.map(({ recordVersion }) => recordVersion), changes.map(queue), changes.map(({ news }) => news ?? null)]
  return [...columns.map(arrayText), JSON.stringify(changes.map(({ fields }) => fields))]
}

const timelineRows = ({ object, record, timeline = [] }: ChangeDraft) => timeline.map((subject) => ({ s: subject, o: object, r: record }))

// What is rare (changes that wait in a late queue, followers) is asked so that it looks cheap to the planner too: it else plans the whole anew each time.
const APPEND = `with a as materialized (
  select i, coalesce(id, nextval('{t}.act_id')) as id, j, kind, ref, cause, ip, agent, request, reason
  from json_to_recordset($1) as x(i int, id bigint, j boolean, kind text, ref text, cause jsonb, ip text, agent text, request text, reason text)
), c as materialized (
  select s.*, nextval('{t}.change_seq') as seq from (
    select x.i, a.id as act, x.o, x.r, x.v, x.f, x.s, x.n
    from rows from (unnest($4::int[], $5::text[], $6::uuid[], $7::int[], $8::smallint[], $9::boolean[]), jsonb_array_elements($10)) with ordinality as x(a, o, r, v, s, n, f, i) join a on a.i = x.a order by x.i) s
), new_acts as (
  insert into {t}.act (id, actor_kind, actor_ref, cause, ip, agent, request, reason, at) select id, kind, ref, cause, ip, agent, request, reason, $3 from a where j is null
), new_unsealed as (
  insert into {t}.unsealed (act) select id from a where j is null
), new_changes as (
  insert into {t}.change (seq, act, object, record, record_version, fields) select seq, act, o, r, v, f from c
), late as materialized (
  select r, s from c where s < 8 limit (select count(*) * 1000000000 from (select sub from {t}.todo where sub >= 8 order by sub limit 1) any_late)
), waiting as materialized (
  select d.sub, d.seq from late, lateral (select h.seq from {t}.change h where h.record = late.r offset 0) h, {t}.todo d
  where d.sub = late.s + 8 and d.seq = h.seq for update of d skip locked
), hastened as (
  update {t}.todo d set sub = d.sub - 8 from waiting w where d.sub = w.sub and d.seq = w.seq
), new_todo as (
  insert into {t}.todo (sub, seq) select s, seq from c where s is not null
), about as materialized (
  select distinct s, o, r from json_to_recordset($2) as x(s uuid, o text, r uuid)
), new_timeline as (
  insert into {t}.timeline (subject, at, object, record) select s, $3::timestamptz, o, r from about
), new_news as (
  insert into {t}.follow_news (seq)
    select seq from c where c.n
    union select c.seq from c join {t}.follow f on f.record = c.r where f.closed_at is null
    union select c.seq from about join c on c.r = about.r join {t}.follow f on f.record = about.s where f.closed_at is null
  returning seq
)
select coalesce(array_agg(seq order by i), '{}') as seqs, coalesce(array_agg(act order by i), '{}') as acts, exists (select from new_news) as news from c`
