import type { Params } from './types.ts'

/** Parameters of one statement under construction; `values` is what tx.query takes. */
export function params(...first: unknown[]): Params {
  const [values, facts]: [unknown[], Params['facts']] = [[...first], []]
  return {
    values, facts,
    add(value, pgType, fact) {
      if (fact) facts.push([values.length, fact])
      values.push(value)
      return pgType ? `$${values.length}::${pgType}` : `$${values.length}`
    },
  }
}
