import { happeningOf, isControl, readHappening, writeHappening, type Action, type Control, type Recipient, type Rule, type Step, type Trigger, type Value } from '#language/definitions'
import type { Condition } from '#language/conditions'
import { formatDuration, formatSchedule, withArticles } from '#language/values'
import type { Catalogue } from '../../api/catalogue.ts'
import { label, lang, t, type WordKey } from '../../i18n/index.ts'
import { isAlways, read } from '../conditions/sentence.ts'
import { textOf } from '../records/value.tsx'
import { dutyText } from './duty.ts'

/** What a rule's parts are called; the words of a sentence, without its joints. */
export interface Speaker { catalogue: Catalogue; policies: ReadonlyMap<string, string>; /** Names of other rules, where they may be known. */ rules: ReadonlyMap<string, string> }

const objectName = ({ catalogue }: Speaker, key: string): string => label(catalogue.object(key)?.label) || key
const fieldName = ({ catalogue }: Speaker, object: string, key: string): string => label(catalogue.object(object)?.field.get(key)?.label) || key
const tagNames = ({ catalogue }: Speaker, tags: readonly string[]): string => tags.map((tag) => t('rules.tagName', { name: label(catalogue.tag(tag)?.label) || tag })).join('')
const length = (duration: string): string => formatDuration(duration, lang())

/** When a rule works, with the kinds of events where it answers events. */
export function whenText(speaker: Speaker, rule: Pick<Rule, 'trigger' | 'condition'>): string {
  const object = speaker.catalogue.object(rule.trigger.object)
  const happening = readHappening(object, rule)
  if (!happening) return triggerText(speaker, rule.trigger)
  const dictionary = object?.field.get(object.title)?.dictionary
  const kinds = happening.kinds.map((kind) => label(speaker.catalogue.option(dictionary, kind)?.label) || kind).join(t('rules.orKind'))
  return spoken(t(kinds ? 'rules.saysHappened' : 'rules.saysHappens', { object: objectName(speaker, rule.trigger.object), kinds }))
}

/** What must hold then, beside the kinds of events. */
export const restOf = ({ catalogue }: Speaker, rule: Pick<Rule, 'trigger' | 'condition'>): Condition => readHappening(catalogue.object(rule.trigger.object), rule)?.rest ?? rule.condition
export function withRest({ catalogue }: Speaker, rule: Pick<Rule, 'trigger' | 'condition'>, rest: Condition): Condition {
  const object = catalogue.object(rule.trigger.object)
  const [field, happening] = [happeningOf(object), readHappening(object, rule)]
  return field && happening ? writeHappening(field, { ...happening, rest }) : rest
}

const triggerText = (speaker: Speaker, on: Trigger): string => spoken(triggerWords(speaker, on))
const spoken = (text: string): string => (lang() === 'en' ? withArticles(text) : text)

function triggerWords(speaker: Speaker, on: Trigger): string {
  const object = objectName(speaker, on.object)
  switch (on.on) {
    case 'created': { const form = on.form && speaker.catalogue.forms.find(({ key }) => key === on.form); return form ? t('rules.saysForm', { form: label(form.label), object }) : t('rules.saysCreated', { object }) }
    case 'changed': return changedText(speaker, on) + (on.often ? t('rules.saysOften', { times: String(on.often.times), length: length(on.often.within) }) : '')
    case 'tagged': return t('rules.saysTagged', { object, tag: tagNames(speaker, [on.tag]) })
    case 'untagged': return t('rules.saysUntagged', { object, tag: tagNames(speaker, [on.tag]) })
    case 'restored': return t('rules.saysRestored', { object })
    case 'deleted': return t('rules.saysDeleted', { object })
    case 'crossed': return t(on.way === 'below' ? 'rules.saysBelow' : 'rules.saysAbove', { object, field: fieldName(speaker, on.object, on.field), value: on.value })
    case 'pressed': return t('rules.saysPressed', { object })
    case 'pushed': return t('rules.saysPushed', { object })
    case 'ran': return t(`rules.saysRan_${on.outcome}`, { rule: speaker.rules.get(on.rule) ?? (on.rule || '…') })
    case 'deadline': return deadlineText(speaker, on)
    case 'schedule': return t('rules.saysSchedule', { cron: formatSchedule(on.cron, lang()) + (on.workingDays ? t('rules.onWorkingDays') : ''), object })
    case 'silence': return t('rules.saysSilence', { object, field: fieldName(speaker, on.object, on.since), length: length(on.for) })
  }
}

