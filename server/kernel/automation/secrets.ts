import type { Metadata } from '#kernel/metadata'
import type { Action, Label, Role } from '#language/definitions'
import { controlsIn, type CompiledAction, type CompiledRule } from './program.ts'
import type { Warning } from './warnings.ts'

/** What a rule reads to decide: its condition, and those of its steps. */
function inputsOf({ condition, steps, actions }: CompiledRule): { object: string; field: string }[] {
  const needs = [condition.needs, ...controlsIn(steps).flatMap(({ condition: asked }) => asked?.needs ?? []), ...actions.flatMap(({ guard, where }) => [guard?.needs ?? [], where?.needs ?? []].flat())]
  const all = needs.flatMap(({ reads }) => [...reads].flatMap(([object, fields]) => [...fields].map((field) => ({ object, field }))))
  return [...new Map(all.map((each) => [`${each.object} ${each.field}`, each])).values()]
}

/** What somebody can see of its having acted: whose records it stands on, what it is called, and who of them. */
interface Outcome { object: string; label: Label; among: ReadonlySet<string> | null }

function outcomesOf({ objects, tags }: Metadata, { action, target }: CompiledAction): Outcome[] {
  const fields = (object: string, values: object): Outcome[] => Object.keys(values).slice(0, 1).flatMap((key) => { const label = objects.get(object)?.field.get(key)?.label; return label ? [{ object, label, among: null }] : [] })
  switch (action.do) {
    case 'tag': return (action.add ?? []).slice(0, 1).flatMap((key) => { const label = tags.byKey.get(key)?.label; return label ? [{ object: target, label, among: null }] : [] })
    case 'set': return fields(target, action.values)
    case 'updateChildren': return fields(action.object, action.values)
    case 'create': return objects.has(action.object) ? [{ object: action.object, label: objects.get(action.object)!.label, among: null }] : []
    case 'notify': return told(action)
    default: return []
  }
}

/** A message tells those to whom it goes by their role; whoever owns the record reads it anyway. */
function told({ to }: Extract<Action, { do: 'notify' }>): Outcome[] {
  const roles = to.flatMap((each) => ('role' in each ? [each.role] : []))
  return roles.length === 0 ? [] : [{ object: '', label: { zh: '收到的提醒', en: 'the message' }, among: new Set(roles) }]
}

/** Whoever sees what it does learns something of what it read, though they may not read that (decision 10): by their role, or by a policy that limits it. */
export function secrets(metadata: Metadata, rule: CompiledRule): Warning[] {
  const inputs = inputsOf(rule)
  const found = rule.actions.flatMap((action) => outcomesOf(metadata, action)).flatMap((outcome) => inputs.flatMap((input): Warning[] => {
    const blind = [...metadata.roles.values()].filter((role) => sees(role, outcome) && mayRead(role, input.object) && isBlind(metadata, role, input))
    if (blind.length === 0) return []
    const named = metadata.objects.get(input.object)?.field.get(input.field)?.label ?? { zh: input.field, en: input.field }
    return [{ code: 'secrets', rules: [rule.rule.key], zh: `${blind.map(({ label }) => `「${label.zh}」`).join('')}看不全「${named.zh}」，但能从「${outcome.label.zh}」看出它的条件`, en: `${blind.map(({ label }) => label.en).join(', ')} may not read “${named.en}” in full, and learn of it from “${outcome.label.en}”` }]
  }))
  return found.filter((each, i, all) => all.findIndex(({ zh }) => zh === each.zh) === i)
}

const sees = (role: Role, { object, among }: Outcome): boolean => (among ? among.has(role.key) : (role.objects[object]?.read ?? 'none') !== 'none')
const mayRead = (role: Role, object: string): boolean => (role.objects[object]?.read ?? 'none') !== 'none'

/** A policy with relations or other members in view is not taken as the whole role’s. */
function isBlind({ policiesOf }: Metadata, role: Role, { object, field }: { object: string; field: string }): boolean {
  if ((role.objects[object]?.fields?.[field]?.read ?? 'full') !== 'full') return true
  return policiesOf(object).some(({ effect, who, except, scenarios, fields }) => {
    const read = (fields[field] ?? fields['*'])?.read
    const concerns = !scenarios && (who === undefined || (who.roles?.includes(role.key) ?? false)) && !(except?.roles?.includes(role.key) ?? false) && !except?.relations?.length
    return effect === 'limit' && concerns && read !== undefined && read !== 'full'
  })
}
