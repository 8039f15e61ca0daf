import type { BenchTenant } from './tenant.ts'

/**
 * Rows written as SQL, where what is measured is reading them: without indexes, which are built afterwards (two at a time); those of the text
 * search are left away, no figure uses them. `to`: rows up to this number are there afterwards.
 */
export async function fillRows({ db, schema }: BenchTenant, object: string, { insert, values, from = 1, to }: { insert: string; values: readonly unknown[]; from?: number; to: number }): Promise<void> {
  const { rows: indexes } = await db.pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and tablename = $2 and indexname <> $3`, [schema.slice(1, -1), `o_${object}`, `o_${object}_pkey`])
  for (const { name } of indexes) await db.pool.query(`drop index ${schema}."${name}"`)
  const middle = Math.floor((from + to) / 2)
  await Promise.all([[from, middle], [middle + 1, to]].map((range) => db.pool.query(insert.replaceAll('{t}', schema), [...range, ...values])))
  const wanted = indexes.filter(({ definition }) => !definition.includes('bigrams'))
  await Promise.all([0, 1].map(async (lane) => { for (const { definition } of wanted.filter((_, i) => i % 2 === lane)) await db.pool.query(definition) }))
  await db.pool.query(`vacuum (analyze, parallel 0) ${schema}.o_${object}`)
  // Where we may: the product's own user is no superuser.
  await db.pool.query('checkpoint').catch(() => undefined)
}

/** `n` counts the rows; `s` mixes it, so that neither owner, state nor industry follows the order of creation; `at`: half a minute apart. */
export const MIXED = `(select n, (n::bigint * 7919 + (n::bigint * n) % 104729) % 1000003 as s, timestamptz '2026-11-22' - n * interval '31 seconds' as at from generate_series($1::int, $2::int) n) mixed`
export const ID = `('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