function deadlineText(speaker: Speaker, on: Extract<Trigger, { on: 'deadline' }>): string {
  const [object, field] = [objectName(speaker, on.object), fieldName(speaker, on.object, on.field)]
  const earlier = on.before ? t('rules.saysEarlier', { field: fieldName(speaker, on.object, on.before) }) : ''
  return (on.after ? t('rules.saysDeadlineAfter', { object, field, length: length(on.after) }) : t('rules.saysDeadline', { object, field })) + earlier
}

function changedText(speaker: Speaker, on: Extract<Trigger, { on: 'changed' }>): string {
  const object = objectName(speaker, on.object)
  return on.fields ? t('rules.saysChanged', { object, fields: on.fields.map((key) => fieldName(speaker, on.object, key)).join(t('common.listGap')) }) : t('rules.saysAnyChange', { object })
}

/** The top of the condition in its parts, so that each can be pressed. */
export function conditionParts(speaker: Speaker, object: string, condition: Condition): string[] {
  if (isAlways(condition)) return []
  const parts = 'all' in condition ? condition.all : [condition]
  return parts.map((part) => { const reading = read(speaker.catalogue, object, part, 'rule'); return reading.ok ? ('any' in part && parts.length > 1 ? t('rules.group', { text: reading.sentence }) : reading.sentence) : t('rules.unfinished') })
}

/** The object that an action works on. */
export function targetOf(catalogue: Catalogue, object: string, action: { via?: string | undefined; viaObject?: string | undefined }): string {
  if (!action.via) return object
  const to = catalogue.object(object)?.field.get(action.via)?.to
  return action.viaObject ?? (typeof to === 'string' && to !== '*' ? to : object)
}

export function actionText(speaker: Speaker, object: string, action: Action): string {
  const target = targetOf(speaker.catalogue, object, action)
  const on = target === object ? '' : t('rules.onTarget', { object: objectName(speaker, target) })
  return on + deed(speaker, object, target, action)
}

function deed(speaker: Speaker, object: string, target: string, action: Action): string {
  switch (action.do) {
    case 'set': return t('rules.doesSet', { what: assigned(speaker, object, target, action.values) })
    case 'tag': return [action.add?.length ? t('rules.doesTag', { tags: tagNames(speaker, action.add) }) : '', action.remove?.length ? t('rules.doesUntag', { tags: tagNames(speaker, action.remove) }) : ''].filter(Boolean).join(t('common.listGap')) || t('rules.doesTag', { tags: '…' })
    case 'grade': return t('rules.doesGrade', { name: label(speaker.catalogue.gradings.find(({ key }) => key === action.grading)?.label) || action.grading })
    case 'assign': return t('rules.doesAssign', { name: speaker.policies.get(action.policy) ?? action.policy })
    case 'create': return spoken(t('rules.doesCreate', { object: objectName(speaker, action.object), title: titleOf(speaker, target, action.object, action.values) }))
    case 'updateChildren': return t('rules.doesUpdate', { object: objectName(speaker, action.object), what: assigned(speaker, object, action.object, action.values) })
    case 'notify': return t('rules.doesNotify', { who: action.to.map((to) => recipientText(speaker, to, target)).join(t('common.listGap')), title: readable(speaker, target, action.title) })
    case 'webhook': return t('rules.doesWebhook', { host: hostOf(action.url) })
    case 'stop': return t('rules.doesStop')
    case 'message': return t('rules.doesMessage', { channel: channelName(action.channel) })
  }
}

