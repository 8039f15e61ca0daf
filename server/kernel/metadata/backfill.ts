import { derivedSql, type Derived } from '#language/formulas'
import type { Field, ObjectDefinition } from '#language/definitions'
import { tableName, type Tx } from '#platform/db'
import { canonical } from './canonical.ts'
import type { Planned } from './plan.ts'
import type { Metadata } from './types.ts'

/**
 * Gives rows that are there the values of derived fields that are new or said differently, and of what follows from those, in order.
 * One statement per field, none when nothing derived changed. Not logged row by row: a derived value follows from what is logged.
 */
export async function backfill(tx: Tx, planned: readonly Planned[], next: Metadata): Promise<void> {
  const due = dueAmong(planned, next)
  if (due.length === 0) return
  const derivations = next.derivations()
  for (const each of due) {
    const value = derivedSql(each, derivations, 'r', { now: tx.now, zone: tx.tenant.zone })
    await tx.query(`update {t}."${tableName(each.object)}" r set "f_${each.key}" = x.value from (select r.id, ${value} as value from {t}."${tableName(each.object)}" r) x where r.id = x.id and r."f_${each.key}" is distinct from x.value`)
  }
}

function dueAmong(planned: readonly Planned[], next: Metadata): Derived[] {
  const changed = new Set(planned.filter(({ kind, after, kept }) => kind === 'object' && after !== null && !kept).flatMap(changedFields))
  if (changed.size === 0) return []
  const due: Derived[] = []
  for (const each of next.derivations().order) {
    const name = `${each.object}.${each.key}`
    if (each.moves || !(changed.has(name) || each.inputs.some((input) => changed.has(input)))) continue
    changed.add(name)
    due.push(each)
  }
  // A table made by this publication has no rows, but what is rolled up from it may have.
  const fresh = new Set(planned.filter(({ kind, shaped }) => kind === 'object' && shaped === null).map(({ key }) => key))
  return due.filter(({ object }) => !fresh.has(object))
}

/** Derived fields that were not worked out this way before. */
function changedFields({ key, before, after }: Planned): string[] {
  const was = new Map(((before?.body as ObjectDefinition | undefined)?.fields ?? []).map((field) => [field.key, said(field)]))
  return (after!.body as ObjectDefinition).fields.filter((field) => said(field) !== NOTHING && was.get(field.key) !== said(field)).map((field) => `${key}.${field.key}`)
}

const said = ({ formula, rollup, retired, kind }: Field): string => (retired || (formula === undefined && rollup === undefined) ? NOTHING : canonical({ formula: formula ?? null, rollup: rollup ?? null, kind }))
const NOTHING = ''
