import type { z } from 'zod'
import type { Action, Rule, Trigger, Value } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'

/** A rule in whatever state: what it names exists. */
export function checkRule({ trigger, condition, actions }: Rule, reader: Reader): Finding[] {
  return findings(
    reader.object('trigger.object', trigger.object),
    checkTrigger(trigger, reader),
    // A deadline has no before: nothing changed at that moment.
    reader.condition('condition', trigger.object, condition, hasBefore(trigger) ? 'rule' : 'filter'),
    actions.flatMap((action, i) => checkAction(action, { path: `actions.${i}`, trigger, reader })),
  )
}

/** What the engine cannot carry yet; such a rule may be stored, not switched on. */
export function checkCarried({ trigger, actions }: Rule): Finding[] {
  const missing = (path: string, zh: string, en: string) => finding(path, zh, en, 'RULE_NOT_SUPPORTED')
  return findings(
    trigger.on === 'schedule' && missing('trigger', '尚不支持「定时」触发', 'the trigger “schedule” is not carried yet'),
    trigger.on === 'silence' && missing('trigger', '尚不支持「长时间无动作」触发', 'the trigger “silence” is not carried yet'),
    actions.flatMap((action, i) => (action.do === 'message' ? [missing(`actions.${i}`, `渠道「${action.channel}」尚未接入，不能发送消息`, `the channel “${action.channel}” is not connected, so no message can be sent`)] : [])),
  )
}

const hasBefore = ({ on }: Trigger): boolean => on === 'created' || on === 'changed' || on === 'tagged'

function checkTrigger(trigger: Trigger, reader: Reader): Finding[] {
  switch (trigger.on) {
    case 'created': return trigger.form === undefined ? [] : checkTriggerForm(trigger.form, trigger.object, reader)
    case 'changed': return (trigger.fields ?? []).flatMap((key, i) => reader.field(`trigger.fields.${i}`, trigger.object, key))
    case 'tagged': return reader.tag('trigger.tag', trigger.tag)
    case 'deadline': return reader.field('trigger.field', trigger.object, trigger.field, 'datetime', 'date')
    case 'silence': return reader.field('trigger.since', trigger.object, trigger.since, 'datetime', 'date')
    case 'schedule': return []
  }
}

function checkTriggerForm(key: string, object: string, { metadata }: Reader): Finding[] {
  const form = metadata.forms.get(key)
  if (!form) return [finding('trigger.form', `没有表单「${key}」`, `There is no form “${key}”`)]
  return findings(form.object !== object && finding('trigger.form', `表单「${key}」提交的是「${form.object}」`, `Form “${key}” makes records of “${form.object}”`))
}

interface Place { path: string; trigger: Trigger; reader: Reader }
type One<K extends Action['do']> = Extract<Action, { do: K }>

function checkAction(action: Action, place: Place): Finding[] {
  const { path, trigger: { object }, reader } = place
  const guard = action.if === undefined ? [] : reader.condition(`${path}.if`, object, action.if, hasBefore(place.trigger) ? 'rule' : 'filter')
  const via = action.via === undefined ? [] : reader.field(`${path}.via`, object, action.via, 'reference', 'anyReference')
  if (via.length > 0) return findings(guard, via)
  const targets = action.via === undefined ? [object] : reader.targetsOf(object, action.via)
  return findings(guard, targets.flatMap((target) => checkOn(action, target, place)))
}

function checkOn(action: Action, target: string, place: Place): Finding[] {
  const { path, reader } = place
  switch (action.do) {
    case 'set': return checkValues(action.values, target, place)
    case 'tag': return [...(action.add ?? []), ...(action.remove ?? [])].flatMap((key) => reader.tag(path, key))
    case 'grade': return checkNamed(`${path}.grading`, reader.metadata.gradings.get(action.grading), action.grading, target)
    case 'assign': return checkNamed(`${path}.policy`, reader.metadata.assignmentPolicies.get(action.policy), action.policy, target)
    case 'create': return checkCreate(action, place)
    case 'updateChildren': return checkChildren(action, target, place)
    case 'notify': return checkNotify(action, target, place)
    case 'webhook': case 'message': return []
  }
}

function checkNamed(path: string, named: { object: string } | undefined, key: string, target: string): Finding[] {
  if (!named) return [finding(path, `没有「${key}」`, `There is no “${key}”`)]
  return findings(named.object !== target && finding(path, `「${key}」用于「${named.object}」，不是「${target}」`, `“${key}” is about “${named.object}”, not “${target}”`))
}

function checkCreate({ object, values, unlessOpen }: One<'create'>, place: Place): Finding[] {
  const { path, reader } = place
  const needed = (reader.objectOf(object)?.fields ?? []).filter((each) => each.required && !each.retired && each.default === undefined && each.kind !== 'auto')
  return findings(
    reader.object(`${path}.object`, object),
    checkValues(values, object, place),
    needed.filter(({ key }) => !(key in values)).map(({ key, label }) => finding(`${path}.values`, `缺少必填字段「${label.zh}」（${key}）`, `The required field “${label.en}” (${key}) is missing`)),
    unlessOpen && findings(reader.field(`${path}.unlessOpen.via`, object, unlessOpen.via, 'reference', 'anyReference'), reader.condition(`${path}.unlessOpen.where`, object, unlessOpen.where, 'filter')),
  )
}

const checkChildren = ({ object, childVia, where, values }: One<'updateChildren'>, target: string, place: Place): Finding[] =>
  findings(
    place.reader.object(`${place.path}.object`, object),
    place.reader.referenceTo(`${place.path}.childVia`, object, childVia, target),
    place.reader.condition(`${place.path}.where`, object, where, 'filter'),
    checkValues(values, object, place),
  )

const checkNotify = ({ to, title, body = '', latest }: One<'notify'>, target: string, { path, reader }: Place): Finding[] =>
  findings(
    to.flatMap((each, i) => ('role' in each ? reader.role(`${path}.to.${i}.role`, each.role) : [])),
    checkPlaceholders(`${path}.title`, title, target, reader),
    checkPlaceholders(`${path}.body`, body, target, reader),
    latest && findings(reader.object(`${path}.latest.object`, latest.object), reader.referenceTo(`${path}.latest.via`, latest.object, latest.via, target)),
  )

const checkPlaceholders = (path: string, text: string, object: string, reader: Reader): Finding[] =>
  [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].flatMap(([, key]) => reader.field(path, object, key!.split('.')[0]!))

const checkValues = (values: Record<string, z.infer<typeof Value>>, target: string, place: Place): Finding[] =>
  Object.entries(values).flatMap(([key, value]) => findings(place.reader.field(`${place.path}.values.${key}`, target, key), checkValue(value, key, target, place)))

function checkValue(value: z.infer<typeof Value>, key: string, target: string, { path, trigger, reader }: Place): Finding[] {
  const at = `${path}.values.${key}`
  if (value === null) return []
  if (typeof value !== 'object') return reader.literal(at, target, key, value)
  if ('field' in value) return value.via === undefined ? reader.field(at, trigger.object, value.field) : checkVia(at, trigger.object, { ...value, via: value.via }, reader)
  if ('earlier' in value) return reader.field(`${at}.earlier`, target, value.earlier.field, 'datetime', 'date')
  return 'text' in value ? checkPlaceholders(at, value.text, trigger.object, reader) : []
}

const checkVia = (path: string, object: string, { field, via }: { field: string; via: string }, reader: Reader): Finding[] =>
  findings(reader.field(`${path}.via`, object, via, 'reference', 'anyReference'), reader.targetsOf(object, via).flatMap((target) => reader.field(path, target, field)))
