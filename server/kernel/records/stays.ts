import { set } from './apply.ts'
import { draftKey, type Batch, type Draft } from './batch.ts'
import { placeOf, poolsOf } from './pools.ts'
import { parseValue } from './values.ts'
import type { Values } from './types.ts'

/**
 * Whoever becomes the owner takes a record out of its pool; a record that loses its owner goes to the pool it belongs to.
 * One statement per object that loses owners, none otherwise.
 */
export async function placeInPools(batch: Batch): Promise<void> {
  const pooled = [...batch.drafts.values()].filter(({ plan, steps }) => plan.pooling && steps.length > 0)
  for (const draft of pooled) if (draft.values['owner'] && draft.values[draft.plan.pooling!.field]) set(draft, draft.steps.at(-1)!, draft.plan.pooling!.field, null)
  const leaving = pooled.filter((draft) => !draft.gone && draft.before?.values['owner'] && !draft.values['owner'] && !draft.values[draft.plan.pooling!.field] && !isReverted(batch, draft) && !isPlaced(draft))
  for (const [plan, drafts] of Map.groupBy(leaving, ({ plan }) => plan)) {
    const pools = await poolsOf(batch.ctx, plan.pooling!)
    for (const draft of drafts) enter(draft, placeOf(batch.ctx, plan.pooling!, pools, draft.values))
  }
}

/** An undo brings things back as they were. */
const isReverted = (batch: Batch, { plan, id }: Draft): boolean => batch.wishes.some((wish) => wish.op === 'revert' && draftKey(wish.plan.object.key, wish.id) === draftKey(plan.object.key, id))

/** Whoever took the owner away has said what becomes of the record: one of the values that entering would write is written otherwise. */
const isPlaced = ({ plan, before, values }: Draft): boolean => Object.entries(plan.pooling!.enter).some(([key, given]) => given !== null && values[key] !== before?.values[key] && values[key] !== given)

function enter(draft: Draft, pool: string | null): void {
  if (pool === null) return
  const { plan, steps } = draft
  const step = steps.at(-1)!
  set(draft, step, plan.pooling!.field, pool)
  for (const [key, given] of Object.entries(plan.pooling!.enter)) {
    const field = plan.fields.get(key)
    const parsed = field && given !== null ? parseValue(given, field) : null
    set(draft, step, key, parsed?.ok ? parsed.value : null)
  }
}

/** The record ends or begins a stay; `taker`: its owner from now on. */
export interface Stay { draft: Draft; from: string | null; to: string | null; leaver: number | null; taker: number | null; act: number }

export function staysOf(changed: readonly Draft[]): Stay[] {
  return changed.flatMap((draft): Stay[] => {
    const field = draft.plan.pooling?.field
    if (field === undefined) return []
    const [from, to] = [waitsIn(draft.before, field), waitsIn(draft, field)]
    const owner = (values: Values | undefined) => (values?.['owner'] as number | null | undefined) ?? null
    return from === to ? [] : [{ draft, from, to, leaver: owner(draft.before?.values), taker: owner(draft.values), act: draft.steps.at(-1)!.act }]
  })
}

const waitsIn = (row: { values: Values; gone: boolean } | null, field: string): string | null =>
  row && !row.gone && !row.values['owner'] ? ((row.values[field] as string | null | undefined) ?? null) : null

/** Close and open stays; one statement. */
export async function settleStays({ ctx }: Batch, stays: readonly Stay[], actIds: readonly number[]): Promise<void> {
  if (stays.length === 0) return
  const rows = stays.map(({ draft, from, to, leaver, taker, act }) => ({ o: draft.plan.object.key, r: draft.id, f: from, p: to, l: leaver, t: taker, a: actIds[act]! }))
  await ctx.tx.query(SETTLE, [JSON.stringify(rows), ctx.now], { name: 'settle stays' })
}

// A new stay waits for the old one to be closed: one open per record.
const SETTLE = `with x as materialized (
  select * from json_to_recordset($1) as x(o text, r uuid, f uuid, p uuid, l int, t int, a bigint)
), closed as (
  update {t}.pool_stay s set closed_at = $2, closed_act = x.a, taken_by = x.t from x where x.f is not null and s.record = x.r and s.closed_at is null returning 1
)
insert into {t}.pool_stay (pool, object, record, opened_at, opened_act, left_by)
select x.p, x.o, x.r, $2, x.a, x.l from x, (select count(*) from closed) after where x.p is not null`
