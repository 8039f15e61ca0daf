import { refused } from '#contract'
import { readableLens, type Context } from '#kernel/access'
import { getRecord, type RecordView } from '#kernel/records'
import { ids, type Tx } from '#platform/db'
import type { FilePlace, PlacedFile, Scan, StoredFile } from './types.ts'

const COLUMNS = `id, sha256, name, type, bytes, uploaded_by as "uploadedBy", uploaded_at as "uploadedAt", scan`

export interface NewFile { sha256: Buffer; name: string; type: string; bytes: number; uploadedBy: number; scan: Scan }

/**
 * Enter a file whose content is about to be kept; it belongs to nothing yet. Holds the lock of its content until the
 * transaction ends, so that a sweep cannot remove what is being kept. Two statements.
 */
export async function enterFile(tx: Tx, file: NewFile): Promise<StoredFile> {
  await lockContent(tx, file.sha256)
  const [made] = await tx.query<StoredFile>(`insert into {t}.file (id, sha256, name, type, bytes, uploaded_by, uploaded_at, scan, scanned_at)
    values ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, case when $7 = 'unscanned' then null else clock_timestamp() end) returning ${COLUMNS}`,
  [ids.next(), file.sha256, file.name, file.type, file.bytes, file.uploadedBy, file.scan], { name: 'enter file' })
  return made!
}

/** Every file that this reader sees on a record, in the order of its fields. Refused NOT_FOUND. Two statements. */
export async function filesOf(ctx: Context, object: string, id: string): Promise<PlacedFile[]> {
  const fields = fileFields(ctx, object)
  const record = await getRecord(ctx, object, id, fields)
  const places = fields.flatMap((field) => idsIn(record, field).map((file) => ({ field, file })))
  if (places.length === 0) return []
  const rows = await ctx.tx.query<StoredFile>(`select ${COLUMNS} from {t}.file where id = any($1::uuid[])`, [places.map(({ file }) => file)], { name: 'files' })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return places.flatMap(({ field, file }) => { const row = byId.get(file); return row ? [{ ...row, field }] : [] })
}

/** The file in this place, if this reader sees it there; an id alone opens nothing. Refused NOT_FOUND. Two statements. */
export async function fileAt(ctx: Context, { object, id, field, file }: FilePlace): Promise<StoredFile> {
  if (!fileFields(ctx, object).includes(field)) return refused('NOT_FOUND')
  const record = await getRecord(ctx, object, id, [field])
  if (!idsIn(record, field).includes(file)) return refused('NOT_FOUND')
  const [row] = await ctx.tx.query<StoredFile>(`select ${COLUMNS} from {t}.file where id = $1`, [file], { name: 'file' })
  return row ?? refused('NOT_FOUND')
}

const fileFields = (ctx: Context, object: string): string[] => readableLens(ctx, object).readable.filter(({ kind }) => kind === 'file').map(({ key }) => key)
const idsIn = ({ values }: RecordView, field: string): readonly string[] => (values[field] ?? []) as readonly string[]

/** Files that no record has ever held for a day, leave; answers their contents. */
export async function dropOrphans(tx: Tx): Promise<Buffer[]> {
  const rows = await tx.query<{ sha256: Buffer }>(`delete from {t}.file f where f.uploaded_at < clock_timestamp() - interval '1 day'
    and not exists (select from {t}.file_use u where u.file = f.id) returning f.sha256`)
  return rows.map(({ sha256 }) => sha256)
}

/** Does no file have this content any more? Holds its lock until the transaction ends. */
export async function isForgotten(tx: Tx, sha256: Buffer): Promise<boolean> {
  await lockContent(tx, sha256)
  return (await tx.query('select from {t}.file where sha256 = $1 limit 1', [sha256])).length === 0
}

async function lockContent(tx: Tx, sha256: Buffer): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [`${tx.tenant.key} ${sha256.toString('hex')}`], { name: 'lock content' })
}

/** Contents that no scanner has seen yet, oldest first. */
export async function unscanned(tx: Tx, limit: number): Promise<Buffer[]> {
  const rows = await tx.query<{ sha256: Buffer }>(`select sha256 from {t}.file where scan = 'unscanned' group by sha256 order by min(uploaded_at) limit $1`, [limit])
  return rows.map(({ sha256 }) => sha256)
}

export const noteScan = (tx: Tx, sha256: Buffer, scan: Scan): Promise<unknown> =>
  tx.query(`update {t}.file set scan = $2, scanned_at = clock_timestamp() where sha256 = $1`, [sha256, scan])
