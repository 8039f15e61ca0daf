import type { ObjectFacts } from '../../api/catalogue.ts'

/** How a condition names a record: a field that may point to several objects says which one. */
export const referTo = (child: ObjectFacts, via: string, object: string, id: string): string => (child.field.get(via)?.kind === 'anyReference' ? `${object}:${id}` : id)
