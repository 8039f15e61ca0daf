import { ALWAYS, checkCondition, impossible, type Condition } from '#language/conditions'
import { actionsOn, type Action, type Value } from '#language/definitions'
import type { Metadata, PublishedRule } from '../types.ts'
import { type Finding, finding } from './finding.ts'

/** One thing that a rule writes. `steady`: writing it again changes nothing. `value`: what it will be, where the rule says so itself. */
interface Writing { object: string; what: 'field' | 'tag' | 'untag' | 'create' | 'ran'; key: string; steady: boolean; value?: string | number | boolean; also?: Readonly<Record<string, Value>> }
interface Link { from: PublishedRule; to: PublishedRule; by: Writing }

/** The engine ends a chain of rules after so many; a longer circle cannot come about. */
const LONGEST = 8

/**
 * Would this rule, switched on, set off a chain of rules that comes back to it and never settles? What only repeats itself settles: a tag that is there,
 * a field that has the value. Refused with the chain by name.
 */
export function checkCycles(rule: PublishedRule, metadata: Metadata): Finding[] {
  const circle = findCircle(rule, metadata)
  if (!circle) return []
  const name = (lang: 'zh' | 'en') => [...circle.map(({ from }) => from.label[lang]), rule.label[lang]].map((each) => (lang === 'zh' ? `「${each}」` : `“${each}”`)).join(' → ')
  const why = circle.find(({ by }) => !by.steady)?.by ?? circle[0]!.by
  return [finding('actions', `规则会循环：${name('zh')}，每一轮都会${wordsFor(why, metadata).zh}。请给其中一条加条件，或让它不理会其他规则引起的变化`, `The rules go round in a circle: ${name('en')}; each round ${wordsFor(why, metadata).en}. Narrow one of them, or let it ignore what other rules cause`)]
}

/** A way from the rule back to itself that does not settle. */
function findCircle(start: PublishedRule, metadata: Metadata): Link[] | null {
  const ways: Link[][] = linksFrom(metadata.rules.get(start.key) ?? start, metadata).map((link) => [link])
  for (let looked = 0; looked < ways.length && looked < WAYS; looked++) {
    const way = ways[looked]!
    const { to } = way.at(-1)!
    if (to.key === start.key) { if (!settles(way, metadata)) return way; continue }
    if (way.length >= LONGEST || way.some(({ from }) => from.key === to.key)) continue
    // Among very many rules that hear everything, ways that will not be looked at are not laid out (measured: 1 s and 1 GB for one of 333 rules).
    ways.push(...linksFrom(to, metadata).slice(0, Math.max(0, WAYS - ways.length)).map((link) => [...way, link]))
  }
  return null
}
/** The shortest come first; more than this are not looked at. */
const WAYS = 3_000

/** `ears`: active rules by what they may hear, in the order in which they stand. */
interface Known { ears: ReadonlyMap<string, readonly Ear[]>; links: Map<string, readonly Link[]> }
interface Ear { no: number; rule: PublishedRule }
const known = new WeakMap<Metadata, Known>()

/** Worked out once per epoch, and only where a circle is looked for. */
function linksFrom(from: PublishedRule, metadata: Metadata): readonly Link[] {
  const all = known.get(metadata) ?? { ears: earsOf(metadata), links: new Map<string, readonly Link[]>() }
  known.set(metadata, all)
  const links = all.links.get(from.key) ?? writingsOf(from, metadata).flatMap((by) => heardAs(by).flatMap((name) => all.ears.get(name) ?? []).sort((a, b) => a.no - b.no).filter(({ rule }) => hears(rule, by, metadata)).map(({ rule: to }): Link => ({ from, to, by })))
  all.links.set(from.key, links)
  return links
}

/** Among a thousand rules few hear one thing: looked up by its name. */
function earsOf({ rules }: Metadata): Known['ears'] {
  const active = [...rules.values()].filter(({ state }) => state === 'active')
  const ears = active.flatMap((rule, no) => listensFor(rule).map((name) => ({ name, ear: { no, rule } })))
  return new Map([...Map.groupBy(ears, ({ name }) => name)].map(([name, same]) => [name, same.map(({ ear }) => ear)]))
}

function listensFor({ trigger }: PublishedRule): string[] {
  switch (trigger.on) {
    case 'created': return [`${trigger.object} made`]
    case 'tagged': return [`${trigger.object} tagged ${trigger.tag}`]
    case 'ran': return [`${trigger.object} ran ${trigger.rule}`]
    case 'changed': return trigger.fields ? [...new Set(trigger.fields)].map((field) => `${trigger.object} in ${field}`) : [`${trigger.object} changed`]
    default: return []
  }
}

/** The names under which it is heard: each rule stands under one of them at most. */
function heardAs({ object, what, key }: Writing): string[] {
  if (what === 'create') return [`${object} made`]
  if (what === 'ran') return [`${object} ran ${key}`]
  return [`${object} changed`, `${object} in ${what === 'field' ? key : 'tags'}`, ...(what === 'tag' ? [`${object} tagged ${key}`] : [])]
}