/** 「若 …，」: what must hold for this action alone; empty where nothing must. */
export function guardText(speaker: Speaker, object: string, step: Step): string {
  if (isControl(step) || !step.if || isAlways(step.if)) return ''
  const reading = read(speaker.catalogue, targetOf(speaker.catalogue, object, step), step.if, 'filter')
  return t('rules.guard', { text: reading.ok ? reading.sentence : t('rules.unfinished') })
}

/** One step as it stands in a list; what stands inside it is said elsewhere. */
export const stepText = (speaker: Speaker, object: string, step: Step): string => (isControl(step) ? controlText(speaker, object, step) : actionText(speaker, object, step))

function controlText(speaker: Speaker, object: string, step: Control): string {
  switch (step.do) {
    case 'wait': return t('rules.waits', { length: length(step.for) })
    case 'waitClock': return t(step.workingDays ? 'rules.waitsWorkClock' : 'rules.waitsClock', { time: step.at })
    case 'waitUntil': return t('rules.waitsUntil', { met: metText(speaker, object, step.until), length: length(step.atMost) })
    case 'approve': return t('rules.asks', { who: step.to.map((to) => recipientText(speaker, to, object)).join(t('common.listGap')), title: readable(speaker, object, step.title), length: length(step.atMost) })
    case 'parallel': return t(`rules.sides_${step.join}`, { n: String(step.branches.length) })
    case 'branch': return t('rules.branches', { met: metText(speaker, object, step.condition) })
    case 'forEach': return t('rules.forEach', { object: objectName(speaker, step.object), which: isAlways(step.where) ? '' : t('rules.group', { text: metText(speaker, step.object, step.where) }) })
  }
}

export const lengthText = length

/** A condition in a step: of the record as it then stands. */
export function metText(speaker: Speaker, object: string, condition: Condition): string {
  if (isAlways(condition)) return t('rules.saysWhat')
  const reading = read(speaker.catalogue, object, condition, 'filter')
  return reading.ok ? reading.sentence : t('rules.unfinished')
}

const ROUND = ['①', '②', '③', '④', '⑤']

/** Steps on one line; what only happens in one case stands in brackets. */
export function flowText(speaker: Speaker, object: string, steps: readonly Step[]): string {
  if (steps.length === 0) return t('rules.doesNothing')
  return steps.map((step) => {
    const text = guardText(speaker, object, step) + stepText(speaker, object, step)
    if (step.do === 'branch') return t('rules.lineBranch', { text, yes: flowText(speaker, object, step.yes), no: flowText(speaker, object, step.no) })
    if (step.do === 'approve') return t('rules.lineApprove', { text, yes: flowText(speaker, object, step.yes), no: flowText(speaker, object, step.no), late: flowText(speaker, object, step.late) })
    if (step.do === 'waitUntil') return t('rules.lineUntil', { text, yes: flowText(speaker, object, step.yes), no: flowText(speaker, object, step.no) })
    if (step.do === 'parallel') return t(`rules.lineSides_${step.join}`, { branches: step.branches.map((each, at) => `${ROUND[at]} ${flowText(speaker, object, each)}`).join(t('rules.sideGap')) })
    return step.do === 'forEach' ? t('rules.lineEach', { text, steps: flowText(speaker, step.object, step.steps) }) : text
  }).join(t('common.comma'))
}

const isAdvance = (value: Value): boolean => typeof value === 'object' && value !== null && 'advance' in value
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '…')
const assigned = (speaker: Speaker, object: string, target: string, values: Record<string, Value>): string =>
  Object.entries(values).map(([key, value]) => t(isAdvance(value) ? 'rules.advanced' : 'rules.assigned', { field: fieldName(speaker, target, key), value: valueText(speaker, object, target, key, value) })).join(t('common.listGap')) || '…'

