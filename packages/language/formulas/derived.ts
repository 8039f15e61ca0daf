import type { ConditionKind, ConditionSchema } from '../conditions/index.ts'
import type { Field, ObjectDefinition } from '../definitions/object.ts'
import type { CheckedFormula } from './ast.ts'
import { checkFormula } from './check.ts'
import { quotedName } from './names.ts'
import { checkRollUp, rollUpSql, type CheckedRollUp } from './rollup.ts'
import { formulaSql } from './sql.ts'
import type { FormulaMoment } from './value.ts'

export { aggregateSql, checkRollUp, childrenSql, parentOf, rollUpSql, type CheckedRollUp } from './rollup.ts'

/** A field that nobody writes because it follows from others. `moves`: the clock changes it, so it has no column and is worked out by whoever reads. */
export type Derived = { object: string; key: string; kind: ConditionKind; moves: boolean; inputs: readonly string[] } & ({ formula: CheckedFormula; rollup?: undefined } | { rollup: CheckedRollUp; formula?: undefined })

export interface Derivations {
  /** Each after everything that it is worked out from. */
  order: readonly Derived[]
  of(object: string, key: string): Derived | undefined
  /** Those of an object that the clock changes. */
  movingIn(object: string): readonly Derived[]
  /** Fields in a ring, each worked out from the next; the first stands last too. They are not in `order`. */
  rings: readonly (readonly string[])[]
}

export const isDerived = ({ formula, rollup }: Pick<Field, 'formula' | 'rollup'>): boolean => formula !== undefined || rollup !== undefined

/** Every derived field of living definitions, in the order in which they can be worked out. What does not check is left out. */
export function derivationsOf(objects: Iterable<Pick<ObjectDefinition, 'key' | 'fields'>>, schema: ConditionSchema): Derivations {
  const found = new Map<string, Derived>()
  for (const { key: object, fields } of objects) {
    for (const field of fields) {
      const derived = field.retired ? null : derivedOf(object, field, schema)
      if (derived) found.set(nameOf(object, field.key), derived)
    }
  }
  const { order, rings } = sorted(found)
  const moving = Map.groupBy(order.filter(({ moves }) => moves), ({ object }) => object)
  return { order, rings, of: (object, key) => found.get(nameOf(object, key)), movingIn: (object) => moving.get(object) ?? [] }
}

const nameOf = (object: string, key: string): string => `${object}.${key}`

function derivedOf(object: string, field: Field, schema: ConditionSchema): Derived | null {
  const { key, kind, dictionary } = field
  if (field.formula !== undefined) {
    const checked = checkFormula(field.formula, { object, kind, dictionary, schema: { ...schema, object } })
    return checked.ok ? { object, key, kind, moves: checked.formula.moves, formula: checked.formula, inputs: [...checked.formula.reads].map((each) => nameOf(object, each)) } : null
  }
  if (field.rollup === undefined) return null
  const checked = checkRollUp({ ...field, rollup: field.rollup }, object, schema)
  return checked.ok ? { object, key, kind, moves: false, rollup: checked.rollup, inputs: [...checked.rollup.reads].map((each) => nameOf(checked.rollup.child, each)) } : null
}

/** Depth first; what moves spreads to whatever is worked out from it. */
function sorted(found: ReadonlyMap<string, Derived>): Pick<Derivations, 'order' | 'rings'> {
  const [order, rings]: [Derived[], string[][]] = [[], []]
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (name: string): void => {
    const derived = found.get(name)
    if (!derived || state.get(name) === 'done') return
    if (state.get(name) === 'open') return void rings.push([...path.slice(path.indexOf(name)), name])
    state.set(name, 'open')
    path.push(name)
    for (const input of derived.inputs) visit(input)
    path.pop()
    state.set(name, 'done')
    if (derived.formula && derived.inputs.some((input) => found.get(input)?.moves)) derived.moves = true
    order.push(derived)
  }
  for (const name of found.keys()) visit(name)
  const ringed = new Set(rings.flat())
  return { order: order.filter(({ object, key }) => !ringed.has(nameOf(object, key))), rings }
}

/** The value of a derived field of the row `alias` (for a roll-up it must be `r`), as it should stand or be read. */
export function derivedSql(derived: Derived, derivations: Derivations, alias: string, moment: FormulaMoment): string {
  if (derived.rollup) return rollUpSql(derived.rollup, derived.object, moment)
  const column = (key: string): string => {
    const other = derivations.of(derived.object, key)
    return other?.moves ? `(${derivedSql(other, derivations, alias, moment)})` : `${alias}.${quotedName(key)}`
  }
  return formulaSql(derived.formula, { column, moment })
}

