import { refused } from '#contract'
import { lensOf, params, type Context } from '#kernel/access'
import { countTaken, listRecords, PAGE_LIMIT, type ListQuery, type RecordView } from '#kernel/records'
import type { LedgerRow } from './ledger.ts'
import { amountIn, fieldOf, speakerFor, type ShownField } from './show.ts'

/** While its reader waits, no more is taken along. */
export const MOST_EXPORTED = 50_000
/** One sheet takes no more. */
export const MOST_IN_BACKGROUND = 500_000
/** Nobody reads on. */
export const MOST_PRINTED = 2_000

export type ExportFormat = 'csv' | 'xlsx' | 'pdf'
export type ExportCell = string | { number: string } | null
export interface ExportPlan { object: string; rows: number; most: number; fields: readonly ShownField[]; query: ListQuery }
export type ExportQuery = Pick<ListQuery, 'filter' | 'search' | 'sort' | 'fields'>

/**
 * What an export would take along: the columns that its reader may see, in the order asked for. Refused NOT_FOUND, FORBIDDEN without the right to
 * export, FIELD_NOT_AVAILABLE, EXPORT_TOO_LARGE above `most` rows. Only rows that the right to export reaches. One statement.
 */
export async function planExport(ctx: Context, object: string, query: ExportQuery, most = MOST_EXPORTED): Promise<ExportPlan> {
  const lens = lensOf(ctx, object)
  if (!lens.can('read')) refused('NOT_FOUND')
  if (!lens.can('export')) refused('FORBIDDEN')
  const keys = query.fields?.length ? query.fields : [ctx.metadata.objects.get(object)!.title]
  const fields = keys.map((key) => fieldOf(ctx, object, key) ?? refused('FIELD_NOT_AVAILABLE', 'fields', { field: key }))
  const rows = await countTaken(ctx, object, query, most)
  if (rows > most) return refused('EXPORT_TOO_LARGE', undefined, { most })
  return { object, rows, most, fields, query: { ...query, fields: keys, limit: PAGE_LIMIT } }
}

/** What the columns are called. */
export const exportHead = (ctx: Context, { fields }: ExportPlan): string[] => fields.map(({ label }) => label[ctx.request?.lang ?? 'zh'])

/** Rows by the page with the records that they are of, each page one statement and one per object referred to. */
export async function* exportRows(ctx: Context, { object, fields, most, query }: ExportPlan): AsyncGenerator<LedgerRow[]> {
  let rows = 0
  for (let cursor: string | null | undefined; cursor !== null && rows < most;) {
    const page = await listRecords(ctx, object, { ...query, cursor: cursor ?? undefined })
    const mine = await exportable(ctx, object, page.records)
    const speaker = await speakerFor(ctx, mine, [])
    rows += mine.length
    yield mine.map((record) => ({ record: record.id, cells: fields.map((field) => cellOf(field, record, speaker.text)) }))
    cursor = page.next
  }
}

const NUMBERS = new Set(['money', 'decimal', 'integer', 'percent'])

function cellOf(field: ShownField, { tags, values }: RecordView, text: (field: ShownField, value: unknown) => string): ExportCell {
  const value = field.key === 'tags' ? tags : values[field.key]
  if (value === null || value === undefined) return null
  return NUMBERS.has(field.kind) ? { number: amountIn(value) } : text(field, value)
}

/** Reading may reach further than exporting. One statement, none where both reach everything. */
async function exportable(ctx: Context, object: string, records: readonly RecordView[]): Promise<readonly RecordView[]> {
  if (records.length === 0) return records
  const ids = await reachable(ctx, object, records.map(({ id }) => id))
  return records.filter(({ id }) => ids.has(id))
}

async function reachable(ctx: Context, object: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const given = params()
  const rows = await ctx.tx.query<{ id: string }>(`select r.id from ${ctx.metadata.objects.get(object)!.table} r where r.id = any(${given.add(ids, 'uuid[]')}) and ${lensOf(ctx, object).rows('export', 'r', given)}`, given.values)
  return new Set(rows.map(({ id }) => id))
}
