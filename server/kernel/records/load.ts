import type { Context } from '#kernel/access'
import { NOTHING_SEEN, type BindContext } from '#language/conditions'
import type { Batch, Draft } from './batch.ts'
import { lockCapacity } from './capacity.ts'
import type { ObjectPlan } from './plan.ts'
import type { Values } from './types.ts'

/** A record begins or ceases to count towards a member's load. */
export interface Turn { draft: Draft; kind: string; closes: number | null; opens: number | null; act: number }

/**
 * Which open assignments end and begin, decided under the lock (decision 15). A member whose load row was not foreseen
 * when capacity was locked is locked now, without waiting if records are held.
 */
export async function turnsOf(batch: Batch): Promise<Turn[]> {
  const { principal: _, now, tenant, metadata } = batch.ctx
  const at: BindContext = { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar }
  const turns = [...batch.drafts.values()].flatMap((draft) => turnOf(draft, at))
  await lockCapacity(batch.ctx, turns.flatMap(({ closes, opens }) => [closes, opens]).filter((id) => id !== null))
  return turns
}

function turnOf(draft: Draft, at: BindContext): Turn[] {
  const { load } = draft.plan
  const last = draft.steps.at(-1)
  if (!load || !last) return []
  const [closes, opens] = [holderOf(load, draft.before, at), holderOf(load, draft, at)]
  return closes === opens ? [] : [{ draft, kind: load.kind, closes, opens, act: last.act }]
}

/** Whose load the record counts towards; null: nobody's. */
export const holderOf = ({ holds }: NonNullable<ObjectPlan['load']>, row: { values: Values; gone: boolean } | null, at: BindContext): number | null =>
  row && !row.gone && row.values['owner'] && holds(row.values, NOTHING_SEEN, at) ? (row.values['owner'] as number) : null

/** Close, open and count in one statement; member_load moves by exactly the assignments that moved. */
export async function settleLoad({ ctx }: Batch, turns: readonly Turn[], actIds: readonly number[]): Promise<void> {
  await moveLoads(ctx, turns.map(({ draft, act, ...turn }) => ({ ...turn, object: draft.plan.object.key, record: draft.id, act: actIds[act]!, decision: draft.decision })))
}

export interface LoadMove extends Pick<Turn, 'kind' | 'closes' | 'opens'> { object: string; record: string; act: number; decision?: number | undefined }

export async function moveLoads({ tx, now }: Context, moves: readonly LoadMove[]): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map(({ object, record, kind, closes, opens, act, decision }) => ({ o: object, r: record, k: kind, c: closes ?? undefined, m: opens ?? undefined, a: act, d: decision }))
  await tx.query(SETTLE, [JSON.stringify(rows), now], { name: 'settle load' })
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
