import { bind, checkCondition, plainColumn, toSql, type BindContext, type Checked, type Condition, type Row, type SqlEnv } from '#language/conditions'
import type { Metadata } from '#kernel/metadata'
import { baseOf, once } from './grounds.ts'
import { remembered } from './remembered.ts'
import type { Params } from './types.ts'

export interface Guard { object: string; condition: Condition }
/** For whom the condition is asked, and when. */
export interface Asker { metadata: Metadata; at: BindContext }

/**
 * A condition that decides about access, as SQL over the row `alias`: TRUE where it holds, FALSE or NULL where not.
 * It is decided on what is stored, whoever looks. A condition that no longer fits the definitions holds nowhere.
 */
export function guardSql({ metadata, at }: Asker, { object, condition }: Guard, { alias, params }: { alias: string; params: Params }): string {
  const written = remembered(texts, baseOf(params), () => new Map<Condition, Map<string, string>>())
  const byAlias = written.get(condition) ?? new Map<string, string>()
  written.set(condition, byAlias)
  const checked = checkedOf(metadata, { object, condition })
  const text = byAlias.get(alias) ?? (checked ? `(${toSql(bind(checked, at), storedEnv(metadata, { object, alias }, baseOf(params))).text})` : 'FALSE')
  byAlias.set(alias, text)
  return text
}

/** As guardSql, decided on these tables where they stand for an object's own: what would be so. `object` keys them. */
export function guardOver({ metadata, at }: Asker, { object, condition }: Guard, { alias, params, tables }: { alias: string; params: Params; tables: ReadonlyMap<string, string> }): string {
  const checked = checkedOf(metadata, { object, condition })
  const env = storedEnv(metadata, { object, alias }, baseOf(params))
  return checked ? `(${toSql(bind(checked, at), { ...env, source: (key) => ({ ...env.source(key), table: tables.get(key) ?? metadata.objects.get(key)!.table }) }).text})` : 'FALSE'
}

/** Does the condition no longer fit the definitions? */
export const brokenGuard = ({ metadata }: Asker, guard: Guard): boolean => checkedOf(metadata, guard) === false

/** A statement that asks the same twice takes its parameters once. */
const texts = new WeakMap<Params, Map<Condition, Map<string, string>>>()

const known = new WeakMap<Metadata, WeakMap<Condition, Checked | false>>()
export function checkedOf(metadata: Metadata, { object, condition }: Guard): Checked | false {
  const of = remembered(known, metadata, () => new WeakMap<Condition, Checked | false>())
  const found = of.get(condition)
  if (found !== undefined) return found
  const result = checkCondition(condition, metadata.conditionSchema(object), 'filter')
  of.set(condition, result.ok && result.checked)
  return result.ok && result.checked
}

/** Plain columns and every living row. */
function storedEnv(metadata: Metadata, row: Row, params: Params): SqlEnv {
  let opened = 0
  return {
    row, values: params.values, column: plainColumn,
    // Fifty tags are fifty parameters, however many policies name them.
    param: (value, pgType) => once(params, `asked ${pgType} ${JSON.stringify(value)}`, () => params.add(value, pgType)),
    source: (object) => ({ table: metadata.objects.get(object)!.table, row: { object, alias: `${row.alias}_g${++opened}` } }),
  }
}
