import { refuse, Refused } from '#contract'
import { params } from '#kernel/access'
import { draftKey, no, type Batch, type Wish } from './batch.ts'

/**
 * What was created must be what its maker may create, as it stands in its row now, with all that followed from it.
 * Throws, so that the transaction takes the rows back. No statement where the right to create says everything.
 */
export async function authorizeBorn(batch: Batch): Promise<void> {
  const born = batch.wishes.filter(({ op, lens }) => op === 'create' && lens.birth('r', params()) !== null)
  for (const wishes of Map.groupBy(born, ({ plan }) => plan.object.key).values()) await check(batch, wishes)
  if (batch.refusals.length > 0) throw new Refused(batch.refusals[0]!.refusal)
}

async function check(batch: Batch, wishes: readonly Wish[]): Promise<void> {
  const { plan, lens } = wishes[0]!
  const given = params(wishes.map(({ id }) => id))
  const rows = await batch.ctx.tx.query<{ id: string }>(`select r.id from ${plan.object.table} r where r.id = any($1::uuid[]) and ${lens.birth('r', given)}`, given.values)
  const fits = new Set(rows.map(({ id }) => id))
  for (const { id, index } of wishes) if (!fits.has(id) && batch.drafts.has(draftKey(plan.object.key, id))) no(batch, index, refuse('FORBIDDEN'))
}
