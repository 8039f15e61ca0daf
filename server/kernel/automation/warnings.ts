import type { MemberRow } from '#kernel/access'
import { canonical, type Metadata, type PublishedRule } from '#kernel/metadata'
import type { Condition } from '#language/conditions'
import { actionsIn, actionsOn, stepsIn, type Action, type Recipient, type Step } from '#language/definitions'
import { programOf } from './program.ts'
import { secrets } from './secrets.ts'

/** Something that a rule may do as it is, and that its maker should know. */
export interface Warning { code: 'shadowed' | 'sides' | 'messages' | 'secrets' | 'untested' | 'crowded'; zh: string; en: string; /** Other rules that it is about. */ rules: string[] }

/** More people told at once than this is worth a word. */
const MANY = 10

/** `metadata`: as it would be with the rule switched on. Pure. */
export function warningsOf(metadata: Metadata, members: ReadonlyMap<number, MemberRow>, key: string): Warning[] {
  const program = programOf(metadata)
  const rule = program.rules.get(key)
  if (!rule || rule.broken) return []
  const others = [...program.rules.values()].filter((each) => each.rule.key !== key && !each.broken)
  return [...shadows(rule.rule, others.map((each) => each.rule)), ...sides(metadata, rule.rule), ...messages(metadata, members, { rule: rule.rule, others: others.map((each) => each.rule) }), ...secrets(metadata, rule)]
}

const text = canonical
const partsOf = (condition: Condition): string[] => ('all' in condition ? condition.all : [condition]).map(text)

/** What a rule is compared by, worked out once for each. */
interface Written { trigger: string; parts: readonly string[]; deeds: readonly string[] }
const written = new WeakMap<PublishedRule, Written>()
function writtenOf(rule: PublishedRule): Written {
  const known = written.get(rule) ?? { trigger: text(rule.trigger), parts: partsOf(rule.condition), deeds: rule.actions.map(text) }
  written.set(rule, known)
  return known
}

/** Another rule does all of it already, wherever this one would. */
function shadows(rule: PublishedRule, others: readonly PublishedRule[]): Warning[] {
  const mine = writtenOf(rule)
  const parts = new Set(mine.parts)
  const before = others.filter((other) => { const its = writtenOf(other); return its.trigger === mine.trigger && its.parts.every((part) => parts.has(part)) && mine.deeds.every((deed) => its.deeds.includes(deed)) })
  return before.map(({ key, label }): Warning => ({ code: 'shadowed', rules: [key], zh: `「${label.zh}」在同样的情况下已经做了同样的事，这条不会再多做什么`, en: `“${label.en}” does the same in the same cases; this one adds nothing` }))
}

/** Two branches that go side by side write the same field: who comes last is chance. */
function sides(metadata: Metadata, { trigger: { object }, actions }: PublishedRule): Warning[] {
  return stepsIn(actions).flatMap(({ step }) => {
    if (step.do !== 'parallel') return []
    const fields = step.branches.map((steps) => new Set(writtenIn(object, steps)))
    const shared = [...new Set(fields.flatMap((each) => [...each]))].map((key) => ({ key, by: fields.flatMap((each, at) => (each.has(key) ? [at + 1] : [])) })).filter(({ by }) => by.length > 1)
    return shared.map(({ key, by }): Warning => {
      const [of = '', field = ''] = key.split(' ')
      const label = field === 'owner' ? { zh: '负责人', en: 'owner' } : (metadata.objects.get(of)?.field.get(field)?.label ?? { zh: field, en: field })
      return { code: 'sides', rules: [], zh: `「同时进行」里的${by.map((no) => `分支 ${no}`).join('、')} 都会写「${label.zh}」，最后是谁写的要看先后`, en: `Branches ${by.join(' and ')} that go side by side both write “${label.en}”; which one stands is a matter of time` }
    })
  })
}

/** The fields of the record itself, or of one that it points to, that steps write. */
const writtenIn = (object: string, steps: readonly Step[]): string[] => actionsOn(object, steps).flatMap(({ action, object: of }) => {
  const on = action.via === undefined ? of : `${of}.${action.via}`
  return action.do === 'set' ? Object.keys(action.values).map((key) => `${on} ${key}`) : action.do === 'assign' ? [`${on} owner`] : []
})

const isNotify = (action: Action): action is Extract<Action, { do: 'notify' }> => action.do === 'notify'

function messages(metadata: Metadata, members: ReadonlyMap<number, MemberRow>, { rule, others }: { rule: PublishedRule; others: readonly PublishedRule[] }): Warning[] {
  const told = actionsIn(rule.actions).filter(isNotify)
  if (told.length === 0) return []
  const { trigger } = rule
  const object = metadata.objects.get(trigger.object)
  const everyTime = (trigger.on === 'changed' && trigger.fields === undefined) || (trigger.on === 'created' && object?.immutable === true)
  const unasked = partsOf(rule.condition).length === 0 && told.some((action) => action.if === undefined)
  const most = Math.max(...told.map(({ to }) => to.reduce((sum, each) => sum + countOf(each, members), 0)))
  const beside = others.filter((other) => writtenOf(other).trigger === writtenOf(rule).trigger && actionsIn(other.actions).filter(isNotify).some((action) => told.some(({ to }) => to.some((each) => action.to.map(text).includes(text(each))))))
  const warning = (zh: string, en: string, rules: string[] = []): Warning => ({ code: 'messages', zh, en, rules })
  return [
    ...(everyTime && unasked ? [warning(`${object?.label.zh ?? trigger.object}每有一点动静就会发一次提醒，请加条件，或只看某几个字段`, `Every little change of a ${object?.label.en ?? trigger.object} would send a message; add a condition or name the fields`)] : []),
    ...(most > MANY ? [warning(`每触发一次就要提醒 ${most} 个人`, `Each time ${most} people are told`)] : []),
    ...(beside.length > 0 ? [warning(`同一件事，「${beside[0]!.label.zh}」${beside.length > 1 ? `等 ${beside.length} 条规则` : ''}也会提醒同一个人`, `“${beside[0]!.label.en}”${beside.length > 1 ? ` and ${beside.length - 1} more` : ''} tells the same person about the same thing`, beside.map(({ key }) => key))] : []),
  ]
}

const countOf = (to: Recipient, members: ReadonlyMap<number, MemberRow>): number =>
  ('role' in to ? [...members.values()].filter(({ active, roles }) => active && roles.includes(to.role)).length : 1)