/** Texts read the record that the action works on, not the new one. */
function titleOf(speaker: Speaker, target: string, object: string, values: Record<string, Value>): string {
  const key = speaker.catalogue.object(object)?.title ?? ''
  const title = values[key]
  const dictionary = speaker.catalogue.object(object)?.field.get(key)?.dictionary
  if (typeof title === 'string') return t('common.quote', { text: (dictionary && label(speaker.catalogue.option(dictionary, title)?.label)) || title })
  return title && typeof title === 'object' && 'text' in title ? t('common.quote', { text: readable(speaker, target, title.text) }) : ''
}

/** `{{name}}` reads as the field's name. */
const readable = (speaker: Speaker, object: string, text: string): string => text.replace(/\{\{pushed\.(\w+)\}\}/g, (_, name: string) => t('rules.slot', { name: t('rules.thePushed', { name }) })).replace(/\{\{(\w+)\}\}/g, (_, key: string) => t('rules.slot', { name: fieldName(speaker, object, key) }))

export function valueText(speaker: Speaker, object: string, target: string, key: string, value: Value): string {
  const field = speaker.catalogue.object(target)?.field.get(key)
  if (value === null) return t('rules.valueEmpty')
  if (typeof value !== 'object') return field ? textOf(speaker.catalogue, field, value, {}) : String(value)
  if ('text' in value) return t('common.quote', { text: readable(speaker, target, value.text) })
  if ('field' in value) return fieldName(speaker, object, value.field) + (value.plus ? t('rules.later', { length: length(value.plus) }) : '')
  if ('now' in value) return value.plus ? t('rules.nowLater', { length: length(value.plus) }) : t('rules.now')
  if ('add' in value) return t(value.add < 0 ? 'rules.less' : 'rules.more', { n: String(Math.abs(value.add)) })
  if ('advance' in value) return value.advance === '' ? '…' : field ? textOf(speaker.catalogue, field, value.advance, {}) : value.advance
  if ('earlier' in value) return t('rules.earlierOf', { field: fieldName(speaker, target, value.earlier.field), length: length(value.earlier.plus) })
  if ('supervisor' in value) return t('rules.theSupervisor')
  if ('pushed' in value) return t('rules.thePushed', { name: value.pushed })
  if ('onDuty' in value) return dutyText(speaker.catalogue, target, value.onDuty)
  if ('role' in value) return roleText(speaker, value.role)
  return t('owner' in value ? 'rules.theOwner' : 'rules.theRecord')
}

const roleText = ({ catalogue }: Speaker, role: string): string => label(catalogue.role(role)?.label) || role

export function recipientText(speaker: Speaker, to: Recipient, target: string): string {
  const { catalogue } = speaker
  if ('owner' in to) return t('rules.theOwner')
  if ('supervisor' in to) return t('rules.theSupervisor')
  if ('onDuty' in to) return dutyText(catalogue, target, to.onDuty)
  if ('field' in to) return fieldName(speaker, target, to.field)
  return 'role' in to ? roleText(speaker, to.role) : (catalogue.member(to.member)?.name ?? t('common.unknownMember'))
}

/** The whole rule on one line, for lists. */
export function ruleText(speaker: Speaker, rule: Rule): string {
  const object = rule.trigger.object
  const conditions = conditionParts(speaker, object, rule.condition)
  const when = t('rules.when') + triggerText(speaker, rule.trigger)
  const only = conditions.length ? t('common.comma') + t('rules.if') + conditions.join(t('rules.andGap')) : ''
  return `${when}${only}${t('common.comma')}${t('rules.deeds')}${flowText(speaker, object, rule.actions)}`
}

/** A channel that nobody has named yet is called by its key. */
export function channelName(channel: string): string {
  const word = t(`rules.channel_${channel}` as WordKey)
  return word.startsWith('rules.') ? channel : word
}
