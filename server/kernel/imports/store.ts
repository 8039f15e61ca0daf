import type { Context } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { Import, ImportRow, ImportState, KeptRow, Outcome, Planned, Tally } from './types.ts'

const COLUMNS = `i.id, i.object, i.member, i.at, i.file, i.format, i.heads, i.rows, i.mapping, i.options, i.facts, i.state, i.reached, i.handled, i.created, i.updated, i.skipped, i.refused,
  i.acts, i.undone, i.reverted, i.kept, i.trouble, i.begun_at as "begunAt", i.ended_at as "endedAt", i.undone_by as "undoneBy", i.undone_at as "undoneAt"`

export type NewImport = Pick<Import, 'id' | 'object' | 'member' | 'file' | 'format' | 'heads' | 'mapping' | 'options' | 'facts' | 'rows'>

export async function enterImport(tx: Tx, { id, object, member, file, format, heads, mapping, options, facts, rows }: NewImport): Promise<void> {
  await tx.query(`insert into {t}.import (id, object, member, at, file, format, heads, rows, mapping, options, facts, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft')`,
    [id, object, member, tx.now, file, format, JSON.stringify(heads), rows, JSON.stringify(mapping), JSON.stringify(options), JSON.stringify(facts)])
}

export async function enterRows(tx: Tx, id: string, rows: readonly ImportRow[]): Promise<void> {
  await tx.query(`insert into {t}.import_row (import, n, cells) select $1, x.n, x.cells from json_to_recordset($2) as x(n int, cells jsonb)`, [id, JSON.stringify(rows)], { name: 'import rows' })
}

export async function importAt(tx: Tx, id: string): Promise<Import | undefined> {
  return (await tx.query<Import>(`select ${COLUMNS} from {t}.import i where i.id = $1`, [id]))[0]
}

/** Locked until the transaction ends. */
export async function lockImport(tx: Tx, id: string): Promise<Import | undefined> {
  return (await tx.query<Import>(`select ${COLUMNS} from {t}.import i where i.id = $1 for update`, [id]))[0]
}

/** Newest first; `before`: the last one of the page before. Drafts are not listed. */
export async function importsOf(tx: Tx, { member, object, before, limit }: { member: number | null; object: string | undefined; before: Date | undefined; limit: number }): Promise<Import[]> {
  return tx.query<Import>(`select ${COLUMNS} from {t}.import i where i.state <> 'draft' and ($1::int is null or i.member = $1) and ($2::text is null or i.object = $2) and ($3::timestamptz is null or i.at < $3) order by i.at desc limit $4`, [member, object ?? null, before ?? null, limit])
}

/** What was matched when this object was last brought in: by this member, else by anybody. */
export async function lastMatched({ tx }: Context, object: string, member: number): Promise<Pick<Import, 'heads' | 'mapping'> | undefined> {
  return (await tx.query<Pick<Import, 'heads' | 'mapping'>>(`select heads, mapping from {t}.import where object = $1 and begun_at is not null order by (member = $2) desc, begun_at desc limit 1`, [object, member]))[0]
}

export const rowsAfter = (tx: Tx, id: string, after: number, limit: number): Promise<ImportRow[]> =>
  tx.query<ImportRow>(`select n, cells from {t}.import_row where import = $1 and n > $2 order by n limit $3`, [id, after, limit], { name: 'import rows after' })

export interface RowsAsked { after: number; limit: number; outcome?: Outcome | undefined; kept?: boolean | undefined }
export const keptRows = (tx: Tx, id: string, { after, limit, outcome, kept }: RowsAsked): Promise<KeptRow[]> =>
  tx.query<KeptRow>(`select n, cells, outcome, record, reasons, kept from {t}.import_row where import = $1 and n > $2 and ($4::text is null or outcome = $4) and ($5::bool is not true or kept is not null) order by n limit $3`, [id, after, limit, outcome ?? null, kept ?? null])

/** What became of rows, and how far the import has come. */
export async function noteRows(tx: Tx, id: string, rows: readonly Planned[]): Promise<void> {
  const noted = rows.map(({ n, outcome, id: record, reasons }) => ({ n, o: outcome, r: record, w: reasons.length > 0 ? reasons : null }))
  await tx.query(`update {t}.import_row r set outcome = x.o, record = x.r, reasons = x.w from json_to_recordset($2) as x(n int, o text, r uuid, w jsonb) where r.import = $1 and r.n = x.n`, [id, JSON.stringify(noted)], { name: 'note import rows' })
}

export async function noteProgress(tx: Tx, id: string, { rows, act }: { rows: readonly Planned[]; act: number | null }): Promise<void> {
  const { created, updated, skipped, refused } = tallyOf(rows)
  await tx.query(`update {t}.import set reached = $2, handled = handled + $3, created = created + $4, updated = updated + $5, skipped = skipped + $6, refused = refused + $7,
      acts = case when $8::bigint is null then acts else acts || $8::bigint end where id = $1`, [id, rows.at(-1)!.n, rows.length, created, updated, skipped, refused, act], { name: 'import progress' })
}

export function tallyOf(rows: readonly Pick<Planned, 'outcome'>[]): Tally {
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length
  return { created: count('create'), updated: count('update'), skipped: count('skip'), refused: count('refuse') }
}

/** A new state; counts begin again where rows are gone through anew. */
export async function setState(tx: Tx, id: string, state: ImportState, more: { anew?: boolean; begun?: boolean; ended?: boolean; trouble?: string } = {}): Promise<void> {
  await tx.query(`update {t}.import set state = $2, worker = null, leased_until = null, trouble = $7
      ${more.anew ? ', reached = 0, handled = 0, created = 0, updated = 0, skipped = 0, refused = 0' : ''},
      begun_at = case when $3::bool then $6 else begun_at end, ended_at = case when $4::bool then $6 when $5::bool then null else ended_at end where id = $1`,
  [id, state, more.begun ?? false, more.ended ?? false, more.begun ?? false, tx.now, more.trouble ?? null])
}

/** Active work that nobody else is at, the one that has waited longest; kept from others while `worker` is at it. */
export async function takeActive(tx: Tx, worker: string): Promise<Import | undefined> {
  const [found] = await tx.query<Import>(`select ${COLUMNS} from {t}.import i where i.state in ('checking', 'running', 'undoing') and (i.worker is null or i.worker = $1 or i.leased_until < clock_timestamp())
    order by i.leased_until nulls first limit 1 for update skip locked`, [worker], { name: 'take import' })
  if (found) await tx.query(`update {t}.import set worker = $2, leased_until = clock_timestamp() + interval '${LEASE_S} seconds' where id = $1`, [found.id, worker], { name: 'lease import' })
  return found
}
const LEASE_S = 10

export const forgetOutcomes = (tx: Tx, id: string): Promise<unknown> => tx.query('update {t}.import_row set outcome = null, record = null, reasons = null where import = $1 and outcome is not null', [id])

/** Files that were never brought in go after a day, with their rows; rows of the others after thirty days: what they became stands in the log. */
export async function sweepImports(tx: Tx): Promise<void> {
  await tx.query(`delete from {t}.import_row r using {t}.import i where i.id = r.import and (i.state in ('draft', 'checked') and i.at < $1::timestamptz - interval '1 day' or i.ended_at < $1::timestamptz - interval '30 days')`, [tx.now])
  await tx.query(`delete from {t}.import where state in ('draft', 'checked') and begun_at is null and at < $1::timestamptz - interval '1 day'`, [tx.now])
}
