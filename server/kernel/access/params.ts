import type { Params } from './types.ts'

/** Parameters of one statement under construction; `values` is what tx.query takes. */
export function params(...first: unknown[]): Params {
  const values = [...first]
  return {
    values,
    add(value, pgType) {
      values.push(value)
      return pgType ? `$${values.length}::${pgType}` : `$${values.length}`
    },
  }
}
