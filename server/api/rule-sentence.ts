import type { Context } from '#kernel/access'
import { ALWAYS, checkCondition, toSentence, type Condition, type ConditionSchema, type Problem, type SentenceNames } from '#language/conditions'
import { ruleLabel, sourceName } from '#kernel/metadata'
import { isControl, readHappening, type Action, type Control, type OnDuty, type Recipient, type Rule, type Step, type Trigger, type Value } from '#language/definitions'
import { formatDuration, formatSchedule, withArticles } from '#language/values'
import { namesOf, type Lang } from './words.ts'

export interface Sentence { zh: string; en: string }
export interface Preview { sentence: Sentence | null; problems: Problem[] }
export interface SchemaOf { (object: string): ConditionSchema }

/** A condition as a sentence in both languages, or everything that is wrong with it. */
export async function conditionSentence(ctx: Context, schema: ConditionSchema, condition: unknown, profile: 'filter' | 'rule' = 'filter'): Promise<Preview> {
  const checked = checkCondition(condition, schema, profile)
  if (!checked.ok) return { sentence: null, problems: checked.problems }
  const [zh, en] = await Promise.all((['zh', 'en'] as const).map(async (lang) => toSentence(checked.checked, lang, await namesOf(ctx, lang))))
  return { sentence: { zh: zh!, en: en! }, problems: [] }
}

/** 「当 表单提交，如果 …，就 …」; `schema`: what the reader may know of its object. */
export async function ruleSentence(ctx: Context, rule: Rule, schema: ConditionSchema = ctx.metadata.conditionSchema(rule.trigger.object)): Promise<Preview> {
  const { when, problems, speakers: { zh, en } } = await partsOf(ctx, rule, schema)
  return { sentence: { zh: `${when.zh}，就${inOrder(rule.actions, zh)}`, en: `${when.en}: ${inOrder(rule.actions, en)}` }, problems }
}

/** One step, or one way of a step that goes several; `depth`: how deep it stands in others, from 0. */
export interface Line { text: string; depth: number }

/** The same sentence in lines, for a rule of many steps: when it works, then step by step. */
export async function ruleLines(ctx: Context, rule: Rule, schema: ConditionSchema): Promise<{ when: Sentence; steps: Record<Lang, Line[]> }> {
  const { when, speakers: { zh, en } } = await partsOf(ctx, rule, schema)
  return { when, steps: { zh: linesOf(rule.actions, zh), en: linesOf(rule.actions, en) } }
}

async function partsOf(ctx: Context, rule: Rule, schema: ConditionSchema): Promise<{ when: Sentence; problems: Problem[]; speakers: Record<Lang, Speaker> }> {
  const object = ctx.metadata.objects.get(rule.trigger.object)
  const happening = object && schema.field(object.key, object.title) ? readHappening(object, rule) : null
  const rest = happening?.rest ?? rule.condition
  const { problems } = await conditionSentence(ctx, schema, rule.condition, 'rule')
  const { sentence } = await conditionSentence(ctx, schema, rest, 'rule')
  const [zh, en] = await Promise.all((['zh', 'en'] as const).map(async (lang): Promise<Speaker> => ({ lang, names: await namesOf(ctx, lang), object: rule.trigger.object, schema, ctx })))
  const always = JSON.stringify(rest) === JSON.stringify(ALWAYS)
  const begins = (speaker: Speaker) => (happening ? happens(rule.trigger.object, happening.kinds, speaker) : trigger(rule.trigger, speaker))
  const when = { zh: `当${begins(zh!)}${always ? '' : `，如果 ${sentence?.zh ?? '…'}`}`, en: `When ${withArticles(begins(en!))}${always ? '' : `, if ${sentence?.en ?? '…'}`}` }
  return { when, problems, speakers: { zh: zh!, en: en! } }
}

/** Step after step; what only happens in one case stands in brackets. */
const inOrder = (steps: readonly Step[], speaker: Speaker): string => steps.length === 0 ? say(speaker, '什么也不做', 'do nothing') : steps.map((step) => (isControl(step) ? control(step, speaker) : deed(step, speaker))).join(say(speaker, '，并', ', then '))

/** What steers a run: its words before its lanes and behind them. */
interface Steering { head: string; lanes: Lane[]; tail?: string }
interface Lane { name: string; steps: readonly Step[]; speaker: Speaker }

