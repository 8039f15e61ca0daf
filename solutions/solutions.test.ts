import { describe, expect, test } from 'vitest'
import { checkCondition, schemaOf, toSentence, type Checked, type Condition, type ConditionSchema, type Profile, type SentenceNames } from '#language/conditions'
import { actionsOn, BASE_FIELDS, Solution, type Action, type ObjectDefinition, type Rule } from '#language/definitions'
import { parsePhone } from '#language/values'
import { existsSync } from 'node:fs'
import { loadCompany, loadSolution, solutionFile, SOLUTION_KEYS, type SolutionKey } from './index.ts'

/** Every condition of a solution with the object it judges and where it stands. */
interface Found { where: string; object: string; condition: Condition; profile: Profile }

class Book {
  readonly key: SolutionKey
  readonly solution: Solution
  readonly objects: Map<string, ObjectDefinition>
  constructor(key: SolutionKey) {
    this.key = key
    this.solution = loadSolution(key)
    this.objects = new Map(this.solution.object.map((each) => [each.key, each]))
  }

  schema(object: string): ConditionSchema {
    return schemaOf(object, { objects: this.solution.object, dictionaries: this.solution.dictionary, tags: this.solution.tag.map(({ key }, id) => ({ id: id + 1, key })) })
  }

  has = (object: string, field: string): boolean => Object.hasOwn(BASE_FIELDS, field) || (this.objects.get(object)?.fields.some(({ key }) => key === field) ?? false)
  options = (dictionary: string): string[] => this.solution.dictionary.find(({ key }) => key === dictionary)?.options.map(({ key }) => key) ?? []

  /** The object an action works on: `viaObject`, else the only object that `via` points to. */
  target(rule: Rule, { via, viaObject }: Action): string {
    if (via === undefined) return rule.trigger.object
    const to = this.objects.get(rule.trigger.object)!.fields.find(({ key }) => key === via)?.to
    return viaObject ?? (typeof to === 'string' && to !== '*' ? to : '?')
  }

  conditions(): Found[] {
    const s = this.solution
    return [
      ...s.object.flatMap(({ key, load, open, fields }) => [
        ...(load ? [{ where: `${key}.load`, object: key, condition: load.while, profile: 'field-check' as const }] : []),
        ...(open ? [{ where: `${key}.open`, object: key, condition: open, profile: 'field-check' as const }] : []),
        ...fields.flatMap((field) => (field.check ? [{ where: `${key}.${field.key}`, object: key, condition: field.check.condition, profile: 'field-check' as const }] : [])),
      ]),
      ...s.grading.flatMap(({ key, object, levels }) => levels.map(({ condition }, i) => ({ where: `${key}.${i}`, object, condition, profile: 'filter' as const }))),
      ...s.assignmentPolicy.flatMap(({ key, object, exclusions }) => exclusions.map(({ when }, i) => ({ where: `${key}.${i}`, object, condition: when, profile: 'filter' as const }))),
      ...s.policy.flatMap(({ key, object, when }) => (when ? [{ where: key, object, condition: when, profile: 'filter' as const }] : [])),
      ...s.view.map(({ key, object, filter }) => ({ where: key, object, condition: filter, profile: 'filter' as const })),
      ...s.dashboard.flatMap(({ key, tiles }) => tiles.map((tile) => ({ where: `${key}.${tile.key}`, object: tile.object, condition: tile.filter, profile: 'filter' as const }))),
      ...s.rule.flatMap((rule) => [
        { where: rule.key, object: rule.trigger.object, condition: rule.condition, profile: rule.trigger.on === 'changed' || rule.trigger.on === 'created' || rule.trigger.on === 'tagged' ? 'rule' as const : 'filter' as const },
        ...actionsOn(rule.trigger.object, rule.actions).flatMap(({ action, object, path }) => this.inAction(onObject(rule, object), action, `${rule.key}.${path}`)),
      ]),
    ]
  }

  private inAction(rule: Rule, action: Action, where: string): Found[] {
    const filter = (object: string, condition: Condition | undefined): Found[] => (condition === undefined ? [] : [{ where, object, condition, profile: 'filter' }])
    return [
      ...filter(this.target(rule, action), action.if),
      ...(action.do === 'updateChildren' ? filter(action.object, action.where) : []),
      ...(action.do === 'create' && action.unlessOpen ? filter(action.object, action.unlessOpen.where) : []),
    ]
  }

