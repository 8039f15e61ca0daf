import { lensOf, type Context } from '#kernel/access'
import { listRecords, type Intent, type RecordView, type Values } from '#kernel/records'
import type { Conversion } from '#language/definitions'

type Target = Conversion['targets'][number]
type Rows = NonNullable<Target['lines']>[number]

/** How many rows of the source each target would take along, as far as this member sees them. One statement per table of rows. */
export const countRows = (ctx: Context, source: RecordView, { lines = [] }: Target): Promise<{ object: string; count: number }[]> =>
  Promise.all(lines.map(async (rows) => ({ object: rows.to, count: (await rowsOf(ctx, source, rows)).length })))

/** The rows of the source as rows of what was made of it, in their order: what they say is taken as it stands, not fetched anew. */
export async function rowIntents(ctx: Context, source: RecordView, { target: { object, lines = [] }, id }: { target: Target; id: string }): Promise<Intent[]> {
  const copied = await Promise.all(lines.map(async (rows) => {
    const via = viaOf(ctx, object, rows.to)
    const lens = lensOf(ctx, rows.to)
    const carried = rows.fields.filter(({ from, to }) => lens.writable.has(to) && lensOf(ctx, rows.from).field(from)?.read === 'full')
    return (await rowsOf(ctx, source, rows)).map((row): Intent => ({ op: 'create', object: rows.to, values: { ...valuesOf(row, carried), [via]: id } }))
  }))
  return copied.flat()
}

/** An empty cell is carried too: otherwise a price would be taken from the record that the row points to. */
const valuesOf = ({ values }: RecordView, carried: Rows['fields']): Values => Object.fromEntries(carried.map(({ from, to }) => [to, values[from] ?? null]))

const PAGE = 200

async function rowsOf(ctx: Context, source: RecordView, { from }: Rows): Promise<RecordView[]> {
  if (!lensOf(ctx, from).can('read')) return []
  const line = lineOf(ctx, source.object, from)
  const found: RecordView[] = []
  for (let cursor: string | undefined; ;) {
    const { records, next } = await listRecords(ctx, from, { filter: { field: line.via, op: 'eq', value: source.id }, sort: [{ field: line.order ?? 'created_at', direction: 'asc' }], limit: PAGE, ...(cursor !== undefined && { cursor }) })
    found.push(...records)
    if (next === null) return found
    cursor = next
  }
}

const lineOf = ({ metadata }: Context, whole: string, rows: string) => metadata.objects.get(whole)!.lines!.find(({ object }) => object === rows)!
const viaOf = (ctx: Context, whole: string, rows: string): string => lineOf(ctx, whole, rows).via