function control(step: Control, speaker: Speaker): string {
  const { head, lanes, tail = '' } = steering(step, speaker)
  if (lanes.length === 0) return head
  const inside = lanes.map((lane) => named(lane, inOrder(lane.steps, lane.speaker)))
  return say(speaker, `${head}〔${inside.join('；')}〕${tail}`, `${head} [${inside.join('; ')}]${tail}`)
}

/** A lane of one plain step stands in one line with its name; one in which nothing is done is left out. */
function linesOf(steps: readonly Step[], speaker: Speaker, depth = 0): Line[] {
  return steps.flatMap((step): Line[] => {
    if (!isControl(step)) return [{ text: deed(step, speaker), depth }]
    const { head, lanes, tail = '' } = steering(step, speaker)
    const inside = lanes.flatMap((lane): Line[] => {
      const lines = linesOf(lane.steps, lane.speaker, lane.name === '' ? depth + 1 : depth + 2)
      if (lane.name === '' || lines.length === 0) return lines
      return lines.length === 1 ? [{ text: named(lane, lines[0]!.text), depth: depth + 1 }] : [{ text: ROUND.includes(lane.name) ? say(speaker, `分支 ${lane.name}`, `branch ${lane.name}`) : lane.name, depth: depth + 1 }, ...lines]
    })
    return [{ text: head + tail, depth }, ...inside]
  })
}

const ROUND = ['①', '②', '③', '④', '⑤']
const named = ({ name, speaker }: Lane, text: string): string => (name === '' ? text : name + (ROUND.includes(name) ? ' ' : say(speaker, '：', ': ')) + text)

function steering(step: Control, speaker: Speaker): Steering {
  const lane = (zh: string, en: string, steps: readonly Step[]): Lane => ({ name: say(speaker, zh, en), steps, speaker })
  switch (step.do) {
    case 'wait': return { head: say(speaker, `等 ${length(speaker, step.for)}`, `wait ${length(speaker, step.for)}`), lanes: [] }
    case 'waitClock': return { head: say(speaker, `等到${step.workingDays ? '工作日' : ''} ${step.at}`, `wait until ${step.at}${step.workingDays ? ' on a working day' : ''}`), lanes: [] }
    case 'waitUntil': return { head: say(speaker, `等到 ${met(step.until, speaker)}（最多 ${length(speaker, step.atMost)}）`, `wait until ${met(step.until, speaker)} (${length(speaker, step.atMost)} at most)`), lanes: [lane('成立', 'met', step.yes), lane('超时', 'too late', step.no)] }
    case 'approve': return { head: say(speaker, `请${step.to.map((to) => recipient(to, speaker)).join('、')}审批「${readable(step.title, speaker)}」（最多 ${length(speaker, step.atMost)}）`, `ask ${step.to.map((to) => recipient(to, speaker)).join(', ')} to approve “${readable(step.title, speaker)}” (${length(speaker, step.atMost)} at most)`), lanes: [lane('同意', 'approved', step.yes), lane('不同意', 'refused', step.no), lane('超时', 'too late', step.late)] }
    case 'branch': return { head: say(speaker, '看情况', 'either'), lanes: [lane(`如果 ${met(step.condition, speaker)}`, `if ${met(step.condition, speaker)}`, step.yes), lane('否则', 'otherwise', step.no)] }
    case 'parallel': return { head: say(speaker, '同时进行', 'at the same time'), lanes: step.branches.map((steps, at) => lane(ROUND[at]!, ROUND[at]!, steps)), tail: say(speaker, `，${step.join === 'all' ? '全部做完后' : '任何一个做完后（其余叫停）'}往下`, `, and on when ${step.join === 'all' ? 'all are done' : 'the first is done (the others are called off)'}`) }
    case 'forEach': return { head: say(speaker, `对每条${objectName(speaker, step.object)}`, `for each ${objectName(speaker, step.object)}`), lanes: [{ name: '', steps: step.steps, speaker: { ...speaker, object: step.object, schema: { ...speaker.schema, object: step.object } } }] }
  }
}

function met(condition: Condition, { schema, lang, names }: Speaker): string {
  const checked = checkCondition(condition, schema, 'filter')
  return checked.ok ? toSentence(checked.checked, lang, names) : '…'
}

/** `object`: whose change is answered; `target`: what the action works on. */
interface Speaker { lang: Lang; names: SentenceNames; object: string; schema: ConditionSchema; target?: string; ctx: Context }

