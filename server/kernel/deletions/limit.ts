import type { Context } from '#kernel/access'
import { appendChanges } from '#kernel/changes'
import { actOf, deletionRoom, type DeletionLimit } from '#kernel/records'

const RECORD = '00000000-0000-8000-8002-000000000001'

export async function deletionLimit(ctx: Context): Promise<DeletionLimit> {
  const { records, minutes } = await deletionRoom(ctx)
  return { records, minutes }
}

/** How many is many, from now on. Logged. */
export async function setDeletionLimit(ctx: Context, limit: DeletionLimit): Promise<DeletionLimit> {
  await ctx.tx.query('select from {t}.deletion_limit for update')
  const before = await deletionLimit(ctx)
  const fields = Object.fromEntries(Object.entries(limit).filter(([key, value]) => before[key as keyof DeletionLimit] !== value).map(([key, value]) => [key, [before[key as keyof DeletionLimit], value] as const]))
  if (Object.keys(fields).length === 0) return before
  await ctx.tx.query('update {t}.deletion_limit set records = $1, minutes = $2', [limit.records, limit.minutes])
  const [last] = await ctx.tx.query<{ version: number }>(`select coalesce(max(record_version), 0) as version from {t}.change where record = $1`, [RECORD])
  await appendChanges(ctx, [actOf(ctx)], [{ act: 0, object: 'system:deletion_limit', record: RECORD, recordVersion: last!.version + 1, event: 'changed', fields, todo: false }])
  return limit
}
