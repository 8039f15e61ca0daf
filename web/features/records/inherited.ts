import type { RecordShape } from '#contract/api'
import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import type { Related } from './value.tsx'

/** What a conversion makes of these records, with their rows, is not made bare beside it. */
export const isConverted = ({ conversions }: Catalogue, parent: string, child: string): boolean => conversions.some(({ object, makes }) => object === parent && makes.includes(child))

/** What a new child takes from the record it hangs on: the record itself, and whom that record names where the child asks for the same (a quote of an opportunity has its customer). */
export function inheritedFrom(parent: ObjectFacts, record: RecordShape, { child, via, related = {} }: { child: ObjectFacts; via: string; related?: Related }): { preset: Record<string, unknown>; known: Related } {
  const preset: Record<string, unknown> = { [via]: child.field.get(via)?.kind === 'anyReference' ? { object: parent.key, id: record.id } : record.id }
  for (const field of child.fields.filter(({ key, kind, to, write }) => key !== via && kind === 'reference' && typeof to === 'string' && write)) {
    const named = parent.fields.filter(({ kind, to, base }) => !base && kind === 'reference' && to === field.to).map(({ key }) => record.values[key]).filter((id) => typeof id === 'string')
    // Of two that fit, nobody knows which is meant.
    if (new Set(named).size === 1) preset[field.key] = named[0]
  }
  return { preset, known: { ...related, [record.id]: { object: parent.key, title: record.title } } }
}