function aboutTarget(speaker: Speaker, { via, viaObject }: Action): Speaker {
  if (via === undefined) return speaker
  const to = speaker.ctx.metadata.objects.get(speaker.object)?.field.get(via)?.to
  return { ...speaker, target: viaObject ?? (typeof to === 'string' && to !== '*' ? to : speaker.object) }
}
/** An action: what must hold for it alone, on what where that is not the record itself, and what it does. */
function deed(act: Action, speaker: Speaker): string {
  const there = aboutTarget(speaker, act)
  const object = objectName(there, targetOf(there))
  return guard(act, there) + (targetOf(there) === speaker.object ? '' : say(speaker, `对${object}`, `on the ${object}: `)) + action(act, there)
}

function guard({ if: needed }: Action, speaker: Speaker): string {
  if (!needed || JSON.stringify(needed) === JSON.stringify(ALWAYS)) return ''
  const text = met(needed, { ...speaker, schema: { ...speaker.schema, object: targetOf(speaker) } })
  return say(speaker, `若 ${text}，`, `if ${text}, `)
}
const targetOf = ({ target, object }: Speaker): string => target ?? object
const say = ({ lang }: Speaker, zh: string, en: string): string => (lang === 'zh' ? zh : en)
const objectName = (speaker: Speaker, key: string): string => speaker.names.object?.(key) ?? key
const fieldName = (speaker: Speaker, object: string, key: string): string => speaker.names.field?.(object, key) ?? key
const tagNames = (speaker: Speaker, tags: readonly string[]): string => tags.map((tag) => `【${speaker.names.tag?.(tag) ?? tag}】`).join('')
const length = (speaker: Speaker, duration: string): string => formatDuration(duration, speaker.lang)

function trigger(on: Trigger, speaker: Speaker): string {
  const object = objectName(speaker, on.object)
  switch (on.on) {
    case 'created': return on.form ? say(speaker, `表单「${formName(on.form, speaker)}」提交${object}`, `form “${formName(on.form, speaker)}” brings a ${object}`) : say(speaker, `新建${object}`, `a ${object} is created`)
    case 'changed': return changed(on, object, speaker)
    case 'tagged': return say(speaker, `${object}被打上${tagNames(speaker, [on.tag])}`, `a ${object} is tagged ${tagNames(speaker, [on.tag])}`)
    case 'untagged': return say(speaker, `${object}被去掉${tagNames(speaker, [on.tag])}`, `a ${object} loses the tag ${tagNames(speaker, [on.tag])}`)
    case 'restored': return say(speaker, `${object}从回收站恢复`, `a ${object} comes back from the bin`)
    case 'deleted': return say(speaker, `${object}被删除`, `a ${object} is deleted`)
    case 'crossed': return say(speaker, `${object}的${fieldName(speaker, on.object, on.field)}${on.way === 'below' ? '降到' : '升到'} ${on.value} ${on.way === 'below' ? '以下' : '或以上'}`, `${fieldName(speaker, on.object, on.field)} of a ${object} ${on.way === 'below' ? 'falls below' : 'reaches'} ${on.value}`)
    case 'ran': return ran(on, speaker)
    case 'pushed': return say(speaker, `收到外部系统推送的${object}`, `another system posts about a ${object}`)
    case 'pressed': return say(speaker, `有人在${object}上点这条规则的按钮`, `somebody presses its button on a ${object}`)
    case 'deadline': return say(speaker, `${object}的${fieldName(speaker, on.object, on.field)}已到${on.after ? `并过了 ${length(speaker, on.after)}` : ''}${on.before ? `，按「${fieldName(speaker, on.object, on.before)}」提前` : ''}`, `${fieldName(speaker, on.object, on.field)} of a ${object} ${on.after ? `is ${length(speaker, on.after)} past` : 'has come'}${on.before ? `, earlier by “${fieldName(speaker, on.object, on.before)}”` : ''}`)
    case 'schedule': return say(speaker, `${formatSchedule(on.cron, 'zh')}${on.workingDays ? '（仅工作日）' : ''}，逐条看${object}`, `it is time (${formatSchedule(on.cron, 'en')}${on.workingDays ? ', on working days' : ''}), for each ${object}`)
    case 'silence': return say(speaker, `${object}的${fieldName(speaker, on.object, on.since)}之后 ${length(speaker, on.for)}没有动静`, `nothing for ${length(speaker, on.for)} since ${fieldName(speaker, on.object, on.since)} of a ${object}`)
  }
}

