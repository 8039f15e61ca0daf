import type { MemberRow } from '#kernel/access'
import { canonical, type Metadata, type PublishedRule } from '#kernel/metadata'
import type { Condition } from '#language/conditions'
import { actionsIn, type Action, type Recipient } from '#language/definitions'
import { programOf, type CompiledRule } from './program.ts'

/** Something that a rule may do as it is, and that its maker should know. */
export interface Warning { code: 'shadowed' | 'messages' | 'secrets'; zh: string; en: string; /** Other rules that it is about. */ rules: string[] }

/** More people told at once than this is worth a word. */
const MANY = 10

/** `metadata`: as it would be with the rule switched on. Pure. */
export function warningsOf(metadata: Metadata, members: ReadonlyMap<number, MemberRow>, key: string): Warning[] {
  const program = programOf(metadata)
  const rule = program.rules.get(key)
  if (!rule || rule.broken) return []
  const others = [...program.rules.values()].filter((each) => each.rule.key !== key && !each.broken)
  return [...shadows(rule.rule, others.map((each) => each.rule)), ...messages(metadata, members, { rule: rule.rule, others: others.map((each) => each.rule) }), ...secrets(metadata, rule)]
}

const text = canonical
const partsOf = (condition: Condition): string[] => ('all' in condition ? condition.all : [condition]).map(text)

/** Another rule does all of it already, wherever this one would. */
function shadows(rule: PublishedRule, others: readonly PublishedRule[]): Warning[] {
  const [parts, deeds] = [new Set(partsOf(rule.condition)), rule.actions.map(text)]
  const before = others.filter((other) => text(other.trigger) === text(rule.trigger) && partsOf(other.condition).every((part) => parts.has(part)) && deeds.every((deed) => other.actions.map(text).includes(deed)))
  return before.map(({ key, label }): Warning => ({ code: 'shadowed', rules: [key], zh: `「${label.zh}」在同样的情况下已经做了同样的事，这条不会再多做什么`, en: `“${label.en}” does the same in the same cases; this one adds nothing` }))
}

const isNotify = (action: Action): action is Extract<Action, { do: 'notify' }> => action.do === 'notify'

function messages(metadata: Metadata, members: ReadonlyMap<number, MemberRow>, { rule, others }: { rule: PublishedRule; others: readonly PublishedRule[] }): Warning[] {
  const told = actionsIn(rule.actions).filter(isNotify)
  if (told.length === 0) return []
  const { trigger } = rule
  const object = metadata.objects.get(trigger.object)
  const everyTime = (trigger.on === 'changed' && trigger.fields === undefined) || (trigger.on === 'created' && object?.immutable === true)
  const unasked = partsOf(rule.condition).length === 0 && told.some((action) => action.if === undefined)
  const most = Math.max(...told.map(({ to }) => to.reduce((sum, each) => sum + countOf(each, members), 0)))
  const beside = others.filter((other) => text(other.trigger) === text(trigger) && actionsIn(other.actions).filter(isNotify).some((action) => told.some(({ to }) => to.some((each) => action.to.map(text).includes(text(each))))))
  const warning = (zh: string, en: string, rules: string[] = []): Warning => ({ code: 'messages', zh, en, rules })
  return [
    ...(everyTime && unasked ? [warning(`${object?.label.zh ?? trigger.object}每有一点动静就会发一次提醒，请加条件，或只看某几个字段`, `Every little change of a ${object?.label.en ?? trigger.object} would send a message; add a condition or name the fields`)] : []),
    ...(most > MANY ? [warning(`每触发一次就要提醒 ${most} 个人`, `Each time ${most} people are told`)] : []),
    ...(beside.length > 0 ? [warning(`同一件事，「${beside[0]!.label.zh}」${beside.length > 1 ? `等 ${beside.length} 条规则` : ''}也会提醒同一个人`, `“${beside[0]!.label.en}”${beside.length > 1 ? ` and ${beside.length - 1} more` : ''} tells the same person about the same thing`, beside.map(({ key }) => key))] : []),
  ]
}

const countOf = (to: Recipient, members: ReadonlyMap<number, MemberRow>): number =>
  ('role' in to ? [...members.values()].filter(({ active, roles }) => active && roles.includes(to.role)).length : 1)

/** Whoever sees what it writes learns something of what it read, though they may not read that (decision 10). */
function secrets({ roles, objects, tags }: Metadata, { rule, condition, actions }: CompiledRule): Warning[] {
  const read = [...condition.needs.reads].flatMap(([object, fields]) => [...fields].map((field) => ({ object, field })))
  return actions.flatMap(({ action, target }): Warning[] => {
    const output = action.do === 'tag' && action.add?.[0] !== undefined ? tags.byKey.get(action.add[0])?.label : action.do === 'set' ? objects.get(target)?.field.get(Object.keys(action.values)[0] ?? '')?.label : undefined
    if (!output) return []
    return read.flatMap(({ object, field }) => {
      const blind = [...roles.values()].filter((role) => (role.objects[target]?.read ?? 'none') !== 'none' && (role.objects[object]?.fields?.[field]?.read ?? 'full') !== 'full' && role.objects[object] !== undefined)
      if (blind.length === 0) return []
      const named = objects.get(object)?.field.get(field)?.label ?? { zh: field, en: field }
      return [{ code: 'secrets' as const, rules: [rule.key], zh: `${blind.map(({ label }) => `「${label.zh}」`).join('')}看不全「${named.zh}」，但能从「${output.zh}」看出它的条件`, en: `${blind.map(({ label }) => label.en).join(', ')} may not read “${named.en}” in full, and learn of it from “${output.en}”` }]
    })
  }).filter((each, i, all) => all.findIndex(({ zh }) => zh === each.zh) === i)
}
