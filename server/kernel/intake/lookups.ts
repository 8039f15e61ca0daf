import type { Metadata } from '#kernel/metadata'
import type { Values } from '#kernel/records'
import type { Form } from '#language/definitions'
import type { Tx } from '#platform/db'

type Lookup = NonNullable<Form['lookups']>[number]
interface Wish { values: Values; lookup: Lookup }

/** Records that a submission names by what it says are put into it; a name that nobody has is left as it is. One statement per lookup that has something to find. */
export async function nameLookups(tx: Tx, metadata: Metadata, live: readonly { form: Form; values: Values }[]): Promise<void> {
  const wishes = live.flatMap(({ form, values }) => (form.lookups ?? []).filter(({ from, into }) => typeof values[from] === 'string' && values[from] !== '' && values[into] === undefined).map((lookup): Wish => ({ values, lookup })))
  for (const [, same] of Map.groupBy(wishes, ({ lookup: { object, field } }) => `${object}.${field}`)) await find(tx, metadata, same)
}

async function find(tx: Tx, metadata: Metadata, wishes: readonly Wish[]): Promise<void> {
  const { object, field } = wishes[0]!.lookup
  const said = ({ values, lookup }: Wish): string => values[lookup.from] as string
  const rows = await tx.query<{ id: string; value: string }>(`select id, "f_${field}" as value from ${metadata.objects.get(object)!.table} where "f_${field}" = any($1::text[]) and gone_act is null order by created_at`, [[...new Set(wishes.map(said))]], { name: `intake.lookup.${object}.${field}` })
  const known = new Map(rows.map(({ id, value }) => [value, id]))
  for (const wish of wishes) { const id = known.get(said(wish)); if (id !== undefined) wish.values[wish.lookup.into] = id }
}
