import type { Context } from '#kernel/access'
import { NOTHING_SEEN, type BindContext } from '#language/conditions'
import type { Batch, Draft } from './batch.ts'
import { lockCapacity } from './capacity.ts'
import type { ObjectPlan } from './plan.ts'
import type { Values } from './types.ts'

/** A record begins or ceases to count towards a member's load. `kind` null: somebody has received it, and it counts towards nothing. */
export interface Turn { draft: Draft; kind: string | null; closes: number | null; opens: number | null; act: number }

/**
 * Which open assignments end and begin, decided under the lock (decision 15). A member whose load row was not foreseen
 * when capacity was locked is locked now, without waiting if records are held.
 */
export async function turnsOf(batch: Batch): Promise<Turn[]> {
  const { principal: _, now, tenant, metadata } = batch.ctx
  const at: BindContext = { me: null, myTeams: [], now, zone: tenant.zone, calendar: metadata.calendar }
  const turns = [...batch.drafts.values()].flatMap((draft) => turnOf(draft, at))
  await lockCapacity(batch.ctx, turns.flatMap(({ kind, closes, opens }) => (kind === null ? [] : [closes, opens])).filter((id) => id !== null))
  return turns
}

function turnOf(draft: Draft, at: BindContext): Turn[] {
  const last = draft.steps.at(-1)
  return last ? movesBetween(draft.plan, [draft.before, draft], at).map((move) => ({ ...move, draft, act: last.act })) : []
}

type Standing = { values: Values; gone: boolean } | null

/** Whose load a change of a record moves; and who has received it, where policies hand out such records and it counts towards nobody's: their turn is over all the same. */
export function movesBetween({ load, isHandedOut }: ObjectPlan, [before, after]: readonly [Standing, Standing], at: BindContext): Pick<Turn, 'kind' | 'closes' | 'opens'>[] {
  const [closes, opens] = load ? [holderOf(load, before, at), holderOf(load, after, at)] : [null, null]
  const [had, has] = [ownerOf(before), ownerOf(after)]
  return [
    ...(load && closes !== opens ? [{ kind: load.kind, closes, opens }] : []),
    ...(isHandedOut && has !== null && has !== had && has !== opens ? [{ kind: null, closes: null, opens: has }] : []),
  ]
}

const ownerOf = (row: Standing): number | null => (row && !row.gone ? ((row.values['owner'] as number | null | undefined) ?? null) : null)

/** Whose load the record counts towards; null: nobody's. */
const holderOf = ({ holds }: NonNullable<ObjectPlan['load']>, row: Standing, at: BindContext): number | null =>
  row && ownerOf(row) !== null && holds(row.values, NOTHING_SEEN, at) ? ownerOf(row) : null

/** Close, open and count in one statement; member_load moves by exactly the assignments that moved. */
export async function settleLoad({ ctx }: Batch, turns: readonly Turn[], actIds: readonly number[]): Promise<void> {
  await moveLoads(ctx, turns.map(({ draft, act, ...turn }) => ({ ...turn, object: draft.plan.object.key, record: draft.id, act: actIds[act]!, decision: draft.decision })))
}

export interface LoadMove extends Pick<Turn, 'kind' | 'closes' | 'opens'> { object: string; record: string; act: number; decision?: number | undefined }

export async function moveLoads({ tx, now }: Context, moves: readonly LoadMove[]): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map(({ object, record, kind, closes, opens, act, decision }) => ({ o: object, r: record, k: kind ?? undefined, c: closes ?? undefined, m: opens ?? undefined, a: act, d: decision }))
  await tx.query(SETTLE, [JSON.stringify(rows), now], { name: 'settle load' })
}

// The new assignment waits for the old one to be closed: one open per record. What counts towards nothing is closed at once.
const SETTLE = `with t as materialized (
  select * from json_to_recordset($1) as x(o text, r uuid, k text, c int, m int, a bigint, d bigint)
), closed as (
  update {t}.assignment s set closed_at = $2, closed_act = t.a from t where t.c is not null and s.record = t.r and s.role = 'owner' and s.closed_at is null
  returning s.member, s.kind
), opened as (
  insert into {t}.assignment (object, record, member, kind, opened_at, opened_act, closed_at, closed_act, decision)
  select t.o, t.r, t.m, t.k, $2, t.a, case when t.k is null then $2 end, case when t.k is null then t.a end, t.d from t, (select count(*) from closed) after where t.m is not null
  returning member, kind
), moved as (
  select member, kind, sum(by)::int as by from (
    select member, kind, -1 as by from closed where kind is not null union all select member, kind, 1 from opened where kind is not null) m group by member, kind order by member, kind
)
insert into {t}.member_load as l (member, kind, open) select member, kind, by from moved where by <> 0 order by member, kind
on conflict (member, kind) do update set open = l.open + excluded.open`
