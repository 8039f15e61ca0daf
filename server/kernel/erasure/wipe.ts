import type { Context } from '#kernel/access'
import { DIGEST, type FieldChanges } from '#kernel/changes'
import { digestsOf } from '#kernel/records'
import { dropSalts, noteErased } from '#kernel/sealing'
import { columnsOf } from '#platform/db'
import type { RecordRef } from './types.ts'
import { wipedChange, wipedFields, wipedValue } from './wiped.ts'

/**
 * Rows and log of these records say nothing of the person any more: every personal field and every free text, before and after, in all their changes.
 * Salts go with the values.
 */
export async function wipe(ctx: Context, records: readonly RecordRef[], act: number): Promise<void> {
  await dropSalts(ctx.tx, records.map(({ id }) => id), act)
  for (const [object, same] of Map.groupBy(records, (each) => each.object)) await wipeObject(ctx, object, same.map(({ id }) => id))
}

async function wipeObject(ctx: Context, key: string, ids: readonly string[]): Promise<void> {
  const object = ctx.metadata.objects.get(key)
  if (!object) return
  const sets = wipedFields(object).flatMap((field) => columnsOf(field).map(({ name }, i) => `"${name}" = ${i === 0 && wipedValue(object, field) ? `case when "${name}" is null then null else '${wipedValue(object, field)}' end` : 'null'}`))
  await ctx.tx.query(`update ${object.table} set ${['attachments = null', ...sets].join(', ')} where id = any($1::uuid[])`, [ids])
  const changes = await ctx.tx.query<{ seq: number; fields: FieldChanges }>('select seq, fields from {t}.change where record = any($1::uuid[]) and object = $2', [ids, key])
  await rewrite(ctx, object.immutable ? [] : changes.map(({ seq, fields }) => ({ seq, fields: wipedChange(object, fields) })))
  if (object.immutable) await rehash(ctx, key, ids)
}

/** What the log keeps of an append-only record is the hash of its row: of the row as it stands now. */
export async function rehash(ctx: Context, object: string, ids: readonly string[]): Promise<void> {
  const digests = await digestsOf(ctx, object, ids)
  const changes = await ctx.tx.query<{ seq: number; record: string }>('select seq, record from {t}.change where record = any($1::uuid[]) and object = $2 and record_version = 1', [ids, object])
  await rewrite(ctx, changes.flatMap(({ seq, record }) => { const digest = digests.get(record); return digest ? [{ seq, fields: { [DIGEST]: [null, digest] } }] : [] }))
}

export interface Rewritten { seq: number; fields: unknown }

export async function rewrite({ tx }: Context, changes: readonly Rewritten[]): Promise<void> {
  if (changes.length > 0) await tx.query('update {t}.change c set fields = x.fields from json_to_recordset($1) as x(seq bigint, fields jsonb) where c.seq = x.seq', [JSON.stringify(changes)])
}

/** As rewrite, for changes whose record keeps its salt. Answers how many were noted. */
export async function rewriteNoted(ctx: Context, changes: readonly Rewritten[], act: number): Promise<number> {
  const noted = await noteErased(ctx.tx, changes.map(({ seq }) => seq), act)
  await rewrite(ctx, changes)
  return noted
}
