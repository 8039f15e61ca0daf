import type { Tx } from '#platform/db'

/**
 * What an erasure by law does to the seal, before it changes what was sealed (all of it past the guard of the log). Nobody seals meanwhile, and what
 * was erased is noted with what its leaf was made of and the act that erased it.
 */
export const holdSealer = (tx: Tx): Promise<unknown> => tx.query('select pg_advisory_xact_lock(hashtext($1))', [`seal ${tx.tenant.schema}`])

const SEALED = 'not exists (select from {t}.unsealed u where u.act = c.act)'
const NOTE = `insert into {t}.seal_erased (seq, commitment, act)
  select c.seq, sha256(coalesce(s.salt, ''::bytea) || convert_to(c.fields::text, 'UTF8')), $2 from {t}.change c left join {t}.seal_salt s on s.record = c.record and c.seq >= s.since`

/** Keep what these changes were committed to; those that still wait for their seal are sealed as they will stand. Answers how many were noted. */
export async function noteErased(tx: Tx, changes: readonly number[], act: number): Promise<number> {
  return (await tx.query(`${NOTE} where c.seq = any($1::bigint[]) and ${SEALED} on conflict (seq) do nothing returning seq`, [changes, act])).length
}

/** The salts of these records go, so that nobody guesses their values back; every change of theirs keeps its commitment. Answers how many were noted. */
export async function dropSalts(tx: Tx, records: readonly string[], act: number): Promise<number> {
  const noted = await tx.query(`${NOTE} where c.record = any($1::uuid[]) and ${SEALED} on conflict (seq) do nothing returning seq`, [records, act])
  await tx.query('delete from {t}.seal_salt where record = any($1::uuid[])', [records])
  return noted.length
}

/** Words of these acts are erased: their leaves stand, and are not made again. Answers how many were noted. */
export async function noteErasedActs(tx: Tx, acts: readonly number[], by: number): Promise<number> {
  return (await tx.query('insert into {t}.seal_erased_act (act, by) select a, $2 from unnest($1::bigint[]) a where not exists (select from {t}.unsealed u where u.act = a) on conflict (act) do nothing returning act', [acts, by])).length
}
