import { refuse } from '#contract'
import { checkedOf, childWatchesOf, couldEndAt, guardOver, guardSql, keptFrom, lensOf, params, seesGrounds, type ChildWatch, type Params } from '#kernel/access'
import { needsOf } from '#language/conditions'
import { draftKey, no, type Batch, type Draft } from './batch.ts'
import { isExempt, isHeldBack, nowOf, readsIn, saidBy, wishesFor } from './ending.ts'
import { lockMore } from './lock.ts'
import { storedIn, type ObjectPlan } from './plan.ts'

/**
 * As `refuseEnding`, of limits on the records that the changed ones hang on: made, deleted, brought back, hung elsewhere or changed, a record
 * may be what decides about another.
 *
 * Nothing to do unless a limit looks at records of this object, and no statement unless its end may follow from how they change: then
 * two for each such limit, whatever the number of records, and the records it is about are locked (55P03 when somebody holds them).
 */
export async function refuseEndingAbove(batch: Batch): Promise<void> {
  if (isExempt(batch.ctx)) return
  for (const [watch, touched] of Map.groupBy(touchesIn(batch), ({ watch }) => watch)) {
    const ended = await endedAmong(batch, watch, touched)
    for (const { draft, id } of touched) {
      if (!ended.has(id)) continue
      const { index, path, label } = saidBy(batch, draft, watch)
      no(batch, index, refuse('POLICY_FIELD_PROTECTED', path, { field: label }))
    }
  }
}

/** The limit on the record `id` that what is done to this draft could end. */
interface Touched { watch: ChildWatch; draft: Draft; id: string }

function touchesIn(batch: Batch): Touched[] {
  const { ctx } = batch
  return [...batch.drafts.values()].flatMap((draft) => {
    const { plan: { object: { key: object } }, before, steps } = draft
    const watches = steps.length === 0 ? [] : childWatchesOf(ctx.metadata, object)
    const passage = { object, before: before && !before.gone ? before.values : null, after: draft.gone ? null : draft.values, at: nowOf(ctx), reads: (field: string) => readsIn(batch, draft, field) }
    return watches.flatMap((watch) => couldEndAt(ctx.metadata, watch, passage).map((id) => ({ watch, draft, id })))
  })
}

/** Which of the records lose the limit, or may lose it as far as the writer can know, though the writer may not end it. */
async function endedAmong(batch: Batch, watch: ChildWatch, touched: readonly Touched[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(touched.map(({ id }) => id))].filter((id) => batch.drafts.get(draftKey(watch.object, id))?.before !== null)
  await lockMore(batch, watch.object, ids.filter((id) => !batch.rows.has(draftKey(watch.object, id))))
  const standing = ids.filter((id) => batch.rows.get(draftKey(watch.object, id))?.image.gone === false)
  const found = standing.length === 0 ? [] : await askedOf(batch, watch, { ids: standing, since: undoneBy(batch, touched) })
  const sees = seesGrounds(batch.ctx, watch)
  return new Set(found.filter((row) => isEnded(batch, watch, { ...row, exact: sees === 'always' || (sees === 'seen' && row.seen) })).map(({ id }) => id))
}

/** `whole`: what the limit keeps is read in full; `quiet`: nothing of it has changed since what is being taken back. */
interface Standing { id: string; seen: boolean; holds: boolean; stands: boolean; whole: boolean; quiet: boolean }

function isEnded({ ctx, rows }: Batch, watch: ChildWatch, { id, seen, holds, stands, whole, quiet, exact }: Standing & { exact: boolean }): boolean {
  const heldBack = isHeldBack(ctx, watch, rows.get(draftKey(watch.object, id))!.image)
  const isFree = ctx.principal.kind === 'member' && !heldBack && whole
  if (isFree || quiet) return false
  if (exact) return holds && !stands
  // Whoever is held back sees that they are; where even the question would tell, it is taken to hold.
  return watch.own && heldBack && seen && watch.policy.stealth !== true ? holds : true
}

