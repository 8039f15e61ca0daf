import { expect, test } from 'vitest'
import { ADMIN_RIGHTS, AssignmentPolicy, BASE_FIELDS, Capability, DEFINITION_KINDS, type DefinitionKind, FIELD_KINDS, Key, Label, ObjectAccess, Role, Rule, Scope, Solution } from './index.ts'

const label = { zh: '书', en: 'Book' }
const ALWAYS = { all: [] }
const policy = {
  key: 'fair', label, object: 'book', skillField: 'topic', regionField: 'region', weights: { skill: 0.5, region: 0.3, load: 0.2 }, skillFit: { same: 1, parent: 0.6, general: 0.3 },
  excludeMissingSkill: true, regionFit: { same: 1, area: 0.5, other: 0 }, regionOnly: false, preferLoadBelow: 0.8, roles: ['librarian'], exclusions: [], fallback: { pool: 'region', alertRole: 'head' }, active: true,
}
const rule = { key: 'greet', label, trigger: { on: 'created', object: 'book' }, condition: ALWAYS, actions: [{ do: 'tag', add: ['新书'] }], priority: 10 }

const SMALLEST: Record<DefinitionKind, Record<string, unknown>> = {
  dictionary: { key: 'genre', label, options: [] },
  object: { key: 'book', label, title: 'name', fields: [{ key: 'name', label, kind: 'text' }] },
  tag: { key: '新书', label },
  role: { key: 'librarian', label, rights: [], objects: {}, home: 'workbench' },
  grading: { key: 'worth', label, object: 'book', field: 'grade', levels: [{ value: 'a', condition: ALWAYS, reason: label }] },
  assignmentPolicy: policy,
  form: {
    key: 'ask', label, object: 'book', fields: [{ name: '书名', field: 'name', label }], identity: { field: 'phone', kind: 'phone' }, joinDays: 7, existing: [], constants: {}, context: {},
    consent: { version: '1', purpose: '联系', text: { zh: '同意', en: 'I agree' } }, origins: [], honeypot: 'website', perMinutePerIp: 10, active: true,
  },
  rule,
  calendar: { key: 'working', label, weekdays: [1], opens: '09:00', closes: '18:00', years: [] },
  view: { key: 'all', label, object: 'book', filter: ALWAYS, sort: [], columns: [], owner: null, shared: true, order: 0 },
  recordAct: { key: 'shelve', label, object: 'book', right: 'edit', reason: 'none', set: {}, order: 1 },
  pooling: {
    key: 'shelf', label, object: 'book', field: 'shelf', pools: { object: 'shelf', team: 'team', members: 'members', daily: 'daily', holding: 'holding', protectHours: 'protect' }, places: [], visible: ['name'],
    enter: {}, claim: {}, coolOff: '7d', recycle: { active: false, after: '7d', notice: '24h', when: ALWAYS },
  },
  conversion: { key: 'lend', label, object: 'book', set: {}, lock: true, targets: [{ object: 'loan', into: 'loan', fields: [], links: [], ask: [], match: [] }] },
  layout: { key: 'reading', label, object: 'book', roles: [], order: 1, groups: [], hidden: { page: [], create: [] }, hints: [] },
  letterhead: { key: 'company', label },
  dashboard: { key: 'shelves', label, owner: null, shared: true, order: 1, tiles: [] },
  policy: { key: 'sealed', label, object: 'book', effect: 'limit', fields: {}, actions: [] },
  accessMode: { key: 'standard', label, roles: true },
  print: { key: 'card', label, object: 'book', title: '卡片', blocks: [{ kind: 'text', text: '{{name}}' }], order: 1 },
}
const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[]
const accepts = (kind: DefinitionKind, body: unknown): boolean => DEFINITION_KINDS[kind].safeParse(body).success

test.for(KINDS)('F1 the smallest %s', (kind) => expect(DEFINITION_KINDS[kind].parse(SMALLEST[kind])).toEqual(SMALLEST[kind]))

test.for(KINDS)('F1 a %s without one of its words is refused', (kind) => {
  for (const word of Object.keys(SMALLEST[kind])) expect(accepts(kind, { ...SMALLEST[kind], [word]: undefined })).toBe(false)
})

test.for(KINDS)('F2 an unknown word in a %s', (kind) => expect(accepts(kind, { ...SMALLEST[kind], unknown: 1 })).toBe(false))

