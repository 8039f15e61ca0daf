import { Refused, refused } from '#contract'
import { lensOf, lensSchema, may, type Context } from '#kernel/access'
import { checkCondition, needsOf, type Condition, type ConditionSchema } from '#language/conditions'
import { isControl, stepsIn, type Action, type Rule, type Step } from '#language/definitions'

/** Departments that this member leads, and all below them. */
export function leads({ principal, metadata }: Context): number[] {
  if (principal.kind !== 'member') return []
  const { id, teamTree } = principal.member
  const headed = (team: number | null): boolean => { const at = team === null ? undefined : metadata.teams.get(team); return at !== undefined && (at.head === id || headed(at.parent)) }
  return teamTree.filter(headed)
}

export const buildsRules = (ctx: Context): boolean => may(ctx, 'rules') || may(ctx, 'teamRules')

/** Whoever may build rules for their departments sees and changes those, and no other. */
export const isTheirs = (ctx: Context, rule: Pick<Rule, 'team'> | undefined): boolean =>
  may(ctx, 'rules') || (may(ctx, 'teamRules') && rule?.team !== undefined && leads(ctx).includes(rule.team))

/** What a rule may know while its maker builds it: all there is, or what they see themselves. */
export const ruleSchema = (ctx: Context, object: string): ConditionSchema => (may(ctx, 'rules') ? ctx.metadata.conditionSchema(object) : lensSchema(ctx, object))

/** A rule of a department does nothing that its maker could not. Refused FORBIDDEN, RULE_WITHOUT_TEAM, RULE_BEYOND_RIGHTS. */
export function checkMayBuild(ctx: Context, rule: Rule): void {
  if (may(ctx, 'rules')) return
  const before = ctx.metadata.rules.get(rule.key)
  if (!may(ctx, 'teamRules') || (before && !isTheirs(ctx, before))) refused('FORBIDDEN')
  if (!isTheirs(ctx, rule)) refused('RULE_WITHOUT_TEAM', 'team')
  if (rule.trigger.on === 'pushed') beyond('接收外部推送要有「自动化规则」权限', 'taking what other systems send needs the right to rules')
  checkRead(ctx, rule.trigger.object, rule.condition)
  for (const { step, each } of stepsIn(rule.actions)) checkStep(ctx, each?.object ?? rule.trigger.object, step)
}

function checkStep(ctx: Context, object: string, step: Step): void {
  if (!isControl(step)) return checkAction(ctx, object, step)
  if (step.do === 'branch') checkRead(ctx, object, step.condition)
  if (step.do === 'waitUntil') checkRead(ctx, object, step.until)
  if (step.do === 'forEach') checkRead(ctx, step.object, step.where)
}

const beyond = (zh: string, en: string): never => refused('RULE_BEYOND_RIGHTS', undefined, { reason: zh, reasonEn: en })

function checkRead(ctx: Context, object: string, condition: Condition): void {
  if (!lensOf(ctx, object).can('read')) beyond('看不到这类记录', 'you cannot see such records')
  const result = checkCondition(condition, lensSchema(ctx, object), 'rule')
  if (!result.ok) throw new Refused({ code: 'CONDITION_INVALID', path: 'condition', params: { reason: result.problems[0]!.zh, reasonEn: result.problems[0]!.en } })
  for (const [of, fields] of needsOf(result.checked).reads) for (const key of fields) {
    const field = lensOf(ctx, of).field(key)
    if (field?.read !== 'full' || field.varies) beyond(`条件用到了你看不全的字段「${nameOf(ctx, of, key).zh}」`, `the condition reads “${nameOf(ctx, of, key).en}”, which you do not see in full`)
  }
}

const nameOf = ({ metadata }: Context, object: string, key: string) => metadata.objects.get(object)?.field.get(key)?.label ?? { zh: key, en: key }

function checkAction(ctx: Context, object: string, action: Action): void {
  const target = targetOf(ctx, object, action)
  if (action.if) checkRead(ctx, target, action.if)
  switch (action.do) {
    case 'set': return checkWrite(ctx, target, Object.keys(action.values))
    case 'create': return checkWrite(ctx, action.object, Object.keys(action.values), 'create')
    case 'updateChildren': return checkWrite(ctx, action.object, Object.keys(action.values))
    case 'grade': return checkWrite(ctx, target, [])
    case 'assign': return lensOf(ctx, target).can('transfer') ? undefined : beyond('你不能给这类记录换负责人', 'you may not give such records to others')
    case 'tag': {
      const guarded = [...(action.add ?? []), ...(action.remove ?? [])].map((key) => ctx.metadata.tags.byKey.get(key)).find((tag) => tag?.policy)
      return guarded ? beyond(`标签「${guarded.label.zh}」会改变权限`, `the tag “${guarded.label.en}” changes rights`) : checkWrite(ctx, target, [])
    }
    case 'webhook': return beyond('推送到外部网址要有「自动化规则」权限', 'sending to the outside needs the right to rules')
    default: return undefined
  }
}

function checkWrite(ctx: Context, object: string, keys: readonly string[], how: 'edit' | 'create' = 'edit'): void {
  const lens = lensOf(ctx, object)
  const label = ctx.metadata.objects.get(object)?.label ?? { zh: object, en: object }
  if (!lens.can(how)) beyond(how === 'create' ? `你不能新建${label.zh}` : `你不能修改${label.zh}`, how === 'create' ? `you may not create ${label.en}` : `you may not change ${label.en}`)
  const locked = keys.find((key) => (key === 'owner' ? !lens.can('transfer') : !lens.writable.has(key) && !(how === 'create' && lens.enterable.has(key))))
  if (locked !== undefined) beyond(`你不能修改「${nameOf(ctx, object, locked).zh}」`, `you may not change “${nameOf(ctx, object, locked).en}”`)
}

/** The object whose records an action writes. */
export function targetOf({ metadata }: Context, object: string, { via, viaObject }: Action): string {
  const to = via === undefined ? object : (viaObject ?? metadata.objects.get(object)?.field.get(via)?.to)
  return typeof to === 'string' && to !== '*' ? to : object
}
