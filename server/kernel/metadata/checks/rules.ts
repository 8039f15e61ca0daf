import type { z } from 'zod'
import { actionsOn, isControl, stepsIn, type Action, type FieldKind, type Label, type Rule, type Trigger, type Value } from '#language/definitions'
import { isWorkingTime, nextCron, parseCron } from '#language/values'
import { type Finding, finding, findings, under } from './finding.ts'
import { checkOnDuty } from './duty.ts'
import { checkControl } from './flow.ts'
import { checkPushed } from './pushed.ts'
import { checkRecipients, checkSent, checkText } from './texts.ts'
import type { Reader } from './reader.ts'

/** A rule in whatever state: what it names exists. */
export function checkRule({ key, trigger, condition, actions, pilot }: Rule, reader: Reader): Finding[] {
  const unknown = reader.object('trigger.object', trigger.object)
  return unknown.length > 0 ? unknown : findings(
    checkTrigger(trigger, reader),
    (pilot?.teams ?? []).flatMap((team, i) => (reader.metadata.teams.has(team) ? [] : [finding(`pilot.teams.${i}`, '没有这个部门', 'There is no such team')])),
    trigger.on === 'ran' && trigger.rule === key && finding('trigger.rule', '规则不能接着自己执行', 'A rule cannot answer its own outcome'),
    // A deadline has no before: nothing changed at that moment.
    reader.condition('condition', trigger.object, condition, hasBefore(trigger) ? 'rule' : 'filter'),
    stepsIn(actions).flatMap((placed) => (isControl(placed.step) ? checkControl(placed.step, placed, { object: placed.each && placed.each !== placed.step ? placed.each.object : trigger.object, sent: sentBy(trigger), reader }) : checkAction(placed.step, { path: `actions.${placed.path}`, source: placed.each?.object ?? trigger.object, before: hasBefore(trigger) && !placed.waited && !placed.each, sent: sentBy(trigger), reader }))),
  )
}

/** What the engine cannot carry yet; such a rule may be stored, not switched on. */
export function checkCarried({ actions }: Rule): Finding[] {
  const missing = (path: string, zh: string, en: string) => finding(path, zh, en, 'RULE_NOT_SUPPORTED')
  return findings(
    actionsOn('', actions).flatMap(({ action, path }) => (action.do === 'message' ? [missing(`actions.${path}`, `渠道「${action.channel}」尚未接入，不能发送消息`, `the channel “${action.channel}” is not connected, so no message can be sent`)] : [])),
  )
}

const hasBefore = ({ on }: Trigger): boolean => on === 'created' || on === 'changed' || on === 'crossed' || on === 'tagged' || on === 'untagged'

function checkTrigger(trigger: Trigger, reader: Reader): Finding[] {
  switch (trigger.on) {
    case 'created': return trigger.form === undefined ? [] : checkTriggerForm(trigger.form, trigger.object, reader)
    case 'changed': return findings(
      (trigger.fields ?? []).flatMap((key, i) => reader.field(`trigger.fields.${i}`, trigger.object, key)),
      trigger.often && isWorkingTime(trigger.often.within) && finding('trigger.often.within', '这里按自然时间计算，不支持工作时间', 'It is counted by the clock, not in working time'))
    case 'restored': case 'deleted': return []
    case 'crossed': return reader.field('trigger.field', trigger.object, trigger.field, 'integer', 'decimal', 'money', 'percent')
    case 'pressed': return (trigger.roles ?? []).flatMap((role, i) => reader.role(`trigger.roles.${i}`, role))
    case 'ran': return checkRan(trigger, reader)
    case 'pushed': return checkPushed(trigger, reader)
    case 'tagged': case 'untagged': return reader.tag('trigger.tag', trigger.tag)
    case 'deadline': return findings(reader.field('trigger.field', trigger.object, trigger.field, 'datetime', 'date'), trigger.before === undefined ? [] : reader.field('trigger.before', trigger.object, trigger.before, 'integer'))
    case 'silence': return reader.field('trigger.since', trigger.object, trigger.since, 'datetime', 'date')
    case 'schedule': return findings(!comesEver(trigger.cron) && finding('trigger.cron', '写成「分 时 日 月 周」，例如每周一 9 点是 0 9 * * 1', 'Write “minute hour day month weekday”, e.g. 0 9 * * 1 for Mondays at 9'))
  }
}

