import { NOTHING_SEEN, type BindContext } from '#language/conditions'
import type { Batch, Draft } from './batch.ts'
import { lockCapacity } from './capacity.ts'
import type { Values } from './types.ts'

/** A record begins or ceases to count towards a member's load. */
export interface Turn { draft: Draft; kind: string; closes: number | null; opens: number | null; act: number }

/**
 * Which open assignments end and begin, decided under the lock (decision 15). A member whose load row was not foreseen
 * when capacity was locked is locked now, without waiting if records are held.
 */
export async function turnsOf(batch: Batch): Promise<Turn[]> {
  const { principal: _, now, tenant } = batch.ctx
  const at: BindContext = { me: null, myTeams: [], now, zone: tenant.zone }
  const turns = [...batch.drafts.values()].flatMap((draft) => turnOf(draft, at))
  await lockCapacity(batch.ctx, turns.flatMap(({ closes, opens }) => [closes, opens]).filter((id) => id !== null))
  return turns
}

function turnOf(draft: Draft, at: BindContext): Turn[] {
  const { load } = draft.plan
  const last = draft.steps.at(-1)
  if (!load || !last) return []
  const holder = (values: Values | undefined, gone: boolean) => (values && !gone && values['owner'] && load.holds(values, NOTHING_SEEN, at) ? (values['owner'] as number) : null)
  const [closes, opens] = [holder(draft.before?.values, draft.before?.gone ?? true), holder(draft.values, draft.gone)]
  return closes === opens ? [] : [{ draft, kind: load.kind, closes, opens, act: last.act }]
}

/** Close, open and count in one statement; member_load moves by exactly the assignments that moved. */
export async function settleLoad({ ctx }: Batch, turns: readonly Turn[], actIds: readonly number[]): Promise<void> {
  if (turns.length === 0) return
  const rows = turns.map(({ draft, kind, closes, opens, act }) =>
    ({ o: draft.plan.object.key, r: draft.id, k: kind, c: closes ?? undefined, m: opens ?? undefined, a: actIds[act], d: draft.decision }))
  await ctx.tx.query(SETTLE, [JSON.stringify(rows), ctx.now], { name: 'settle load' })
}

// The new assignment waits for the old one to be closed: one open per record.
const SETTLE = `with t as materialized (
  select * from json_to_recordset($1) as x(o text, r uuid, k text, c int, m int, a bigint, d bigint)
), closed as (
  update {t}.assignment s set closed_at = $2, closed_act = t.a from t where t.c is not null and s.record = t.r and s.role = 'owner' and s.closed_at is null
  returning s.member, s.kind
), opened as (
  insert into {t}.assignment (object, record, member, kind, opened_at, opened_act, decision)
  select t.o, t.r, t.m, t.k, $2, t.a, t.d from t, (select count(*) from closed) after where t.m is not null
  returning member, kind
), moved as (
  select member, kind, sum(by)::int as by from (
    select member, kind, -1 as by from closed where kind is not null union all select member, kind, 1 from opened) m group by member, kind order by member, kind
)
insert into {t}.member_load as l (member, kind, open) select member, kind, by from moved where by <> 0 order by member, kind
on conflict (member, kind) do update set open = l.open + excluded.open`
