import { describe, expect, test } from 'vitest'
import { checkCondition, schemaOf, toSentence, type Checked, type Condition, type ConditionSchema, type Profile, type SentenceNames } from '#language/conditions'
import { BASE_FIELDS, Solution, type Action, type ObjectDefinition, type Rule } from '#language/definitions'
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
      ...s.object.flatMap(({ key, load, fields }) => [
        ...(load ? [{ where: `${key}.load`, object: key, condition: load.while, profile: 'field-check' as const }] : []),
        ...fields.flatMap((field) => (field.check ? [{ where: `${key}.${field.key}`, object: key, condition: field.check.condition, profile: 'field-check' as const }] : [])),
      ]),
      ...s.grading.flatMap(({ key, object, levels }) => levels.map(({ condition }, i) => ({ where: `${key}.${i}`, object, condition, profile: 'filter' as const }))),
      ...s.assignmentPolicy.flatMap(({ key, object, exclusions }) => exclusions.map(({ when }, i) => ({ where: `${key}.${i}`, object, condition: when, profile: 'filter' as const }))),
      ...s.view.map(({ key, object, filter }) => ({ where: key, object, condition: filter, profile: 'filter' as const })),
      ...s.rule.flatMap((rule) => [
        { where: rule.key, object: rule.trigger.object, condition: rule.condition, profile: rule.trigger.on === 'changed' || rule.trigger.on === 'created' || rule.trigger.on === 'tagged' ? 'rule' as const : 'filter' as const },
        ...rule.actions.flatMap((action, i) => this.inAction(rule, action, `${rule.key}.${i}`)),
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

describe.each(SOLUTION_KEYS)('solution %s', (key) => {
  const book = new Book(key)
  const { solution } = book
  const keysOf = (kind: 'dictionary' | 'object' | 'tag' | 'role' | 'grading' | 'assignmentPolicy' | 'form' | 'rule' | 'view') => solution[kind].map((each) => each.key)

  test('survives export and import unchanged', () => {
    expect(Solution.parse(JSON.parse(JSON.stringify(solution)))).toEqual(solution)
  })

  test('names every definition once', () => {
    for (const kind of ['dictionary', 'object', 'tag', 'role', 'grading', 'assignmentPolicy', 'form', 'rule', 'view'] as const) expect(new Set(keysOf(kind)).size, kind).toBe(solution[kind].length)
    for (const { key: object, fields } of solution.object) expect(new Set(fields.map((field) => field.key)).size, object).toBe(fields.length)
    for (const { key: dictionary, options } of solution.dictionary) expect(new Set(options.map((option) => option.key)).size, dictionary).toBe(options.length)
  })

  test.each(book.conditions())('condition of $where holds water and reads as a sentence in both languages', (found) => {
    const checked = book.checked(found)
    expect(toSentence(checked, 'zh', book.names('zh'))).toMatch(/\p{Script=Han}|\d/u)
    expect(toSentence(checked, 'en', book.names('en'))).not.toMatch(/undefined|\[object/)
  })

  test('objects stay within the limits of indexes, and their references resolve', () => {
    for (const { key: object, fields, title, subtitle = [], timeline = [], scopeVia, activity } of solution.object) {
      expect(fields.filter(({ sortable }) => sortable).length, object).toBeLessThanOrEqual(20)
      expect(fields.filter(({ searchable }) => searchable).length, object).toBeLessThanOrEqual(8)
      for (const named of [title, ...subtitle, ...timeline, scopeVia, activity?.subject, activity?.nextAt, activity?.result]) if (named !== undefined) expect(book.has(object, named), `${object}.${named}`).toBe(true)
      for (const field of fields) {
        expect(Object.hasOwn(BASE_FIELDS, field.key), `${object}.${field.key} is a base field`).toBe(false)
        if (field.dictionary !== undefined) expect(keysOf('dictionary'), `${object}.${field.key}`).toContain(field.dictionary)
        if (field.kind === 'select' && typeof field.default === 'string') expect(book.options(field.dictionary!), `${object}.${field.key}`).toContain(field.default)
        for (const to of [field.to ?? []].flat()) if (to !== '*') expect(keysOf('object'), `${object}.${field.key}`).toContain(to)
      }
    }
  })

  test('option parents, roles, policies and views refer to what is there', () => {
    for (const { options } of solution.dictionary) for (const { parent } of options) if (parent !== undefined) expect(options.map((option) => option.key)).toContain(parent)
    for (const { key: role, objects } of solution.role) for (const [object, { fields = {} }] of Object.entries(objects)) {
      expect(keysOf('object'), role).toContain(object)
      for (const field of Object.keys(fields)) expect(book.has(object, field), `${role}: ${object}.${field}`).toBe(true)
    }
    for (const { object, skillField, regionField, roles, fallback, exclusions } of solution.assignmentPolicy) {
      expect(book.has(object, skillField) && book.has(object, regionField)).toBe(true)
      for (const role of [...roles, fallback.alertRole]) expect(keysOf('role')).toContain(role)
      const dictionary = book.objects.get(object)!.fields.find((field) => field.key === skillField)!.dictionary!
      for (const { lacks } of exclusions) expect(book.options(dictionary)).toContain(lacks)
    }
    for (const { key: view, object, columns, sort } of solution.view) for (const field of [...columns, ...sort.map((each) => each.field)]) expect(book.has(object, field), `${view}: ${field}`).toBe(true)
  })

  test('forms write only to fields that exist, and their materials lie in the solution', () => {
    for (const form of solution.form) {
      const own = [...form.fields.flatMap(({ field, upper }) => [field, upper]), form.identity.field, ...Object.keys(form.constants), ...Object.values(form.context), form.reopen?.field, form.open?.field]
      for (const field of own) if (field !== undefined) expect(book.has(form.object, field), `${form.key}: ${field}`).toBe(true)
      for (const { object, field, into } of form.existing) expect(book.has(object, field) && book.has(form.object, into), form.key).toBe(true)
      if (form.behaviour) { const { object, ...fields } = form.behaviour; for (const field of Object.values(fields)) expect(book.has(object, field), `${form.key}: ${field}`).toBe(true) }
      for (const { file } of form.materials ?? []) expect(existsSync(solutionFile(key, file) ?? ''), file).toBe(true)
    }
  })

  test.each(solution.rule)('rule $key writes, tags, tells and reads only what is there', (rule) => {
    const texts = (text: string, object: string) => { for (const field of placeholders(text)) expect(book.has(object, field), `{{${field}}} of ${object}`).toBe(true) }
    const values = (written: Record<string, unknown>, object: string, target: string) => {
      for (const [field, value] of Object.entries(written)) {
        expect(book.has(object, field), `${object}.${field}`).toBe(true)
        if (typeof value === 'string') { const dictionary = book.objects.get(object)!.fields.find((each) => each.key === field)?.dictionary; if (dictionary !== undefined) expect(book.options(dictionary)).toContain(value) }
        if (typeof value !== 'object' || value === null) continue
        if ('field' in value) expect(book.has(rule.trigger.object, value.field as string), `${rule.trigger.object}.${String(value.field)}`).toBe(true)
        if ('earlier' in value) expect(book.has(target, (value.earlier as { field: string }).field)).toBe(true)
        if ('text' in value) texts(value.text as string, target)
      }
    }
    expect(book.objects.has(rule.trigger.object)).toBe(true)
    for (const action of rule.actions) {
      const target = book.target(rule, action)
      if (action.do !== 'message') expect(book.objects.has(target), `target of ${action.do}`).toBe(true)
      if (action.do === 'set') values(action.values, target, target)
      if (action.do === 'create' || action.do === 'updateChildren') values(action.values, action.object, target)
      if (action.do === 'updateChildren') expect(book.has(action.object, action.childVia)).toBe(true)
      if (action.do === 'tag') for (const tag of [...(action.add ?? []), ...(action.remove ?? [])]) expect(keysOf('tag')).toContain(tag)
      if (action.do === 'grade') expect(solution.grading.find((each) => each.key === action.grading)?.object).toBe(target)
      if (action.do === 'assign') expect(solution.assignmentPolicy.find((each) => each.key === action.policy)?.object).toBe(target)
      if (action.do === 'notify') {
        texts(`${action.title} ${action.body ?? ''}`, target)
        for (const to of action.to) if ('role' in to) expect(keysOf('role')).toContain(to.role)
      }
    }
  })

  test('active rules exist and use nothing that the engine cannot carry', () => {
    for (const active of solution.activeRules) {
      const rule = solution.rule.find((each) => each.key === active)
      expect(rule, active).toBeDefined()
      expect(['schedule', 'silence'], active).not.toContain(rule!.trigger.on)
      expect(rule!.actions.map((action) => action.do), active).not.toContain('message')
    }
  })

  test('the sample company hangs together: teams, supervisors, roles, skills, phones', () => {
    const company = loadCompany(key)
    if (!company) return
    const [teams, members] = [company.teams.map((team) => team.key), company.members.map((member) => member.key)]
    for (const { parent, head } of company.teams) { if (parent !== undefined) expect(teams).toContain(parent); if (head !== undefined) expect(members).toContain(head) }
    for (const { team, teams: more = [], supervisor, roles, capability, phone, email } of company.members) {
      for (const each of [team, ...more]) expect(teams).toContain(each)
      if (supervisor !== undefined) expect(members).toContain(supervisor)
      for (const role of roles) expect(keysOf('role')).toContain(role)
      for (const skill of capability.skills) if (skill !== '*') expect(book.options('industry')).toContain(skill)
      expect(parsePhone(phone)).toEqual({ ok: true, e164: phone })
      expect(email).toMatch(/\.example$/)
    }
    expect(new Set(company.members.map(({ email }) => email)).size).toBe(company.members.length)
  })
})

describe('crm', () => {
  const { solution } = new Book('crm')

  test('exactly R1, R2 and R3 are on after installation', () => {
    const active = solution.rule.filter(({ key }) => solution.activeRules.includes(key))
    expect([...new Set(active.map(({ group }) => group))].toSorted()).toEqual(['R1', 'R2', 'R3'])
    expect(solution.rule.filter(({ group }) => ['R1', 'R2', 'R3'].includes(group!)).map(({ key }) => key)).toEqual(solution.activeRules)
  })

  test('R4 to R23 wait as templates', () => {
    const groups = new Set(solution.rule.filter(({ key }) => !solution.activeRules.includes(key)).map(({ group }) => group))
    expect(groups).toEqual(new Set(Array.from({ length: 20 }, (_, i) => `R${i + 4}`)))
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
    expect(yunqi.activeRules).toEqual(solution.activeRules)
    for (const kind of ['dictionary', 'object', 'tag', 'role', 'rule', 'view'] as const) expect(yunqi[kind].map(({ key }) => key)).toEqual(expect.arrayContaining(solution[kind].map(({ key }) => key)))
    expect(yunqi.form.map(({ key }) => key)).toEqual(['pricing', 'diagnosis', 'douyin', 'wechat', 'expo'])
  })
})

test('the clinic speaks its own language: no word of selling in it', () => {
  expect(JSON.stringify(loadSolution('dental'))).not.toMatch(/\blead\b|customer|opportunity|quote|contract|线索|客户|商机|报价|合同/i)
})