/** It ends where a step of it would write what stands there already, and no rule of the circle writes anything else there. */
function settles(way: readonly Link[], metadata: Metadata): boolean {
  const all = way.flatMap(({ from }) => writingsOf(from, metadata))
  return way.some(({ by }) => by.steady && !all.some((other) => against(by, other)))
}

function against(a: Writing, b: Writing): boolean {
  if (a.object !== b.object || a.key !== b.key || a.what === 'create' || b.what === 'create' || a.what === 'ran' || b.what === 'ran') return false
  return a.what === 'field' ? b.what === 'field' && a.value !== b.value : b.what !== 'field' && a.what !== b.what
}

const writingsOf = (rule: PublishedRule, metadata: Metadata): Writing[] => [{ object: rule.trigger.object, what: 'ran', key: rule.key, steady: false }, ...deedsOf(rule, metadata)]
const deedsOf = (rule: PublishedRule, metadata: Metadata): Writing[] => actionsOn(rule.trigger.object, rule.actions).flatMap(({ action, object }) => written(action, targetOf(action, object, metadata), metadata))

function written(action: Action, object: string, { gradings }: Metadata): Writing[] {
  switch (action.do) {
    case 'set': return fields(object, action.values)
    case 'updateChildren': return fields(action.object, action.values)
    case 'tag': return [...(action.add ?? []).map((key): Writing => ({ object, what: 'tag', key, steady: true })), ...(action.remove ?? []).map((key): Writing => ({ object, what: 'untag', key, steady: true }))]
    case 'grade': return [{ object, what: 'field', key: gradings.get(action.grading)?.field ?? '', steady: true }]
    // The next one may come to somebody else.
    case 'assign': return [{ object, what: 'field', key: 'owner', steady: action.if !== undefined && JSON.stringify(action.if).includes('"owner"') }]
    case 'create': return [{ object: action.object, what: 'create', key: '', steady: action.unlessOpen !== undefined, also: action.values }]
    default: return []
  }
}

const fields = (object: string, values: Readonly<Record<string, Value>>): Writing[] =>
  Object.entries(values).map(([key, value]) => ({ object, what: 'field', key, steady: !moves(value), ...(isLiteral(value) && { value }) }))
const isLiteral = (value: Value): value is string | number | boolean => typeof value !== 'object'
/** Another value every time: the moment itself, or what stands there and a little more. */
const moves = (value: Value): boolean => typeof value === 'object' && value !== null && ('now' in value || 'add' in value || ('field' in value && value.plus !== undefined) || ('text' in value && value.text.includes('{{')))

function targetOf({ via, viaObject }: Action, object: string, { objects }: Metadata): string {
  const [to] = via === undefined ? [object] : [viaObject ?? objects.get(object)?.field.get(via)?.to].flat()
  return to ?? object
}

/** Deadlines come with time, and once for each instant: they make no circle. */
function hears({ trigger, condition }: PublishedRule, by: Writing, metadata: Metadata): boolean {
  if (trigger.object !== by.object || ('causes' in trigger && trigger.causes && !trigger.causes.includes('rule'))) return false
  switch (trigger.on) {
    case 'created': return by.what === 'create' && trigger.form === undefined && fitsWith(condition, trigger.object, by, metadata)
    case 'tagged': return by.what === 'tag' && by.key === trigger.tag
    case 'ran': return by.what === 'ran' && by.key === trigger.rule
    case 'changed': return by.what !== 'create' && by.what !== 'ran' && (trigger.fields === undefined || trigger.fields.includes(by.what === 'field' ? by.key : 'tags')) && fitsWith(condition, trigger.object, by, metadata)
    default: return false
  }
}

/** Can the condition hold for a record that has just been written so? */
function fitsWith(condition: Condition, object: string, { what, key, value, also = {} }: Writing, metadata: Metadata): boolean {
  const known = what === 'field' && value !== undefined ? { [key]: value } : Object.fromEntries(Object.entries(also).filter((entry): entry is [string, string | number | boolean] => isLiteral(entry[1])))
  const leaves = Object.entries(known).map(([field, is]): Condition => ({ field, op: 'eq', value: is }))
  const checked = checkCondition({ all: [condition, ...leaves, ALWAYS] }, metadata.conditionSchema(object), 'rule')
  return !checked.ok || impossible(checked.checked, { me: null, myTeams: [], now: SOME_TIME, zone: 'Asia/Shanghai', calendar: metadata.calendar }) === null
}
const SOME_TIME = new Date('2026-01-01T00:00:00Z')

function wordsFor({ object, what, key }: Writing, { objects }: Metadata): { zh: string; en: string } {
  const named = objects.get(object)
  const field = named?.field.get(key)?.label ?? { zh: key === 'owner' ? '负责人' : key, en: key }
  if (what === 'ran') return { zh: '接着再执行一次', en: 'sets the next one off again' }
  if (what === 'create') return { zh: `新建${named?.label.zh ?? object}`, en: `makes a ${named?.label.en ?? object}` }
  return what === 'field' ? { zh: `改「${field.zh}」`, en: `changes “${field.en}”` } : { zh: `打上或去掉标签「${key}」`, en: `adds or removes the tag “${key}”` }
}