  checked({ object, condition, profile }: Found): Checked {
    const result = checkCondition(condition, this.schema(object), profile)
    if (!result.ok) throw new Error(result.problems.map(({ path, en }) => `${path}: ${en}`).join('; '))
    return result.checked
  }

  names(lang: 'zh' | 'en'): SentenceNames {
    const dictionary = (key: string) => this.solution.dictionary.find((each) => each.key === key)
    return {
      field: (object, key) => (BASE_FIELDS as Record<string, { label: { zh: string; en: string } }>)[key]?.label[lang] ?? this.objects.get(object)?.fields.find((each) => each.key === key)?.label[lang],
      object: (key) => this.objects.get(key)?.label[lang],
      option: (of, key) => dictionary(of)?.options.find((each) => each.key === key)?.label[lang],
      tag: (key) => this.solution.tag.find((each) => each.key === key)?.label[lang],
    }
  }
}

/** Placeholders of a text, as field keys. */
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, key]) => key!)
const repeated = (keys: readonly string[]): string[] => keys.filter((key, i) => keys.indexOf(key) !== i)
const KINDS = ['dictionary', 'object', 'tag', 'role', 'grading', 'assignmentPolicy', 'form', 'rule', 'view'] as const

/** What does not refer to anything, as `where: what`; empty when all is well. */
class Gaps {
  readonly found: string[] = []
  readonly #book: Book
  constructor(book: Book) { this.#book = book }
  check(ok: boolean, where: string): void { if (!ok) this.found.push(where) }
  field(object: string, field: string | undefined, where: string): void { this.check(field === undefined || this.#book.has(object, field), `${where}: ${object}.${field}`) }
  named(kind: (typeof KINDS)[number], key: string, where: string): void { this.check(this.#book.solution[kind].some((each) => each.key === key), `${where}: ${kind} ${key}`) }
  option(object: string, field: string, value: unknown, where: string): void {
    const dictionary = this.#book.objects.get(object)?.fields.find(({ key }) => key === field)?.dictionary
    this.check(dictionary === undefined || typeof value !== 'string' || this.#book.options(dictionary).includes(value), `${where}: ${field} ${String(value)}`)
  }
  text(text: string, object: string, where: string): void { for (const field of placeholders(text)) this.field(object, field, where) }
}

function gapsOfObjects(book: Book): string[] {
  const gaps = new Gaps(book)
  for (const { key: object, fields, title, subtitle = [], timeline = [], scopeVia, activity } of book.solution.object) {
    gaps.check(fields.filter(({ sortable }) => sortable).length <= 20 && fields.filter(({ searchable }) => searchable).length <= 8, `${object}: too many indexes`)
    for (const named of [title, ...subtitle, ...timeline, scopeVia, activity?.subject, activity?.nextAt, activity?.result]) gaps.field(object, named, object)
    for (const field of fields) {
      const where = `${object}.${field.key}`
      gaps.check(!Object.hasOwn(BASE_FIELDS, field.key), `${where} is a base field`)
      if (field.dictionary !== undefined) gaps.named('dictionary', field.dictionary, where)
      if (field.default !== undefined) gaps.option(object, field.key, field.default, where)
      for (const to of [field.to ?? []].flat()) if (to !== '*') gaps.named('object', to, where)
    }
  }
  return gaps.found
}

function gapsOfSettings(book: Book): string[] {
  const gaps = new Gaps(book)
  const { dictionary, role, assignmentPolicy, view } = book.solution
  for (const { key, options } of dictionary) for (const { parent } of options) gaps.check(parent === undefined || options.some((option) => option.key === parent), `${key}: ${parent}`)
  for (const { key, objects } of role) for (const [object, { fields = {} }] of Object.entries(objects)) {
    gaps.named('object', object, key)
    for (const field of Object.keys(fields)) gaps.field(object, field, key)
  }
  for (const { key, object, skillField, regionField, roles, fallback, exclusions } of assignmentPolicy) {
    for (const field of [skillField, regionField]) gaps.field(object, field, key)
    for (const each of [...roles, fallback.alertRole]) gaps.named('role', each, key)
    for (const { lacks } of exclusions) gaps.option(object, skillField, lacks, key)
  }
  for (const { key, object, columns, sort } of view) for (const field of [...columns, ...sort.map((each) => each.field)]) gaps.field(object, field, key)
  return gaps.found
}

function gapsOfForms(book: Book): string[] {
  const gaps = new Gaps(book)
  for (const form of book.solution.form) {
    const own = [...form.fields.flatMap(({ field, upper }) => [field, upper]), form.identity.field, ...Object.keys(form.constants), ...Object.values(form.context), form.reopen?.field, form.open?.field]
    for (const field of own) gaps.field(form.object, field, form.key)
    for (const { object, field, into } of form.existing) { gaps.field(object, field, form.key); gaps.field(form.object, into, form.key) }
    const { object, ...fields } = form.behaviour ?? { object: form.object }
    for (const field of Object.values(fields)) gaps.field(object, field, form.key)
    for (const { file } of form.materials ?? []) gaps.check(existsSync(solutionFile(book.key, file) ?? ''), `${form.key}: ${file}`)
  }
  return gaps.found
}

/** As if its records were those that the steps are repeated on. */
const onObject = (rule: Rule, object: string): Rule => ({ ...rule, trigger: { ...rule.trigger, object } })

function gapsOfRule(book: Book, rule: Rule): string[] {
  const gaps = new Gaps(book)
  gaps.named('object', rule.trigger.object, rule.key)
  for (const { action, object, path } of actionsOn(rule.trigger.object, rule.actions)) gapsOfAction(book, gaps, { rule: onObject(rule, object), action, where: `${rule.key}.${path}` })
  return gaps.found
}

function gapsOfAction(book: Book, gaps: Gaps, { rule, action, where }: { rule: Rule; action: Action; where: string }): void {
  const target = book.target(rule, action)
  if (action.do !== 'message') gaps.named('object', target, where)
  switch (action.do) {
    case 'set': return gapsOfValues(gaps, action.values, { object: target, target, rule, where })
    case 'create': return gapsOfValues(gaps, action.values, { object: action.object, target, rule, where })
    case 'updateChildren': gaps.field(action.object, action.childVia, where); return gapsOfValues(gaps, action.values, { object: action.object, target, rule, where })
    case 'tag': for (const tag of [...(action.add ?? []), ...(action.remove ?? [])]) gaps.named('tag', tag, where); return
    case 'grade': return gaps.check(book.solution.grading.find(({ key }) => key === action.grading)?.object === target, `${where}: ${action.grading}`)
    case 'assign': return gaps.check(book.solution.assignmentPolicy.find(({ key }) => key === action.policy)?.object === target, `${where}: ${action.policy}`)
    case 'notify': gaps.text(`${action.title} ${action.body ?? ''}`, target, where); for (const to of action.to) if ('role' in to) gaps.named('role', to.role, where); return
    case 'webhook': case 'message': case 'stop':
  }
}

function gapsOfValues(gaps: Gaps, values: Record<string, unknown>, { object, target, rule, where }: { object: string; target: string; rule: Rule; where: string }): void {
  for (const [field, value] of Object.entries(values)) {
    gaps.field(object, field, where)
    gaps.option(object, field, value, where)
    if (typeof value !== 'object' || value === null) continue
    if ('field' in value) gaps.field(rule.trigger.object, value.field as string, where)
    if ('earlier' in value) gaps.field(target, (value.earlier as { field: string }).field, where)
    if ('text' in value) gaps.text(value.text as string, target, where)
  }
}

function gapsOfCompany(book: Book): string[] {
  const gaps = new Gaps(book)
  const company = loadCompany(book.key)
  if (!company) return []
  const isOne = (list: readonly { key: string }[], key: string | undefined) => key === undefined || list.some((each) => each.key === key)
  for (const { key, parent, head } of company.teams) gaps.check(isOne(company.teams, parent) && isOne(company.members, head), key)
  for (const { key, team, teams = [], supervisor, roles, capability, phone, email } of company.members) {
    gaps.check([team, ...teams].every((each) => isOne(company.teams, each)) && isOne(company.members, supervisor), `${key}: places`)
    for (const role of roles) gaps.named('role', role, key)
    for (const skill of capability.skills) gaps.check(skill === '*' || book.options('industry').includes(skill), `${key}: ${skill}`)
    const parsed = parsePhone(phone)
    gaps.check(parsed.ok && parsed.e164 === phone && email.endsWith('.example'), `${key}: ${phone} ${email}`)
  }
  return [...gaps.found, ...repeated(company.members.map(({ email }) => email))]
}

describe.each(SOLUTION_KEYS)('solution %s', (key) => {
  const book = new Book(key)
  const { solution } = book

  test('survives export and import unchanged', () => {
    expect(Solution.parse(JSON.parse(JSON.stringify(solution)))).toEqual(solution)
  })

  test('names every definition, field and option once', () => {
    expect(KINDS.flatMap((kind) => repeated(solution[kind].map((each) => each.key)))).toEqual([])
    expect(solution.object.flatMap(({ fields }) => repeated(fields.map((field) => field.key)))).toEqual([])
    expect(solution.dictionary.flatMap(({ options }) => repeated(options.map((option) => option.key)))).toEqual([])
  })

  test.each(book.conditions())('condition of $where holds water and reads as a sentence in both languages', (found) => {
    const checked = book.checked(found)
    expect(toSentence(checked, 'zh', book.names('zh'))).toMatch(/\p{Script=Han}|\d/u)
    expect(toSentence(checked, 'en', book.names('en'))).not.toMatch(/undefined|\[object/)
  })

  test('objects stay within the limits of indexes, and their references resolve', () => { expect(gapsOfObjects(book)).toEqual([]) })
  test('option parents, roles, policies and views refer to what is there', () => { expect(gapsOfSettings(book)).toEqual([]) })
  test('forms write only to fields that exist, and their materials lie in the solution', () => { expect(gapsOfForms(book)).toEqual([]) })
  test.each(solution.rule)('rule $key writes, tags, tells and reads only what is there', (rule) => { expect(gapsOfRule(book, rule)).toEqual([]) })
  test('the sample company hangs together: teams, supervisors, roles, skills, phones', () => { expect(gapsOfCompany(book)).toEqual([]) })

  test('active rules exist and use nothing that the engine cannot carry', () => {
    const active = solution.rule.filter((rule) => solution.activeRules.includes(rule.key))
    expect(active.map((rule) => rule.key).toSorted(byText)).toEqual(solution.activeRules.toSorted(byText))
    expect(active.filter(({ trigger, actions }) => trigger.on === 'schedule' || trigger.on === 'silence' || actions.some((action) => action.do === 'message'))).toEqual([])
  })
})

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

describe('crm', () => {
  const { solution } = new Book('crm')
  const groups = (rules: readonly Rule[]) => new Set(rules.map(({ group }) => group))
  const isActive = ({ key }: Rule) => solution.activeRules.includes(key)

  test('exactly R1, R2, R3 and the reminder before an event are on after installation', () => {
    expect(groups(solution.rule.filter(isActive))).toEqual(new Set(['R1', 'R2', 'R3', undefined]))
    expect(solution.rule.filter((rule) => isActive(rule) && rule.group === undefined).map(({ key }) => key)).toEqual(['schedule_reminder'])
    expect(solution.rule.filter(({ group }) => ['R1', 'R2', 'R3'].includes(group!)).every(isActive)).toBe(true)
  })

  test('R4 to R26 wait as templates, and so does what other systems post of calls and messages', () => {
    const waiting = solution.rule.filter((rule) => !isActive(rule))
    expect(groups(waiting)).toEqual(new Set([...Array.from({ length: 23 }, (_, i) => `R${i + 4}`), undefined]))
    expect(waiting.filter(({ group }) => group === undefined).map(({ key }) => key)).toEqual(['call_pushed', 'message_pushed'])
  })

  test('assignment weighs 0.40, 0.35, 0.25 and asks first those under 65 %', () => {
    expect(solution.assignmentPolicy[0]).toMatchObject({ weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 }, regionFit: { same: 1, area: 0.7, other: 0 }, preferLoadBelow: 0.65 })
  })

  test('a follow-up asks for exactly three things, and 「无需」 stands first', () => {
    const activity = solution.object.find(({ key }) => key === 'activity')!
    expect(activity.fields.filter(({ key, required }) => required && key !== 'subject').map(({ key }) => key)).toEqual(['result', 'next_at', 'resource'])
    expect(solution.dictionary.find(({ key }) => key === 'resource')!.options[0]!.key).toBe('none')
  })

  test('the case adds to the standard and takes nothing away', () => {
    const yunqi = loadSolution('yunqi')
    const keys = (of: Solution, kind: (typeof KINDS)[number]) => of[kind].map(({ key }) => key)
    expect(yunqi.activeRules).toEqual([...solution.activeRules, 'r19_tampering', 'r22_overdue', 'quote_signoff'])
    for (const kind of KINDS) expect(keys(yunqi, kind)).toEqual(expect.arrayContaining(keys(solution, kind)))
    expect(keys(yunqi, 'form')).toEqual(['pricing', 'diagnosis', 'douyin', 'wechat', 'expo'])
  })
})

test('the clinic speaks its own language: no word of selling in it', () => {
  expect(JSON.stringify(loadSolution('dental'))).not.toMatch(/\blead\b|customer|opportunity|quote|contract|线索|客户|商机|报价|合同/i)
})
