import { derivationsOf, toValue, type Derivations } from '#language/formulas'
import { schemaOf } from '#language/conditions'
import { addDecimal } from '#language/values'
import type { Catalogue } from '../../api/catalogue.ts'
import { clock } from './clock.ts'
import type { Line } from './rows.ts'

const known = new WeakMap<Catalogue, Derivations>()
function derivations(catalogue: Catalogue): Derivations {
  const found = known.get(catalogue) ?? derivationsOf(catalogue.objects as never, schemaOf('', { objects: catalogue.objects as never, dictionaries: catalogue.dictionaries, tags: catalogue.tags }))
  known.set(catalogue, found)
  return found
}

/** The row with its formulas worked out as the server will; a formula over fields that this reader does not see stays as it was. */
export function reckonRow(catalogue: Catalogue, object: string, values: Record<string, unknown>): Record<string, unknown> {
  const done = { ...values }
  for (const each of derivations(catalogue).order) if (each.object === object && each.formula) done[each.key] = toValue(each.formula)(clean(done), clock())
  return done
}

/** What the record itself says once these rows are saved: the fields that follow from them, in order. */
export function reckonWhole(catalogue: Catalogue, object: string, { line, rows, values }: { line: Line; rows: readonly Record<string, unknown>[]; values: Record<string, unknown> }): [key: string, value: unknown][] {
  const [done, moved] = [{ ...values }, new Map<string, unknown>()]
  for (const each of derivations(catalogue).order) {
    if (each.object !== object) continue
    if (each.rollup && each.rollup.child === line.object && each.rollup.via === line.via && !each.rollup.where) moved.set(each.key, taken(each.rollup, rows))
    else if (each.formula && [...each.formula.reads].some((key) => moved.has(key))) moved.set(each.key, toValue(each.formula)(clean(done), clock()))
    else continue
    done[each.key] = moved.get(each.key)
  }
  return [...moved]
}

function taken({ take, of }: { take: string; of: string | null }, rows: readonly Record<string, unknown>[]): unknown {
  const values = rows.map((row) => row[of ?? '']).filter((value) => value !== null && value !== undefined).map(String)
  if (take === 'count') return rows.length
  if (take === 'sum') return values.reduce(addDecimal, '0')
  const sorted = values.toSorted((a, b) => Number(a) - Number(b))
  return (take === 'min' ? sorted[0] : sorted.at(-1)) ?? null
}

/** What is not yet a number counts as nothing. */
const clean = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value !== 'string' || !/^[-+.\d]/.test(value) || /^-?\d+(\.\d+)?$/.test(value) || /^\d{4}-/.test(value)))
