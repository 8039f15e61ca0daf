import type { Derivations } from '#language/formulas'
import type { Role } from '#language/definitions'
import type { Metadata } from './types.ts'

/** Roles that read a derived field and not everything that it follows from: what is opened to them by name (decision 10). */
export interface Declassification { output: string; inputs: readonly string[]; roles: readonly string[] }

/** For the derived fields of one object, as it would stand. Pure. */
export function declassifications(object: string, metadata: Metadata): Declassification[] {
  const derivations = metadata.derivations()
  return derivations.order.filter((each) => each.object === object).flatMap(({ key }): Declassification[] => {
    const output = `${object}.${key}`
    const inputs = roots(output, derivations)
    const blind = [...metadata.roles.values()].map((role) => ({ role: role.key, hidden: reads(role, output) ? inputs.filter((input) => !reads(role, input)) : [] })).filter(({ hidden }) => hidden.length > 0)
    return blind.length === 0 ? [] : [{ output, inputs: [...new Set(blind.flatMap(({ hidden }) => hidden))].sort(), roles: blind.map(({ role }) => role) }]
  })
}

/** The written fields at the bottom, each as object.key. */
function roots(name: string, derivations: Derivations): string[] {
  const [object = '', key = ''] = name.split('.')
  const derived = derivations.of(object, key)
  return derived ? [...new Set(derived.inputs.flatMap((input) => roots(input, derivations)))] : [name]
}

function reads({ objects }: Role, name: string): boolean {
  const [object = '', key = ''] = name.split('.')
  const access = objects[object]
  return (access?.read ?? 'none') !== 'none' && (access!.fields?.[key]?.read ?? 'full') === 'full'
}
