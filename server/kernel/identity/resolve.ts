import type { Tx } from '#platform/db'

/** One way to reach a person, already parsed: phone as E.164, e-mail in lower case. */
export interface ContactPoint { kind: 'phone' | 'email'; value: string; /** The record that will stand for the person if nobody does yet. */ record: string }
export interface KnownContact { record: string; /** Nobody had used this contact point before. */ fresh: boolean }

export const contactKey = (kind: string, value: string): string => `${kind}:${value}`

/**
 * Find or make the identities of a batch, locked until the transaction ends.
 *
 * Rows are taken in (kind, value) order, so two batches that share people wait for each other instead of deadlocking (decision 13).
 * One statement. Answers by `kind:value`; a batch that names one contact point twice gets one answer.
 */
export async function resolveContacts(tx: Tx, object: string, points: readonly ContactPoint[]): Promise<Map<string, KnownContact>> {
  const distinct = new Map(points.map((point) => [contactKey(point.kind, point.value), point] as const))
  const rows = await tx.query<{ kind: string; value: string; record: string; fresh: boolean }>(RESOLVE, [JSON.stringify([...distinct.values()]), object, tx.now], { name: 'identity.resolve' })
  return new Map(rows.map(({ kind, value, record, fresh }) => [contactKey(kind, value), { record, fresh }]))
}

const RESOLVE = `insert into {t}.identity as i (kind, value, object, record, first_seen_at, seen_at)
  select p.kind, p.value, $2, p.record, $3, $3 from json_to_recordset($1::json) as p(kind text, value text, record uuid)
  order by p.kind collate "C", p.value collate "C"
  on conflict (kind, value) do update set seen_at = excluded.seen_at
  returning i.kind, i.value, i.record, (i.xmax = 0) as fresh`
