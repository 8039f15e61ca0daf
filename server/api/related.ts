import type { RecordShape } from '#contract/api'
import { type Context, lensOf, targetsOf } from '#kernel/access'
import { listRecords, type RecordView } from '#kernel/records'

export type Related = Record<string, { object: string; title: string }>

/** Titles of the records that these refer to, as far as the reader may see them. One statement per object referred to. */
export async function relatedTo(ctx: Context, records: readonly Pick<RecordView | RecordShape, 'object' | 'values'>[]): Promise<Related> {
  const wanted = new Map<string, Set<string>>()
  for (const record of records) collect(ctx, record, wanted)
  const pages = await Promise.all([...wanted].map(([object, ids]) => titlesOf(ctx, object, [...ids])))
  return Object.assign({}, ...pages) as Related
}

function collect({ metadata }: Context, record: Pick<RecordView, 'object' | 'values'>, wanted: Map<string, Set<string>>): void {
  const note = (object: string, id: string) => void wanted.set(object, (wanted.get(object) ?? new Set()).add(id))
  for (const { key, kind, to } of metadata.objects.get(record.object)?.field.values() ?? []) {
    const value = record.values[key]
    if (kind === 'anyReference' && value && typeof value === 'object') note((value as { object: string }).object, (value as { id: string }).id)
    if (kind === 'reference' && typeof value === 'string' && ID.test(value)) for (const target of targetsOf(to, metadata)) note(target, value)
  }
}

/** What is masked is no id. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Records by id, through the lens; `[]` for objects that the reader may not see at all. */
export async function byIds(ctx: Context, object: string, ids: readonly string[], fields: readonly string[] = []): Promise<RecordView[]> {
  if (!lensOf(ctx, object).can('read') || ids.length === 0) return []
  const chunks = Array.from({ length: Math.ceil(ids.length / 200) }, (_, i) => ids.slice(i * 200, i * 200 + 200))
  const pages = await Promise.all(chunks.map((some) => listRecords(ctx, object, { filter: { field: 'id', op: 'in', value: some }, fields, limit: 200 })))
  return pages.flatMap(({ records }) => records)
}

async function titlesOf(ctx: Context, object: string, ids: readonly string[]): Promise<Related> {
  const found = await byIds(ctx, object, ids)
  return Object.fromEntries(found.map(({ id, title }) => [id, { object, title }]))
}
