import { lensOf, params, type Context } from '#kernel/access'
import type { Values } from '#kernel/records'
import { ids } from '#platform/db'
import { cleanLine } from '#language/values'
import { readCell } from './cells.ts'
import { exampleCells } from './examples.ts'
import { importFields, isSeen } from './fields.ts'
import { lookUp } from './names.ts'
import type { Import, ImportField, ImportRow, Planned, ReadRow, Reason } from './types.ts'

/** Each column with the field that it fills. */
export interface Column { at: number; head: string; field: ImportField }

export function columnsFor(ctx: Context, { object, heads, mapping }: Pick<Import, 'object' | 'heads' | 'mapping'>): Column[] {
  const fields = new Map(importFields(ctx, object).map((field) => [field.key, field]))
  return mapping.flatMap((key, at) => { const field = fields.get(key ?? ''); return field ? [{ at, head: heads[at]!, field }] : [] })
}

/** What rows say: values by field, and what cannot be read. Two statements per object pointed to, whatever the number of rows. */
export async function readRows(ctx: Context, given: Pick<Import, 'object' | 'heads' | 'mapping'>, rows: readonly ImportRow[]): Promise<ReadRow[]> {
  const [columns, lens] = [columnsFor(ctx, given), lensOf(ctx, given.object)]
  const names = await lookUp(ctx, rows.flatMap(({ cells }) => columns.flatMap(({ at, field }) => (cells[at] ? [{ field, written: cells[at] }] : []))))
  const lang = ctx.request?.lang ?? 'zh'
  return rows.map(({ n, cells }): ReadRow => {
    const [values, reasons]: [Values, Reason[]] = [{}, []]
    for (const { at, head, field } of columns) {
      const read = readCell(ctx, field, { text: cells[at] ?? '', names, masked: !isSeen(lens.field(field.key)?.read) })
      if (!read.ok) reasons.push({ head, text: read[lang] })
      else if (read.value !== undefined) values[field.key] = read.value
    }
    const { owner, tags, ...rest } = values
    return { n, values: rest, owner: owner as number | undefined, tags: tags as string[] | undefined, reasons }
  })
}

const WORDS = {
  example: { zh: '模板里的示例行，已跳过', en: 'the example of the template, left out' },
  there: { zh: '已有相同的记录，按你的选择跳过', en: 'a record with the same key exists; left out as chosen' },
  twice: { zh: '和第 {n} 行重复，按你的选择跳过', en: 'the same as row {n}; left out as chosen' },
  empty: { zh: '对应的列都是空的', en: 'all matched columns are empty' },
} as const

/** `taken`: what earlier rows of the file will have made, by key; only while nothing is written (a trial run). */
export interface Earlier { keys: Map<string, { n: number; id: string }>; ids: Set<string> }

/**
 * What is to become of rows: made, written onto the record with the same key, left out, or refused because a cell cannot be read.
 * A row whose key an earlier one of these rows has ends the batch: what came before is written first.
 */
export async function planRows(ctx: Context, given: Import, { rows, earlier }: { rows: readonly ImportRow[]; earlier: Earlier | null }): Promise<Planned[]> {
  const examples = exampleCells(ctx, given)
  const read = await readRows(ctx, given, rows)
  const cut = given.options.duplicates === 'create' ? read.length : cutAt(read, given.options.key)
  const taken = read.slice(0, cut)
  const standing = await standingBy(ctx, given, taken)
  return taken.map((row, i) => planRow(ctx, given, { row, standing, earlier, isExample: examples.size > 0 && isExample(rows[i]!, examples) }))
}

const keyOf = ({ values }: ReadRow, key: string | null): string | null => (key === null || typeof values[key] !== 'string' ? null : cleanLine(values[key]))

function cutAt(rows: readonly ReadRow[], key: string | null): number {
  const seen = new Set<string>()
  const repeated = rows.findIndex((row) => { const mine = keyOf(row, key); if (mine === null) return false; const known = seen.has(mine); seen.add(mine); return known })
  return repeated < 0 ? rows.length : repeated
}

/** The template's own example, unchanged. */
const isExample = ({ cells }: ImportRow, examples: ReadonlyMap<number, string>): boolean => [...examples].every(([at, example]) => (cells[at] ?? '').trim() === example)

interface Known { row: ReadRow; standing: ReadonlyMap<string, string>; earlier: Earlier | null; isExample: boolean }

function planRow(ctx: Context, { options: { key, duplicates } }: Import, { row, standing, earlier, isExample }: Known): Planned {
  const lang = ctx.request?.lang ?? 'zh'
  const left = (word: keyof typeof WORDS, id: string | null, n = 0): Planned => ({ ...row, outcome: 'skip', id, reasons: [{ head: null, text: WORDS[word][lang].replace('{n}', String(n)) }] })
  if (isExample) return left('example', null)
  if (row.reasons.length > 0) return { ...row, outcome: 'refuse', id: null }
  if (Object.keys(row.values).length === 0 && !row.tags) return left('empty', null)
  const mine = duplicates === 'create' ? null : keyOf(row, key)
  const before = mine === null ? undefined : earlier?.keys.get(mine)
  const there = mine === null ? undefined : standing.get(mine)
  if (duplicates === 'skip' && there) return left('there', there)
  if (duplicates === 'skip' && before) return left('twice', before.id, before.n)
  if (there ?? before) return { ...row, outcome: 'update', id: there ?? before!.id }
  return { ...row, outcome: 'create', id: ids.next() }
}

/** Records with these keys, as far as the importer sees them; of several the newest. One statement. */
async function standingBy(ctx: Context, { object, options: { key, duplicates } }: Import, rows: readonly ReadRow[]): Promise<ReadonlyMap<string, string>> {
  const [lens, wanted] = [lensOf(ctx, object), rows.flatMap((row) => keyOf(row, key) ?? [])]
  const field = key === null ? undefined : lens.field(key)
  if (duplicates === 'create' || !field || !isSeen(field.read) || wanted.length === 0) return new Map()
  const given = params()
  const found = await ctx.tx.query<{ id: string; value: string }>(`select r.id, ${field.column('r', given)} as value from ${ctx.metadata.objects.get(object)!.table} r
    where ${field.column('r', given)} = any(${given.add(wanted, 'text[]')}) and ${lens.rows('read', 'r', given)} order by r.created_at, r.id`, given.values)
  return new Map(found.map(({ id, value }) => [value, id]))
}