/** It answers a rule about the same object; a yes or no only where there is something to answer. */
function checkRan({ rule, object, outcome }: Extract<Trigger, { on: 'ran' }>, { metadata }: Reader): Finding[] {
  const other = metadata.rules.get(rule)
  if (!other) return [finding('trigger.rule', `没有规则「${rule}」`, `There is no rule “${rule}”`)]
  const forks = stepsIn(other.actions).some(({ step, each }) => each === null && (step.do === 'branch' || step.do === 'waitUntil' || step.do === 'approve'))
  return findings(
    other.trigger.object !== object && finding('trigger.object', `「${other.label.zh}」处理的是另一种记录，只能接着同一种记录的规则执行`, `“${other.label.en}” is about other records; only rules about the same object can follow each other`),
    (outcome === 'yes' || outcome === 'no') && !forks && finding('trigger.outcome', `「${other.label.zh}」里没有「分情况」「等到条件满足」或「请求审批」，没有「是」「否」可等`, `“${other.label.en}” has no step that goes two ways`))
}

function comesEver(text: string): boolean {
  const cron = parseCron(text)
  return cron !== null && nextCron(cron, 0, 'Asia/Shanghai') !== null
}

function checkTriggerForm(key: string, object: string, { metadata }: Reader): Finding[] {
  const form = metadata.forms.get(key)
  if (!form) return [finding('trigger.form', `没有表单「${key}」`, `There is no form “${key}”`)]
  return findings(form.object !== object && finding('trigger.form', `表单「${key}」提交的是「${form.object}」`, `Form “${key}” makes records of “${form.object}”`))
}

/** One action: where it stands, among records of which object, whether they have a before, and the object of the record that it works on. */
interface Place { path: string; source: string; before: boolean; target: string; /** Names of what another system sends. */ sent: ReadonlySet<string>; reader: Reader }
const sentBy = (trigger: Trigger): ReadonlySet<string> => new Set(trigger.on === 'pushed' ? trigger.values.map(({ name }) => name) : [])
type One<K extends Action['do']> = Extract<Action, { do: K }>
type Written = z.infer<typeof Value>

function checkAction(action: Action, { path, source, before, sent, reader }: Omit<Place, 'target'>): Finding[] {
  const target = targetOf(action, source, reader)
  if (typeof target !== 'string') return under(path, target)
  const profile = action.via === undefined && before ? 'rule' : 'filter'
  return under(path, findings(
    action.if !== undefined && reader.condition('if', target, action.if, profile),
    checkOn(action, { path: '', source, before, target, sent, reader })))
}

function targetOf({ via, viaObject }: Action, object: string, reader: Reader): string | Finding[] {
  if (via === undefined) return viaObject === undefined ? object : [finding('viaObject', '没有说明经过哪个关联字段', 'It does not say by which reference')]
  const wrong = reader.field('via', object, via, 'reference', 'anyReference')
  const targets = reader.targetsOf(object, via)
  if (wrong.length > 0 || (viaObject !== undefined && targets.includes(viaObject))) return wrong.length > 0 ? wrong : viaObject!
  if (viaObject !== undefined) return [finding('viaObject', `字段「${via}」不指向「${viaObject}」`, `Field “${via}” does not point to “${viaObject}”`)]
  return targets.length === 1 ? targets[0]! : [finding('viaObject', `字段「${via}」可能指向多个对象，请说明是哪一个`, `Field “${via}” may point to several objects; say which one is meant`)]
}

function checkOn(action: Action, place: Place): Finding[] {
  const { target, reader } = place
  switch (action.do) {
    case 'set': return checkValues(action.values, target, place)
    case 'tag': return [...(action.add ?? []), ...(action.remove ?? [])].flatMap((key) => findings(reader.tag('', key), bySegment(key, reader)))
    case 'grade': return checkNamed({ path: 'grading', key: action.grading }, reader.metadata.gradings.get(action.grading), place)
    case 'assign': return checkNamed({ path: 'policy', key: action.policy }, reader.metadata.assignmentPolicies.get(action.policy), place)
    case 'create': return checkCreate(action, place)
    case 'updateChildren': return checkChildren(action, place)
    case 'notify': return checkNotify(action, place)
    case 'webhook': case 'message': case 'stop': return []
  }
}

function bySegment(key: string, { metadata }: Reader): Finding[] {
  const tag = metadata.tags.byKey.get(key)
  return findings(tag?.segment && finding('', `【${tag.label.zh}】是动态标签，按条件自动打上和去掉，规则不能改它`, `“${tag.label.en}” is a segment: its condition alone sets it and takes it away`))
}

function checkNamed({ path, key }: { path: string; key: string }, named: { object: string; label: Label } | undefined, { target, reader }: Place): Finding[] {
  if (!named) return [finding(path, `没有「${key}」`, `There is no “${key}”`)]
  const [of, on] = [named.object, target].map((object) => reader.objectOf(object)?.label ?? { zh: object, en: object })
  return findings(named.object !== target && finding(path, `「${named.label.zh}」用于「${of!.zh}」，不是「${on!.zh}」`, `“${named.label.en}” is about “${of!.en}”, not “${on!.en}”`))
}

