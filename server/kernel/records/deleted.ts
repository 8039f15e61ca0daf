import { memberRows, params, readableLens, type Context } from '#kernel/access'
import { actorOf, type ChangeRow, reasonSaid } from '#kernel/changes'
import type { ObjectMetadata } from '#kernel/metadata'
import { refused } from '#contract'
import { openCursor, sealCursor } from './cursor.ts'
import { actorView, causeView } from './history.ts'
import type { Row } from './image.ts'
import { tenantKeys } from './keys.ts'
import { planOf } from './plan.ts'
import type { RecordView, TimelineItem } from './types.ts'
import { selectionOf, shapeOf, viewOf } from './view.ts'

/** A record that is gone, and the act that took it away: who, because of what, with which words. */
export interface DeletedRecord { record: RecordView; act: number; at: string; actor: TimelineItem['actor']; cause: TimelineItem['cause']; reason: string | null; /** When it is gone for good, unless living records belong to it. */ purgeAt: string }
/** `together`: how many of this object went by each act of the page. */
export interface DeletedPage { items: DeletedRecord[]; next: string | null; together: Map<number, number> }
interface Spot { act: number; id: string }

const LIMIT = 200
const DAYS = 86_400_000
const KEPT_DAYS = 90
/** Whoever deleted something hears of it this long before it is gone for good. */
export const PURGE_WARNING_DAYS = 7
export const keepDays = ({ keepDeleted }: Pick<ObjectMetadata, 'keepDeleted'>): number => keepDeleted ?? KEPT_DAYS

/**
 * Deleted records that this reader may bring back: those that they could see and delete, were they there. What went last comes first,
 * and what went by one act stands together. Refused NOT_FOUND (object), FORBIDDEN (nothing of it may be deleted), CURSOR_INVALID. Two statements.
 */
export async function deletedRecords(ctx: Context, object: string, { limit: asked, cursor }: { limit: number; cursor?: string | undefined }): Promise<DeletedPage> {
  const [plan, lens, keys] = [planOf(ctx.metadata, object) ?? refused('NOT_FOUND'), readableLens(ctx, object), await tenantKeys(ctx)]
  if (!lens.can('delete')) refused('FORBIDDEN')
  const shape = shapeOf(plan, lens, (plan.object.subtitle ?? []).filter((key) => lens.field(key)))
  const [limit, bound, given] = [Math.min(Math.max(1, asked), LIMIT), JSON.stringify(['deleted', object, lens.version]), params()]
  const from = cursor === undefined ? null : openCursor<Spot>(keys, cursor, bound)
  const after = from ? `AND (r.gone_act, r.id) < (${given.add(from.act, 'bigint')}, ${given.add(from.id, 'uuid')})` : ''
  const { columns, beside, held } = selectionOf(lens, shape, given)
  const rows = await ctx.tx.query<Row & Gone>(`SELECT ${columns}, r.gone_act AS "$act", a.at AS "$at", a.actor_kind AS "$kind", a.actor_ref AS "$ref", a.cause AS "$cause", a.reason AS "$reason", (SELECT told_at FROM {t}.purge_notice n WHERE n.act = r.gone_act AND n.object = ${given.add(object, 'text')}) AS "$told"
    FROM ${plan.object.table} r JOIN {t}.act a ON a.id = r.gone_act${beside}
    WHERE r.gone_act IS NOT NULL AND NOT EXISTS (SELECT FROM {t}.erased_record e WHERE e.record = r.id) AND ${lens.reach('read', 'r', given)} AND ${lens.reach('delete', 'r', given)} ${after} ORDER BY r.gone_act DESC, r.id DESC LIMIT ${given.add(limit + 1, 'int')}`, given.values)
  const members = await memberRows(ctx.tx)
  const items = rows.slice(0, limit).map((row): DeletedRecord => {
    const by = { actor: actorOf(row.$kind, row.$ref, row.$cause), cause: row.$cause }
    return { record: viewOf({ ctx, plan, lens, shape, keys, held }, row), act: row.$act, at: row.$at.toISOString(), actor: actorView(ctx, members, by), cause: causeView(ctx, by), reason: reasonSaid(row.$reason, ctx.request?.lang ?? 'zh'), purgeAt: purgeAt(ctx, plan.object, row) }
  })
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? sealCursor(keys, { act: last.act, id: last.record.id } satisfies Spot, bound) : null, together: await countTogether(ctx, object, [...new Set(items.map(({ act }) => act))]) }
}

interface Gone { $act: number; $at: Date; $kind: ChangeRow['actor']['kind']; $ref: string; $cause: ChangeRow['cause']; $reason: string | null; $told: Date | null }

function purgeAt({ now }: Context, object: ObjectMetadata, { $at, $told }: Gone): string {
  const end = $at.getTime() + keepDays(object) * DAYS
  return new Date(Math.max(end, ($told?.getTime() ?? Math.max(now.getTime(), end - PURGE_WARNING_DAYS * DAYS)) + PURGE_WARNING_DAYS * DAYS)).toISOString()
}

async function countTogether(ctx: Context, object: string, acts: readonly number[]): Promise<Map<number, number>> {
  const [lens, given] = [readableLens(ctx, object), params()]
  const rows = await ctx.tx.query<{ act: number; n: number }>(`SELECT r.gone_act AS act, count(*)::int AS n FROM ${planOf(ctx.metadata, object)!.object.table} r
    WHERE NOT EXISTS (SELECT FROM {t}.erased_record e WHERE e.record = r.id) AND r.gone_act = ANY(${given.add(acts, 'bigint[]')}) AND ${lens.reach('read', 'r', given)} AND ${lens.reach('delete', 'r', given)} GROUP BY 1`, given.values)
  return new Map(rows.map(({ act, n }) => [act, n]))
}
