import { refuse, Refused } from '#contract'
import type { Context } from '#kernel/access'
import type { Intent } from '#kernel/records'

type Lines = Readonly<Record<string, readonly { id?: string | undefined; values?: Record<string, unknown> | undefined; remove?: true | undefined }[]>>

/** Rows sent with their record as wishes of the same act. Refused FIELD_NOT_AVAILABLE where the record has no such rows. */
export function lineIntents({ metadata }: Context, whole: { object: string; id: string }, lines: Lines = {}): Intent[] {
  const known = metadata.objects.get(whole.object)?.lines ?? []
  return Object.entries(lines).flatMap(([object, rows]) => {
    const via = known.find((each) => each.object === object)?.via
    if (via === undefined) throw new Refused(refuse('FIELD_NOT_AVAILABLE', `lines.${object}`, { field: object }))
    return rows.map(({ id, values = {}, remove }): Intent => {
      if (id === undefined) return { op: 'create', object, values: { ...values, [via]: whole.id } }
      return remove ? { op: 'delete', object, id: id.toLowerCase() } : { op: 'update', object, id: id.toLowerCase(), values }
    })
  })
}
