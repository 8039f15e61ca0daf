import { aggregateSql, childrenSql } from '#language/formulas'
import type { Batch } from './batch.ts'
import type { RollUpStep } from './derivations.ts'
import { planOf } from './plan.ts'

/** What the stored children of a parent come to; `at` and `id` of the latest one. */
export interface Recounted { value: unknown; at: string | null; id: string | null }

/** Roll-ups of these parents over children other than those `apart`, which are in the batch. One statement, none for no parents. */
export async function recount({ ctx }: Batch, { object, rollup }: RollUpStep, { parents, apart }: { parents: readonly string[]; apart: readonly string[] }): Promise<Map<string, Recounted>> {
  if (parents.length === 0) return new Map()
  const plan = planOf(ctx.metadata, rollup.child)!
  const [via, at, of] = [rollup.via, rollup.at, rollup.of].map((key) => (key === null ? undefined : plan.cell.get(key)))
  const latest = rollup.take === 'latest' ? `(array_agg(c."${at!.name}" order by c."${at!.name}" desc, c.id desc) filter (where c."${at!.name}" is not null))[1]` : 'null::timestamptz'
  const id = rollup.take === 'latest' ? `(array_agg(c.id order by c."${at!.name}" desc, c.id desc) filter (where c."${at!.name}" is not null))[1]` : 'null::uuid'
  const rows = await ctx.tx.query<{ parent: string; value: unknown; at: Date | string | null; id: string | null }>(
    `select c."${via!.name}" as parent, ${aggregateSql(rollup)} as value, ${latest} as at, ${id} as id from ${plan.object.table} c
     where c."${via!.name}" = any($1::uuid[]) and c.id <> all($2::uuid[]) and ${childrenSql(rollup, object, { now: ctx.now, zone: ctx.tenant.zone })} group by 1`, [parents, apart])
  const read = (value: unknown) => (value !== null && of?.read ? of.read(value as never) : value)
  return new Map(rows.map(({ parent, value, at: when, id: newest }) => [parent, { value: read(value), at: when instanceof Date ? when.toISOString() : when, id: newest }]))
}