function checkCreate({ object, values, unlessOpen }: One<'create'>, place: Place): Finding[] {
  const { reader, target } = place
  const needed = (reader.objectOf(object)?.fields ?? []).filter((each) => each.required && !each.retired && each.default === undefined && each.kind !== 'auto')
  return findings(
    reader.object('object', object),
    checkValues(values, object, place),
    needed.filter(({ key }) => !(key in values)).map(({ key, label }) => finding('values', `缺少必填字段「${label.zh}」（${key}）`, `The required field “${label.en}” (${key}) is missing`)),
    unlessOpen && findings(reader.referenceTo('unlessOpen.via', object, unlessOpen.via, target), reader.condition('unlessOpen.where', object, unlessOpen.where, 'filter')),
  )
}

const checkChildren = ({ object, childVia, where, values }: One<'updateChildren'>, place: Place): Finding[] =>
  findings(
    place.reader.object('object', object),
    place.reader.referenceTo('childVia', object, childVia, place.target),
    place.reader.condition('where', object, where, 'filter'),
    checkValues(values, object, place),
  )

const checkNotify = ({ to, title, body = '', latest }: One<'notify'>, { target, sent, reader }: Place): Finding[] =>
  findings(
    checkRecipients(to, target, reader),
    checkText('title', title, { target, sent, reader }),
    checkText('body', body, { target, sent, reader }),
    latest && findings(reader.object('latest.object', latest.object), reader.referenceTo('latest.via', latest.object, latest.via, target)),
  )

const checkValues = (values: Record<string, Written>, object: string, place: Place): Finding[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const unknown = place.reader.field(`values.${key}`, object, key)
    return unknown.length > 0 ? unknown : under(`values.${key}`, checkValue(value, { object, key }, place))
  })

/** A value and the field that it is for. `field` reads the triggering record, the others the target. */
function checkValue(value: Written, slot: { object: string; key: string }, { source, target, sent, reader }: Place): Finding[] {
  const fits = (what: string, ...kinds: (FieldKind | 'tags')[]) => reader.field('', slot.object, slot.key, ...kinds).map((each) => ({ ...each, path: what }))
  if (value === null) return []
  if (typeof value !== 'object') return reader.literal('', slot.object, slot.key, value)
  if ('text' in value) return findings(fits('text', 'text', 'long'), checkText('text', value.text, { target, sent, reader }))
  if ('pushed' in value) return checkSent('pushed', value.pushed, sent)
  if ('now' in value) return fits('now', ...MOMENTS)
  if ('earlier' in value) return findings(fits('earlier', ...MOMENTS), reader.field('earlier.field', target, value.earlier.field, ...MOMENTS))
  if ('record' in value) return reader.referenceTo('record', slot.object, slot.key, source)
  if ('owner' in value) return fits('owner', 'member')
  if ('supervisor' in value) return fits('supervisor', 'member')
  if ('onDuty' in value) return findings(fits('onDuty', 'member'), checkOnDuty(value.onDuty, target, reader))
  if ('role' in value) return findings(fits('role', 'member'), reader.role('role', value.role))
  if ('advance' in value) return findings(fits('advance', 'select'), reader.literal('advance', slot.object, slot.key, value.advance))
  if ('add' in value) return fits('add', 'integer', 'decimal', 'money', 'percent')
  return checkRead(value, slot, { source, reader })
}

const MOMENTS = ['datetime', 'date'] as const

function checkRead({ field, via, plus }: Extract<Written, { field: string }>, slot: { object: string; key: string }, { source: from, reader }: Pick<Place, 'source' | 'reader'>): Finding[] {
  const through = via === undefined ? [] : reader.field('via', from, via, 'reference', 'anyReference')
  if (through.length > 0) return through
  const sources = via === undefined ? [from] : reader.targetsOf(from, via)
  return sources.flatMap((source) => {
    const missing = reader.field('field', source, field, ...(plus === undefined ? [] : MOMENTS))
    return missing.length > 0 ? missing : checkFamilies(reader.metadata.fieldKind(source, field), reader.metadata.fieldKind(slot.object, slot.key), field)
  })
}

const FAMILIES: readonly (readonly string[])[] = [
  ['text', 'long', 'email', 'url', 'phone', 'region', 'select', 'auto'], ['integer', 'decimal', 'money', 'percent'], ['date', 'datetime'], ['reference', 'anyReference'],
]
const familyOf = (kind = ''): string => FAMILIES.find((each) => each.includes(kind))?.[0] ?? kind

const checkFamilies = (from: string | undefined, to: string | undefined, field: string): Finding[] =>
  findings(familyOf(from) !== familyOf(to) && finding('field', `「${field}」是 ${from} 类，不能写入 ${to} 类字段`, `“${field}” is of kind ${from} and cannot be written to a ${to} field`))
