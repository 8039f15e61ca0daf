import { refuse, Refused } from '#contract'
import { params, remembered, type Lens } from '#kernel/access'
import { no, type Batch, type Wish } from './batch.ts'

/**
 * What was created must be what its maker may create, as it stands in its row now, with all that followed from it.
 * Throws, so that the transaction takes the rows back. No statement where the right to create says everything.
 */
export async function authorizeBorn(batch: Batch): Promise<void> {
  const asks = new WeakMap<Lens, boolean>()
  const born = batch.wishes.filter(({ op, lens }) => op === 'create' && remembered(asks, lens, () => lens.varying.length > 0 || lens.birth('r', params()) !== null))
  for (const wishes of Map.groupBy(born, ({ plan }) => plan.object.key).values()) await check(batch, wishes)
  if (batch.refusals.length > 0) throw new Refused(batch.refusals[0]!.refusal)
}

async function check(batch: Batch, wishes: readonly Wish[]): Promise<void> {
  const { plan, lens } = wishes[0]!
  const place = { alias: 'r', params: params(wishes.map(({ id }) => id)), born: true as const }
  const given = lens.varying.filter(({ key, write }) => write && wishes.some(({ values }) => values.some(([each]) => each === key)))
  const fits = lens.birth('r', place.params) ?? 'true'
  const rows = await batch.ctx.tx.query<Record<string, unknown>>(`select r.id, ${[`${fits} as fits`, ...given.map(({ varies }, i) => `${varies!.given(place)} as "$w${i}"`)].join(', ')} from ${plan.object.table} r where r.id = any($1::uuid[])`, place.params.values)
  const byId = new Map(rows.map((row) => [row['id'], row]))
  for (const { id, index, values } of wishes) {
    const row = byId.get(id)
    if (row?.['fits'] !== true) no(batch, index, refuse('FORBIDDEN'))
    given.forEach(({ key }, i) => { if (row?.[`$w${i}`] !== true && values.some(([each]) => each === key)) no(batch, index, refuse('FIELD_LOCKED', key, { field: key })) })
  }
}