test.for<[DefinitionKind, Record<string, unknown>]>([
  ['object', { fields: [{ key: 'name', label, kind: 'text', colour: 'red' }] }],
  ['dictionary', { options: [{ key: 'a', label, order: 1 }] }],
  ['role', { objects: { book: { read: 'all', print: 'all' } } }],
  ['rule', { actions: [{ do: 'tag', add: ['a'], sideways: true }] }],
  ['rule', { trigger: { on: 'created', object: 'book', every: 'day' } }],
  ['form', { consent: { version: '1', purpose: '', text: label, silent: true } }],
])('F2 an unknown word deep in a definition: %s', ([kind, change]) => expect(accepts(kind, { ...SMALLEST[kind], ...change })).toBe(false))

test.for([['name', true], ['a1_b', true], ['a'.repeat(40), true], ['a'.repeat(41), false], ['Name', false], ['1a', false], ['_a', false], ['书', false], ['a-b', false], ['a"; drop', false], ['', false]] as const)(
  'F3 the key %s: %s', ([key, fine]) => expect(Key.safeParse(key).success).toBe(fine))

test.for([[{ zh: '书', en: 'Book' }, true], [{ zh: '书' }, false], [{ zh: '', en: 'Book' }, false], ['书', false]] as const)('F3 the label %j: %s', ([word, fine]) => expect(Label.safeParse(word).success).toBe(fine))

test('F4 what is referred to is installed first', () => {
  const before = (earlier: DefinitionKind, later: DefinitionKind) => KINDS.indexOf(earlier) < KINDS.indexOf(later)
  expect(before('dictionary', 'object') && before('object', 'tag')).toBe(true)
  expect((['role', 'grading', 'assignmentPolicy', 'form', 'rule', 'view'] as const).every((kind) => before('object', kind))).toBe(true)
  expect((['tag', 'role', 'grading', 'assignmentPolicy', 'form'] as const).every((kind) => before(kind, 'rule'))).toBe(true)
  const empty = Solution.parse({ key: 'none', label, version: '1', activeRules: [] })
  expect(KINDS.map((kind) => empty[kind])).toEqual(KINDS.map(() => []))
})

test('F5 base fields', () => {
  for (const [key, base] of Object.entries(BASE_FIELDS)) {
    expect(Key.safeParse(key).success && Label.safeParse(base.label).success).toBe(true)
    expect(base.kind === 'tags' || (FIELD_KINDS as readonly string[]).includes(base.kind)).toBe(true)
  }
})

test('F6 a role opens only what it names', () => {
  expect(ObjectAccess.parse({})).toEqual({})
  expect(Role.parse(SMALLEST.role).objects).toEqual({})
  expect(Scope.options).toEqual(['none', 'own', 'team', 'teamTree', 'all'])
  expect(accepts('role', { ...SMALLEST.role, objects: { book: { read: 'everything' } } })).toBe(false)
  expect(accepts('role', { ...SMALLEST.role, rights: [...ADMIN_RIGHTS] })).toBe(true)
  expect(accepts('role', { ...SMALLEST.role, rights: ['everything'] })).toBe(false)
})

test.for<[string, Record<string, unknown>]>([
  ['no action', { actions: [] }], ['an unknown action', { actions: [{ do: 'explode' }] }], ['an unknown trigger', { trigger: { on: 'whim', object: 'book' } }], ['a priority above 1000', { priority: 1001 }],
])('F7 a rule with %s', ([, change]) => expect(Rule.safeParse({ ...rule, ...change }).success).toBe(false))

test.for<[string, Record<string, unknown>]>([
  ['a weight above 1', { weights: { skill: 1.1, region: 0, load: 0 } }], ['a negative fit', { skillFit: { same: -0.1, parent: 0, general: 0 } }], ['a load rate above 1', { preferLoadBelow: 2 }], ['nobody competing', { roles: [] }],
])('F7 a policy with %s', ([, change]) => expect(AssignmentPolicy.safeParse({ ...policy, ...change }).success).toBe(false))

test.for([[{ skills: ['*'], regions: ['310000'], capacity: 0 }, true], [{ skills: [], regions: ['上海'], capacity: 5 }, false], [{ skills: [], regions: [], capacity: -1 }, false]] as const)(
  'F7 the capability %j: %s', ([capability, fine]) => expect(Capability.safeParse(capability).success).toBe(fine))