/** 「发生客户行为：来电或发来消息」 */
function happens(object: string, kinds: readonly string[], speaker: Speaker): string {
  const { title, field } = speaker.ctx.metadata.objects.get(object)!
  const dictionary = field.get(title)?.dictionary
  const named = kinds.map((kind) => (dictionary && speaker.names.option?.(dictionary, kind)) || kind)
  const name = objectName(speaker, object)
  if (named.length === 0) return say(speaker, `发生${name}`, `a ${name} happens`)
  return say(speaker, `发生${name}：${named.join('或')}`, `a ${name} happens (${named.join(' or ')})`)
}

function ran({ rule, outcome }: Extract<Trigger, { on: 'ran' }>, speaker: Speaker): string {
  const name = ruleLabel(speaker.ctx.metadata, rule)?.[speaker.lang] ?? rule
  const ENDS = { finished: ['执行完', 'has run to its end'], failed: ['执行失败', 'has failed'], yes: ['执行完，走的是「是」', 'has run to its end, and it was “yes”'], no: ['执行完，走的是「否」', 'has run to its end, and it was “no”'] } as const
  return say(speaker, `规则「${name}」${ENDS[outcome][0]}`, `the rule “${name}” ${ENDS[outcome][1]}`)
}

function changed({ object, fields, often }: Extract<Trigger, { on: 'changed' }>, name: string, speaker: Speaker): string {
  const said = (gap: string, any: string) => fields?.map((key) => fieldName(speaker, object, key)).join(gap) ?? any
  const text = say(speaker, `${name}的${said('、', '任一字段')}变更`, `${said(', ', 'anything')} of a ${name} changes`)
  return often ? text + say(speaker, `（同一人 ${length(speaker, often.within)}内至少 ${often.times} 次）`, ` (by one person at least ${often.times} times in ${length(speaker, often.within)})`) : text
}

function action(act: Action, speaker: Speaker): string {
  switch (act.do) {
    case 'set': return say(speaker, `把${assigned(act.values, speaker)}`, `set ${assigned(act.values, speaker)}`)
    case 'tag': return [act.add?.length ? say(speaker, `打标签${tagNames(speaker, act.add)}`, `tag ${tagNames(speaker, act.add)}`) : '', act.remove?.length ? say(speaker, `去标签${tagNames(speaker, act.remove)}`, `untag ${tagNames(speaker, act.remove)}`) : ''].filter(Boolean).join(say(speaker, '、', ', '))
    case 'grade': return say(speaker, `重新判定「${speaker.ctx.metadata.gradings.get(act.grading)?.label.zh ?? act.grading}」`, `grade by “${speaker.ctx.metadata.gradings.get(act.grading)?.label.en ?? act.grading}”`)
    case 'assign': return say(speaker, `按「${speaker.ctx.metadata.assignmentPolicies.get(act.policy)?.label.zh ?? act.policy}」分配`, `assign by “${speaker.ctx.metadata.assignmentPolicies.get(act.policy)?.label.en ?? act.policy}”`)
    case 'create': return say(speaker, `新建${objectName(speaker, act.object)}`, withArticles(`create a ${objectName(speaker, act.object)}`))
    case 'updateChildren': return say(speaker, `更新相关的${objectName(speaker, act.object)}`, `update its ${objectName(speaker, act.object)} records`)
    case 'notify': return say(speaker, `通知${act.to.map((to) => recipient(to, speaker)).join('、')}：「${readable(act.title, speaker)}」`, `notify ${act.to.map((to) => recipient(to, speaker)).join(', ')}: “${readable(act.title, speaker)}”`)
    case 'webhook': return say(speaker, `推送到 ${new URL(act.url).host}`, `post to ${new URL(act.url).host}`)
    case 'stop': return say(speaker, '到此为止', 'stop')
    case 'message': return say(speaker, `经 ${act.channel} 发消息`, `send a message over ${act.channel}`)
  }
}

const assigned = (values: Record<string, Value>, speaker: Speaker): string =>
  Object.entries(values).map(([key, value]) => say(speaker, `「${fieldName(speaker, targetOf(speaker), key)}」${isAdvance(value) ? '推进到' : '设为'}${shown(key, value, speaker)}`, `“${fieldName(speaker, targetOf(speaker), key)}” ${isAdvance(value) ? 'on ' : ''}to ${shown(key, value, speaker)}`)).join(say(speaker, '、', ', '))

