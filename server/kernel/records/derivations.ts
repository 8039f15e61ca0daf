import { parentOf, toValue, type CheckedRollUp, type Derived, type Formula } from '#language/formulas'
import type { Metadata } from '#kernel/metadata'

/** A field that the write path works out from others of its record. */
export interface FormulaStep { object: string; key: string; inputs: ReadonlySet<string>; value: Formula; rollup?: undefined }
/** A field that the write path works out from children. */
export interface RollUpStep { object: string; key: string; rollup: CheckedRollUp; parent: ReturnType<typeof parentOf>; whole: boolean; value?: undefined }
export type DeriveStep = FormulaStep | RollUpStep

/** What the write path has to work out, each after what it follows from; `from`: roll-ups by the object of their children. */
export interface DerivePlan { steps: readonly DeriveStep[]; formulas: ReadonlyMap<string, readonly FormulaStep[]>; from: ReadonlyMap<string, readonly RollUpStep[]> }

const plans = new WeakMap<Metadata, DerivePlan>()

export function derivePlanOf(metadata: Metadata): DerivePlan {
  const known = plans.get(metadata)
  if (known) return known
  const steps = metadata.derivations().order.filter(({ moves }) => !moves).map((each) => stepOf(metadata, each))
  const plan = {
    steps,
    formulas: Map.groupBy(steps.filter((each): each is FormulaStep => each.value !== undefined), ({ object }) => object),
    from: Map.groupBy(steps.filter((each): each is RollUpStep => each.rollup !== undefined), ({ rollup }) => rollup.child),
  }
  plans.set(metadata, plan)
  return plan
}

function stepOf(metadata: Metadata, { object, key, formula, rollup }: Derived): DeriveStep {
  if (formula) return { object, key, inputs: formula.reads, value: toValue(formula) }
  const whole = metadata.objects.get(object)?.field.get(key)?.kind === 'integer'
  return { object, key, rollup, parent: parentOf(rollup, object), whole }
}