async function askedOf(batch: Batch, watch: ChildWatch, { ids, since }: { ids: readonly string[]; since: number | null }): Promise<Standing[]> {
  const { ctx } = batch
  const [lens, given, at] = [lensOf(ctx, watch.object), params(ids), { metadata: ctx.metadata, at: nowOf(ctx) }]
  const tables = tablesAfter(batch, watch, given)
  const kept = keptFrom(watch, ctx.metadata)
  const columns = {
    seen: lens.rows('read', 'r', given),
    holds: guardSql(at, watch, { alias: 'r', params: given }),
    stands: `exists (select from ${tables.get(watch.object) ?? ctx.metadata.objects.get(watch.object)!.table} a where a.id = r.id and ${guardOver(at, watch, { alias: 'a', params: given, tables })})`,
    whole: watch.own ? wholeSql(batch, watch, given) : String(kept.every((field) => lensOf(ctx, watch.policy.object).field(field)?.read === 'full')),
    quiet: since === null || !watch.own ? 'false' : `not exists (select from {t}.change c where c.record = r.id and c.act > ${given.add(since, 'bigint')} and c.fields ?| ${given.add(kept, 'text[]')})`,
  }
  return ctx.tx.query<Standing>(`select r.id, ${Object.entries(columns).map(([name, sql]) => `((${sql}) is true) as "${name}"`).join(', ')} from ${ctx.metadata.objects.get(watch.object)!.table} r where r.id = any($1::uuid[])`, given.values)
}

function wholeSql({ ctx }: Batch, watch: ChildWatch, given: Params): string {
  const parts = keptFrom(watch, ctx.metadata).map((key) => {
    const field = lensOf(ctx, watch.object).field(key)
    return field?.varies ? `(${field.varies.whole({ alias: 'r', params: given })}) is true` : String(field?.read === 'full')
  })
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

/** One's own acts that are being taken back and nothing else: the first of them. */
function undoneBy(batch: Batch, touched: readonly Touched[]): number | null {
  const wishes = touched.flatMap(({ draft }) => wishesFor(batch, draft))
  const acts = wishes.map(({ act }) => batch.acts[act]!.cause.undoOf)
  return wishes.length > 0 && wishes.every(({ undone }) => undone?.own === true) && acts.every((act) => act !== undefined) ? Math.min(...acts) : null
}

/** By object: its rows as they will stand, with the columns that the limit reads. */
function tablesAfter(batch: Batch, watch: ChildWatch, given: Params): Map<string, string> {
  const checked = checkedOf(batch.ctx.metadata, watch)
  const drafts = [...batch.drafts.values()].filter(({ steps }) => steps.length > 0)
  return new Map((checked ? [...needsOf(checked).reads] : []).flatMap(([object, keys]) => {
    const changed = drafts.filter(({ plan }) => plan.object.key === object)
    return changed.length === 0 ? [] : [[object, tableAfter(changed, keys, given)] as const]
  }))
}

function tableAfter(changed: readonly Draft[], keys: ReadonlySet<string>, given: Params): string {
  const { plan } = changed[0]!
  const cells = plan.cells.filter(({ key }) => keys.has(key) || key === 'created_at')
  const columns = ['id', 'gone_act', ...cells.flatMap((cell) => storedIn(cell))].map((name) => `"${name}"`).join(', ')
  const rows = JSON.stringify(changed.map(({ id, gone, values }) => ({ id, gone_act: gone ? 0 : null, ...Object.assign({}, ...cells.map((cell) => cellOf(cell, values[cell.key]))) })))
  return `(select ${columns} from ${plan.object.table} where id <> all(${given.add(changed.map(({ id }) => id), 'uuid[]')}) union all select ${columns} from jsonb_populate_recordset(null::${plan.object.table}, ${given.add(rows, 'jsonb')}))`
}

function cellOf({ name, any, type }: ObjectPlan['cells'][number], value: unknown): Record<string, unknown> {
  if (any) return { [name]: (value as { id?: string } | null | undefined)?.id ?? null, [`${name}__object`]: (value as { object?: string } | null | undefined)?.object ?? null }
  // Lists are kept empty rather than null.
  return { [name]: value ?? (type === 'integer[]' ? [] : null) }
}
