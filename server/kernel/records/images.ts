import type { Context } from '#kernel/access'
import { noteRecordLocks } from './capacity.ts'
import { imageOf, type Row } from './image.ts'
import { digestOf } from './persist.ts'
import { planOf } from './plan.ts'
import type { RecordImage } from './types.ts'

export { lockCapacity } from './capacity.ts'

/** Lock rows FOR UPDATE in id order and return them by id; ids that do not exist are absent, deleted rows are marked `gone`. Kernel use: no lens. One statement. */
export function lockRecords(ctx: Context, object: string, ids: readonly string[]): Promise<Map<string, RecordImage>> {
  if (ids.length > 0) noteRecordLocks(ctx.tx)
  return images(ctx, object, ids, 'order by r.id for update')
}

/** As lockRecords, without locking. */
export const readRecords = (ctx: Context, object: string, ids: readonly string[]): Promise<Map<string, RecordImage>> => images(ctx, object, ids, '')

/** What the log would say of these append-only records as they stand. One statement. */
export async function digestsOf(ctx: Context, object: string, ids: readonly string[]): Promise<Map<string, string>> {
  const plan = planOf(ctx.metadata, object)
  return new Map([...(await readRecords(ctx, object, ids))].map(([id, { values }]) => [id, digestOf(plan!, values)]))
}

async function images({ tx, metadata }: Context, object: string, ids: readonly string[], end: string): Promise<Map<string, RecordImage>> {
  const plan = planOf(metadata, object)
  if (!plan || ids.length === 0) return new Map()
  const rows = await tx.query<Row>(`select ${plan.select} from ${plan.object.table} r where r.id = any($1::uuid[]) ${end}`, [ids], { name: 'images' })
  return new Map(rows.map((row) => [row['id'] as string, imageOf(plan, metadata, row)]))
}
