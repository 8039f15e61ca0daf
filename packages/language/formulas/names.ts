import { columnName } from '../conditions/index.ts'

/** The column of a field, quoted; base fields stand under their own name. */
export const quotedName = (key: string): string => `"${columnName(key)}"`
