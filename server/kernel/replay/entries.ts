import type { Actor, Cause, Context } from '#kernel/access'
import { actorOf, type FieldChanges } from '#kernel/changes'
import { readRecords, type RecordImage } from '#kernel/records'
import type { Tx } from '#platform/db'

/** A change of the log, with who made it and why. `born`: the row of an append-only record as it stands; of these the log keeps the hash only. */
export interface Entry { seq: number; act: number; object: string; record: string; version: number; fields: FieldChanges; at: Date; actor: Actor; cause: Cause; born?: RecordImage | undefined }

/** What its act says stands with the first of neighbours only. */
type Row = readonly [seq: number, act: number, object: string, record: string, version: number, fields: FieldChanges, said?: readonly [at: string, kind: Actor['kind'], ref: string, cause: Cause]]

/** The changes `c` of the log, of acts `a`, that `which` (from `where` on, in the order of c.seq) names. Neighbours of one act share what it says. */
export async function entriesIn(tx: Tx, which: string, values: readonly unknown[]): Promise<Entry[]> {
  const [told] = await tx.query<{ rows: Row[] | null }>(entriesSql(which), values)
  let shared: Pick<Entry, 'at' | 'actor' | 'cause'>
  return (told?.rows ?? []).map(([seq, act, object, record, version, fields, said]) => {
    if (said) shared = { at: new Date(said[0]), actor: actorOf(said[1], said[2], said[3]), cause: said[3] }
    return { seq, act, object, record, version, fields, at: shared.at, actor: shared.actor, cause: shared.cause, born: undefined }
  })
}

/** As one value: read in half the time that so many rows of ten cells take (measured 1.8 against 3.9 µs a change). */
const entriesSql = (which: string): string => `select json_agg(case when first then json_build_array(seq, act, object, record, version, fields, json_build_array(at, kind, ref, cause)) else json_build_array(seq, act, object, record, version, fields) end order by seq) as rows
  from (select c.seq, c.act, c.object, c.record, c.record_version as version, c.fields, a.at, a.actor_kind as kind, a.actor_ref as ref, a.cause, lag(c.act) over (order by c.seq) is distinct from c.act as first
    from {t}.change c join {t}.act a on a.id = c.act ${which}) x`

/** The same, with the rows of append-only records: one statement for each of their objects. */
export async function withRows(living: Context, entries: Entry[]): Promise<Entry[]> {
  for (const [object, same] of Map.groupBy(entries, (entry) => entry.object)) {
    if (!living.metadata.objects.get(object)?.immutable) continue
    const rows = await readRecords(living, object, same.map(({ record }) => record))
    for (const entry of same) entry.born = rows.get(entry.record)
  }
  return entries
}
