import { type Context, lensOf } from '#kernel/access'
import { listRecords } from '#kernel/records'
import type { Some } from './types.ts'

/** Every object that has a searchable field this member may read, newest first, a few of each. */
export const search: Some<'search'> = {
  search: async (ctx, { query: { q, limit } }) => {
    const objects = [...ctx.metadata.objects.values()].filter(({ key, field }) => lensOf(ctx, key).can('read') && [...field.values()].some((each) => each.searchable && lensOf(ctx, key).field(each.key)))
    const each = Math.max(3, Math.ceil(limit / Math.max(1, objects.length)))
    const pages = await Promise.all(objects.map((object) => found(ctx, object.key, object.subtitle ?? [], q, each)))
    return { hits: pages.flat().slice(0, limit) }
  },
}

async function found(ctx: Context, object: string, subtitle: readonly string[], q: string, limit: number) {
  const fields = subtitle.filter((key) => lensOf(ctx, object).field(key))
  const { records } = await listRecords(ctx, object, { search: q, fields, limit })
  return records.map(({ id, title, values }) => ({ object, id, title, subtitle: fields.map((key) => values[key]).filter((value) => typeof value === 'string' || typeof value === 'number').join(' · ') }))
}
