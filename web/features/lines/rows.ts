import type { ObjectFacts } from '../../api/catalogue.ts'

/** A row while it is edited. `id`: it is stored; `before`: what is stored. */
export interface DraftRow { key: string; id?: string; before?: Record<string, unknown>; values: Record<string, unknown> }
export type Line = NonNullable<ObjectFacts['lines']>[number]

/** What has to be sent so that the stored rows become these. */
export function changesOf(rows: readonly DraftRow[], gone: readonly string[], line: Line): { id?: string; values?: Record<string, unknown>; remove?: true }[] {
  const numbered = rows.map((row, i) => ({ ...row, values: line.order ? { ...row.values, [line.order]: i + 1 } : row.values }))
  const born = numbered.filter(({ id }) => !id).map(({ values }) => ({ values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '')) }))
  const changed = numbered.flatMap(({ id, before = {}, values }) => {
    const differing = Object.entries(values).filter(([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(before[key] ?? null))
    return id && differing.length > 0 ? [{ id, values: Object.fromEntries(differing) }] : []
  })
  return [...gone.map((id) => ({ id, remove: true as const })), ...changed, ...born]
}

/** A row that nobody has begun is none. */
export const isFilled = ({ id, values }: DraftRow): boolean => id !== undefined || Object.entries(values).some(([, value]) => typeof value === 'string' && value !== '' && value !== '1')

/** The rows of a record that is being made, as the request carries them. */
export function linesOf(object: ObjectFacts, rows: Readonly<Record<string, readonly DraftRow[]>>): { lines?: Record<string, ReturnType<typeof changesOf>> } {
  const begun = Object.entries(rows).flatMap(([key, each]) => {
    const line = object.lines?.find((one) => one.object === key)
    const filled = each.filter(isFilled)
    return line && filled.length > 0 ? [[key, changesOf(filled, [], line)] as const] : []
  })
  return begun.length === 0 ? {} : { lines: Object.fromEntries(begun) }
}
