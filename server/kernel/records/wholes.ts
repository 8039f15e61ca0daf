import { wholeOf } from '#kernel/access'
import { draftKey, type Batch, type Wish } from './batch.ts'

export interface Whole { object: string; id: string }

/** The records that the rows of this batch belong to, before and after; known before the lock, so that their own lock decides. One statement per object of rows. */
export async function foreseeWholes(batch: Batch): Promise<Whole[]> {
  const parts = batch.wishes.filter(({ plan }) => wholeOf(batch.ctx.metadata, plan.object) !== undefined)
  const found: Whole[] = []
  for (const [{ object }, wishes] of Map.groupBy(parts, ({ plan }) => plan)) {
    const stored = wishes.filter(({ op }) => op !== 'create').map(({ id }) => id)
    const rows = stored.length === 0 ? [] : await batch.ctx.tx.query<{ whole: string | null }>(`select distinct "f_${object.scopeVia}" as whole from ${object.table} where id = any($1::uuid[])`, [stored], { name: 'wholes' })
    const ids = new Set([...rows.map(({ whole }) => whole), ...wishes.map((wish) => said(wish))])
    for (const id of ids) if (id !== null) found.push({ object: wholeOf(batch.ctx.metadata, object)!, id })
  }
  return found
}

/** Is the record that this row belongs to, or is to belong to, locked for this principal? One that the same batch creates is not. */
export function isWholeShut(batch: Batch, wish: Wish): boolean {
  const whole = wholeOf(batch.ctx.metadata, wish.plan.object)
  if (whole === undefined) return false
  const stored = batch.rows.get(draftKey(wish.plan.object.key, wish.id))?.image.values[wish.plan.object.scopeVia!] as string | null | undefined
  return [stored, said(wish)].some((id) => { const row = id ? batch.rows.get(draftKey(whole, id)) : undefined; return row?.image.values['locked'] === true && !row.rights.unlock })
}

const said = ({ plan, values }: Wish): string | null => (values.find(([key]) => key === plan.object.scopeVia)?.[1] as string | null | undefined) ?? null
