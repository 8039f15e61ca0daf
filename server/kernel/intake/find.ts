import type { Tx } from '#platform/db'
import type { Form } from '#language/definitions'
import type { Metadata } from '#kernel/metadata'

/** A record that already stands for the person who submits. */
export interface Standing { id: string; object: string; value: string; owner: number | null; state: string | null; createdAt: Date }

/**
 * Records of the form's object, and of the objects whose owners take precedence, that carry one of these contact values.
 * One statement, newest first; runs after the identities are locked, so it sees every earlier submission.
 */
export async function findStanding(tx: Tx, metadata: Metadata, form: Form, values: readonly string[]): Promise<Standing[]> {
  if (values.length === 0) return []
  const own = lookIn(metadata, form.object, form.identity.field, (form.open ?? form.reopen)?.field)
  const others = form.existing.map(({ object, field }) => lookIn(metadata, object, field, undefined))
  return tx.query<Standing>(`${[own, ...others].join(' union all ')} order by "createdAt" desc`, [values], { name: `intake.standing.${form.key}` })
}

function lookIn(metadata: Metadata, object: string, field: string, stateField: string | undefined): string {
  const known = metadata.objects.get(object)!
  const state = stateField && known.field.has(stateField) ? `"f_${stateField}"` : 'null::text'
  return `select id, '${known.key}' as object, "f_${field}" as value, owner, ${state} as state, created_at as "createdAt" from ${known.table} where "f_${field}" = any($1::text[]) and gone_act is null`
}

export type Outcome = { kind: 'create' } | { kind: 'join'; record: Standing; reopen: boolean }

/** Join the open record of the same person within the window, reopen a closed one, or begin anew. */
export function decideOutcome(form: Form, standing: readonly Standing[], now: Date): Outcome {
  const own = standing.filter(({ object }) => object === form.object)
  const since = now.getTime() - form.joinDays * 86_400_000
  const open = own.find((record) => record.createdAt.getTime() >= since && !closed(form, record))
  if (open) return { kind: 'join', record: open, reopen: false }
  const back = own.find(({ state }) => state !== null && form.reopen?.from.includes(state))
  return back ? { kind: 'join', record: back, reopen: true } : { kind: 'create' }
}

const closed = (form: Form, { state }: Standing): boolean => state !== null && ((form.open?.closed.includes(state) ?? false) || (form.reopen?.from.includes(state) ?? false))
