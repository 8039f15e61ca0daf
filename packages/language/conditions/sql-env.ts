import { isBaseColumn } from './base.ts'
import type { FieldRef } from './tree.ts'
import type { Column, Row, SqlEnv } from './to-sql.ts'

/** Collects the parameters of one statement; equal values of one type share a number. */
export function collectParams(): Pick<SqlEnv, 'param'> & { values: unknown[] } {
  const values: unknown[] = []
  const numbers = new Map<string, number>()
  const param = (value: unknown, pgType: string): string => {
    const key = `${pgType} ${JSON.stringify(value)}`
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, (number = values.push(value)))
    return `$${number}::${pgType}`
  }
  return { values, param }
}

/**
 * The plain columns of a tenant's tables, every row and cell visible: for the engine, sweeps and checks of the system itself. Members read through the Lens.
 *
 * `params`: share the collector of a larger statement.
 */
export function plainEnv(schema: string, row: Row, params: ReturnType<typeof collectParams> = collectParams()): SqlEnv {
  let opened = 0
  return {
    ...params,
    row,
    column: plainColumn,
    source: (object) => ({ table: tableName(schema, object), row: { object, alias: `${row.alias}_${++opened}` } }),
  }
}

export const plainColumn = (row: Row, field: FieldRef): Column => ({
  sql: `${row.alias}.${columnName(field.key)}`,
  ...(field.kind === 'anyReference' && { object: `${row.alias}.${columnName(field.key)}__object` }),
})

/** Keys are `[a-z][a-z0-9_]*`, so nothing has to be escaped; base fields stand under their own name. */
export const columnName = (key: string): string => (isBaseColumn(key) ? key : `f_${key}`)
export const tableName = (schema: string, object: string): string => `"${schema.replaceAll('"', '""')}"."o_${object}"`