const isAdvance = (value: Value): boolean => typeof value === 'object' && value !== null && 'advance' in value

function shown(key: string, value: Value, speaker: Speaker): string {
  if (value === null) return say(speaker, '空', 'empty')
  if (typeof value !== 'object') return literal(key, value, speaker)
  if ('text' in value) return `「${readable(value.text, speaker)}」`
  if ('field' in value) return fieldName(speaker, value.via ? targetOf(speaker) : speaker.object, value.field) + (value.plus ? say(speaker, `之后 ${length(speaker, value.plus)}`, ` plus ${length(speaker, value.plus)}`) : '')
  if ('now' in value) return value.plus ? say(speaker, `${length(speaker, value.plus)}之后`, `${length(speaker, value.plus)} from now`) : say(speaker, '当时', 'that moment')
  if ('add' in value) return say(speaker, `原值${value.add < 0 ? '减' : '加'} ${Math.abs(value.add)}`, `itself ${value.add < 0 ? 'minus' : 'plus'} ${Math.abs(value.add)}`)
  if ('advance' in value) return literal(key, value.advance, speaker)
  if ('earlier' in value) return say(speaker, `原值与 ${length(speaker, value.earlier.plus)}之后的较早者`, `the earlier of itself and ${length(speaker, value.earlier.plus)} from now`)
  if ('pushed' in value) return say(speaker, `推送里的「${value.pushed}」`, `“${value.pushed}” as it was sent`)
  if ('onDuty' in value) return duty(value.onDuty, speaker)
  if ('role' in value) return roleName(value.role, speaker)
  if ('supervisor' in value) return say(speaker, '负责人的直属主管', 'the owner’s supervisor')
  return 'owner' in value ? say(speaker, '负责人', 'the owner') : say(speaker, '这条记录', 'the record')
}

function literal(key: string, value: string | number | boolean, speaker: Speaker): string {
  const field = speaker.ctx.metadata.objects.get(targetOf(speaker))?.field.get(key)
  if (typeof value === 'boolean') return value ? say(speaker, '是', 'yes') : say(speaker, '否', 'no')
  return (field?.dictionary && speaker.names.option?.(field.dictionary, String(value))) || String(value)
}

/** `{{name}}` reads as the field's name. */
const readable = (text: string, speaker: Speaker): string => text.replace(/\{\{pushed\.(\w+)\}\}/g, (_, name: string) => `〔${say(speaker, `推送里的「${name}」`, `“${name}” as it was sent`)}〕`).replace(/\{\{(\w+)\}\}/g, (_, key: string) => `〔${fieldName(speaker, targetOf(speaker), key)}〕`)

function recipient(to: Recipient, speaker: Speaker): string {
  if ('owner' in to) return say(speaker, '负责人', 'the owner')
  if ('supervisor' in to) return say(speaker, '直属主管', 'the supervisor')
  if ('onDuty' in to) return duty(to.onDuty, speaker)
  if ('field' in to) return fieldName(speaker, targetOf(speaker), to.field)
  if ('role' in to) return roleName(to.role, speaker)
  return speaker.names.member?.(to.member) ?? String(to.member)
}

const formName = (key: string, { ctx, lang }: Speaker): string => sourceName(ctx.metadata, key, lang)
const roleName = (role: string, { ctx, lang }: Speaker): string => ctx.metadata.roles.get(role)?.label[lang] ?? role

/** 「预约时间值班的护士长」 */
function duty({ object, duty: of, at }: OnDuty, speaker: Speaker): string {
  const key = speaker.ctx.metadata.objects.get(object)?.shift?.duty
  const dictionary = key === undefined ? undefined : speaker.ctx.metadata.objects.get(object)?.field.get(key)?.dictionary
  const name = of === undefined ? say(speaker, '人', 'whoever is') : ((dictionary && speaker.names.option?.(dictionary, of)) || of)
  const when = at === undefined ? say(speaker, '当时', 'then') : fieldName(speaker, targetOf(speaker), at)
  return say(speaker, `${when}值班的${name}`, `${name} on duty${at === undefined ? ' then' : ` at ${when}`}`)
}
