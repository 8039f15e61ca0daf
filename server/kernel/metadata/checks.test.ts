import { expect, test } from 'vitest'
import type { DefinitionKind } from '#language/definitions'
import { copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()

// A test bends bodies out of their types.
// oxlint-disable-next-line typescript/no-explicit-any
type Body = any
/** [what is said, kind, key of the library's definition, how it is changed, expected refusals] */
const SAID: [string, DefinitionKind, string, (body: Body) => unknown, string[] | 'ok'][] = [
  ['an option twice', 'dictionary', 'genre', (b) => b.options.push(b.options[0]), ['DEFINITION_INVALID options']],
  ['a parent that is missing', 'dictionary', 'genre', (b) => (b.options[0].parent = 'x'), ['DEFINITION_INVALID options.0.parent']],
  ['an option above itself', 'dictionary', 'genre', (b) => (b.options[1].parent = 'physics'), ['DEFINITION_INVALID options.1.parent', 'DEFINITION_INVALID options.2.parent']],
  ['a field twice', 'object', 'book', (b) => b.fields.push({ ...b.fields[0] }), ['DEFINITION_INVALID fields']],
  ['a title that is missing', 'object', 'book', (b) => (b.title = 'x'), ['DEFINITION_INVALID title']],
  ['a subtitle that is missing', 'object', 'book', (b) => (b.subtitle = ['x']), ['DEFINITION_INVALID subtitle.0']],
  ['a base field’s key', 'object', 'book', (b) => (b.fields.push({ ...b.fields[0], key: 'owner' })), ['DEFINITION_INVALID fields.6.key']],
  ['a choice without dictionary', 'object', 'book', (b) => delete b.fields[2].dictionary, ['DEFINITION_INVALID fields.2.dictionary']],
  ['a dictionary that is missing', 'object', 'book', (b) => (b.fields[2].dictionary = 'x'), ['DEFINITION_INVALID fields.2.dictionary']],
  ['a text with a dictionary', 'object', 'book', (b) => (b.fields[0].dictionary = 'genre'), ['DEFINITION_INVALID fields.0.dictionary']],
  ['a reference to nothing', 'object', 'loan', (b) => (b.fields[1].to = 'x'), ['DEFINITION_INVALID fields.1.to']],
  ['a reference without object', 'object', 'book', (b) => b.fields.push({ key: 'r', label: b.label, kind: 'reference' }), ['DEFINITION_INVALID fields.6.to']],
  ['a unique list', 'object', 'book', (b) => (b.fields[3].unique = true), ['DEFINITION_INVALID fields.3.unique']],
  ['a text that counts seconds', 'object', 'book', (b) => b.fields.push({ key: 'r', label: b.label, kind: 'text', unit: 'seconds' }), ['DEFINITION_INVALID fields.6.unit']],
  ['a sortable file', 'object', 'book', (b) => b.fields.push({ key: 'r', label: b.label, kind: 'file', sortable: true }), ['DEFINITION_INVALID fields.6.sortable']],
  ['a searchable price', 'object', 'book', (b) => (b.fields[4].searchable = true), ['DEFINITION_INVALID fields.4.searchable']],
  ['nine searchable fields', 'object', 'book', (b) => b.fields.push(...'abcdefgh'.split('').map((key) => ({ key, label: b.label, kind: 'text', searchable: true }))), ['DEFINITION_INVALID fields']],
  ['an auto field without prefix', 'object', 'book', (b) => delete b.fields[5].auto, ['DEFINITION_INVALID fields.5.auto']],
  ['a default that is no option', 'object', 'reader', (b) => (b.fields[4].default = 'x'), ['DEFINITION_INVALID fields.4.default']],
  ['a default of another type', 'object', 'reader', (b) => (b.fields[4].default = true), ['DEFINITION_INVALID fields.4.default', 'DEFINITION_INVALID fields.4.default']],
  ['now in a text', 'object', 'reader', (b) => (b.fields[0].default = { now: true }), ['DEFINITION_INVALID fields.0.default']],
  ['me in a member field', 'object', 'loan', (b) => (b.fields[7].default = { me: true }), 'ok'],
  ['a timeline over a text', 'object', 'loan', (b) => (b.timeline = ['note']), ['DEFINITION_INVALID timeline.0']],
  ['an activity without subject', 'object', 'loan', (b) => (b.activity = { subject: 'x', nextAt: 'note' }), ['DEFINITION_INVALID activity.subject', 'DEFINITION_INVALID activity.nextAt']],
  ['a role over nothing', 'role', 'helper', (b) => (b.objects.x = { read: 'all' }), ['DEFINITION_INVALID objects.x']],
  ['a role with a strange field', 'role', 'helper', (b) => (b.objects.book.fields = { x: { read: 'hidden' }, owner: { write: false } }), ['DEFINITION_INVALID objects.book.fields.x']],
  ['a grading into a number', 'grading', 'standing', (b) => (b.field = 'joined'), ['DEFINITION_INVALID field']],
  ['a level that is no option', 'grading', 'standing', (b) => (b.levels[0].value = 'x'), ['DEFINITION_INVALID levels.0.value']],
  ['a policy with the wrong fields', 'assignmentPolicy', 'by_interest', (b) => Object.assign(b, { skillField: 'name', regionField: 'phone', ownerOf: 'x' }), ['DEFINITION_INVALID skillField', 'DEFINITION_INVALID regionField', 'DEFINITION_INVALID ownerOf']],
  ['a policy for nobody', 'assignmentPolicy', 'by_interest', (b) => Object.assign(b, { roles: ['x'], fallback: { pool: 'region', alertRole: 'y' } }), ['DEFINITION_INVALID roles.0', 'DEFINITION_INVALID fallback.alertRole']],
  ['completeness of nothing, or of strangers', 'assignmentPolicy', 'by_interest', (b) => Object.assign(b, { completeness: { complete: { all: [] }, days: 9, premium: { field: 'x', op: 'notEmpty' } } }), ['DEFINITION_INVALID completeness.complete', 'CONDITION_INVALID completeness.premium.field']],
  ['an exclusion for a strange skill', 'assignmentPolicy', 'by_interest', (b) => (b.exclusions[0].lacks = 'x'), ['DEFINITION_INVALID exclusions.0.lacks']],
  ['a form into strange fields', 'form', 'join', (b) => { b.fields[0].field = 'x'; b.constants.y = 1; b.constants.standing = 'z' }, ['DEFINITION_INVALID fields.0.field', 'DEFINITION_INVALID constants.standing', 'DEFINITION_INVALID constants.y']],
  ['a form that does not ask who', 'form', 'join', (b) => b.fields.pop(), ['DEFINITION_INVALID identity.field']],
  ['a form that finds strangers', 'form', 'join', (b) => (b.existing = [{ object: 'book', field: 'isbn', into: 'interest' }]), ['DEFINITION_INVALID existing.0.into']],
  ['work that ends before it begins', 'calendar', 'working', (b) => (b.closes = '08:00'), ['DEFINITION_INVALID closes']],
  ['a year twice', 'calendar', 'working', (b) => b.years.push(b.years[0]), ['DEFINITION_INVALID years']],
  ['a holiday that ends before it begins', 'calendar', 'working', (b) => (b.years[0].holidays[0].to = '2028-02-28'), ['DEFINITION_INVALID years.0.holidays.0.to']],
  ['a day off that is worked', 'calendar', 'working', (b) => (b.years[0].workdays = ['2028-03-01', '2030-01-01']), ['DEFINITION_INVALID years.0.workdays.0', 'DEFINITION_INVALID years.0.workdays.1']],
  ['a second calendar', 'calendar', 'working', (b) => (b.key = 'other'), ['DEFINITION_INVALID key']],
  ['a rule over nothing', 'rule', 'overdue', (b) => (b.trigger.object = 'x'), ['DEFINITION_INVALID trigger.object']],
  ['a rule on a strange field', 'rule', 'returned', (b) => (b.trigger.fields = ['x']), ['DEFINITION_INVALID trigger.fields.0']],
  ['a rule on another object’s form', 'rule', 'welcome', (b) => Object.assign(b, { trigger: { on: 'created', object: 'book', form: 'join' }, actions: [{ do: 'tag', add: ['常客'] }] }), ['DEFINITION_INVALID trigger.form']],
  ['a schedule that never comes', 'rule', 'overdue', (b) => (b.trigger = { on: 'schedule', object: 'loan', cron: '0 9 30 2 *' }), ['DEFINITION_INVALID trigger.cron']],
  ['a deadline that is a text', 'rule', 'overdue', (b) => (b.trigger.field = 'note'), ['DEFINITION_INVALID trigger.field']],
  ['a tag that nobody has made', 'rule', 'welcome', (b) => (b.actions[0].add = ['x']), ['DEFINITION_INVALID actions.0']],
  ['a way over a text', 'rule', 'overdue', (b) => (b.actions[1].via = 'note'), ['DEFINITION_INVALID actions.1.via']],
  ['a value for a strange field', 'rule', 'overdue', (b) => (b.actions[1].values = { x: 1 }), ['DEFINITION_INVALID actions.1.values.x']],
  ['a value that is no option', 'rule', 'overdue', (b) => (b.actions[1].values = { standing: 'x' }), ['DEFINITION_INVALID actions.1.values.standing']],
  ['a policy for another object', 'rule', 'overdue', (b) => (b.actions[1] = { do: 'assign', policy: 'by_interest' }), ['DEFINITION_INVALID actions.1.policy']],
  ['a grading that is missing', 'rule', 'welcome', (b) => (b.actions[2].grading = 'x'), ['DEFINITION_INVALID actions.2.grading']],
  ['a message to a strange role', 'rule', 'overdue', (b) => (b.actions[0].to = [{ role: 'x' }]), ['DEFINITION_INVALID actions.0.to.0.role']],
  ['a strange placeholder', 'rule', 'overdue', (b) => (b.actions[0].title = '{{x}} {{note}}'), ['DEFINITION_INVALID actions.0.title']],
  ['a new record without what it needs', 'rule', 'welcome', (b) => (b.actions[1] = { do: 'create', object: 'loan', values: { reader: { record: true } } }), ['DEFINITION_INVALID actions.1.values']],
  ['children of somebody else', 'rule', 'welcome', (b) => (b.actions[1] = { do: 'updateChildren', object: 'loan', childVia: 'book', where: { all: [] }, values: { note: 'x' } }), ['DEFINITION_INVALID actions.1.childVia']],
  ['children of its own', 'rule', 'welcome', (b) => (b.actions[1] = { do: 'updateChildren', object: 'loan', childVia: 'reader', where: { all: [] }, values: { note: 'x' } }), 'ok'],
  ['a way that is not clear', 'rule', 'overdue', (b) => (b.actions[1].via = 'about'), ['DEFINITION_INVALID actions.1.viaObject']],
  ['a way that is said', 'rule', 'overdue', (b) => Object.assign(b.actions[1], { via: 'about', viaObject: 'reader' }), 'ok'],
  ['a way to another object', 'rule', 'overdue', (b) => Object.assign(b.actions[1], { viaObject: 'book' }), ['DEFINITION_INVALID actions.1.viaObject']],
  ['values that do not fit', 'rule', 'overdue', (b) => (b.actions[1].values = { name: { now: true }, joined: { field: 'book' }, phone: { text: 'x' }, interest: { owner: true } }),
    ['name.now', 'joined.field', 'phone.text', 'interest.owner'].map((each) => `DEFINITION_INVALID actions.1.values.${each}`)],
  ['an option that it cannot advance to', 'rule', 'overdue', (b) => (b.actions[1].values = { name: { advance: 'physics' }, interest: { advance: 'x' } }), ['name.advance', 'interest.advance'].map((each) => `DEFINITION_INVALID actions.1.values.${each}`)],
  ['values that fit', 'rule', 'overdue', (b) => (b.actions[1].values = { name: { text: '{{phone}}' }, joined: { field: 'due', plus: '3d' }, owner: { field: 'clerk' }, next_contact_at: { earlier: { field: 'joined', plus: '1d' } } }), 'ok'],
  ['the record in a reference to others', 'rule', 'welcome', (b) => (b.actions[1] = { do: 'create', object: 'loan', values: { reader: { record: true }, book: { record: true } } }), ['DEFINITION_INVALID actions.1.values.book.record']],
  ['a view over strange columns', 'view', 'out', (b) => Object.assign(b, { columns: ['x', 'owner'], sort: [{ field: 'y', direction: 'asc' }] }), ['DEFINITION_INVALID sort.0.field', 'DEFINITION_INVALID columns.0']],
]
for (const [what, kind, key, change, expected] of SAID) {
  test(`M15 ${what}`, async () => {
    const body = copyOf(kind, key)
    change(body)
    expect(outcome(await desk.publish(kind, key, body))).toEqual(expected)
  })
}

const CONDITIONS: [string, DefinitionKind, string, (body: Body) => unknown, string[] | 'ok'][] = [
  ['a strange field', 'view', 'out', (b) => (b.filter = { field: 'x', op: 'eq', value: 1 }), ['CONDITION_INVALID filter.field']],
  ['a strange option', 'rule', 'overdue', (b) => (b.condition = { field: 'state', op: 'eq', value: 'x' }), ['CONDITION_INVALID condition.value']],
  ['a change in a view', 'view', 'out', (b) => (b.filter = { changed: 'state' }), ['CONDITION_INVALID filter']],
  ['a change at a deadline', 'rule', 'overdue', (b) => (b.condition = { changed: 'state' }), ['CONDITION_INVALID condition']],
  ['a change in a grading', 'grading', 'standing', (b) => (b.levels[0].condition = { changed: 'name' }), ['CONDITION_INVALID levels.0.condition']],
  ['children in a check of a field', 'object', 'reader', (b) => (b.fields[0].check = { condition: { some: { object: 'loan', via: 'reader' } }, message: b.label }), ['CONDITION_INVALID fields.0.check.condition']],
  ['what is open by a strange field', 'object', 'loan', (b) => (b.open = { field: 'x', op: 'empty' }), ['CONDITION_INVALID open.field']],
  ['what is open by children', 'object', 'reader', (b) => (b.open = { some: { object: 'loan', via: 'reader' } }), ['CONDITION_INVALID open']],
  ['what is open for me', 'object', 'loan', (b) => (b.open = { field: 'clerk', op: 'eq', value: { me: true } }), ['CONDITION_INVALID open']],
  ['what is open by the clock', 'object', 'loan', (b) => (b.open = { field: 'due', op: 'ge', value: { today: true } }), 'ok'],
  ['me in a rule', 'rule', 'overdue', (b) => (b.condition = { field: 'clerk', op: 'eq', value: { me: true } }), ['CONDITION_INVALID condition']],
  ['me in a view', 'view', 'out', (b) => (b.filter = { field: 'clerk', op: 'eq', value: { me: true } }), 'ok'],
  ['a guard about the triggering record', 'rule', 'returned', (b) => (b.actions[0].if = { field: 'x', op: 'empty' }), ['CONDITION_INVALID actions.0.if.field']],
]
for (const [what, kind, key, change, expected] of CONDITIONS) {
  test(`M16 ${what}`, async () => {
    const body = copyOf(kind, key)
    change(body)
    expect(outcome(await desk.publish(kind, key, body))).toEqual(expected)
  })
}

const MESSAGE = { do: 'message', channel: 'wecom', template: '你好' }
for (const [what, change, path, word] of [
  ['message', (b: Body) => b.actions.push(MESSAGE), 'actions.2', 'wecom'],
] as const) {
  test(`M17 ${what}`, async () => {
    const body = { ...copyOf('rule', 'overdue'), key: 'later' }
    change(body)
    expect(outcome(await desk.publish('rule', 'later', body))).toBe('ok')
    expect((await desk.metadata()).rules.get('later')!.state).toBe('template')
    const refused = await desk.publish('rule', 'later', body, { state: 'active' })
    expect(refused).toMatchObject({ ok: false, refusals: [{ code: 'RULE_NOT_SUPPORTED', path, params: { reason: expect.stringContaining(word) } }] })
  })
}

const TAKEN: [string, DefinitionKind, string, (body: Body) => unknown, string][] = [
  ['a field that a rule watches', 'object', 'loan', (b) => b.fields.splice(3, 1), '逾期提醒'],
  ['an option that a rule names', 'dictionary', 'loan_state', (b) => b.options.splice(1, 1), '归还'],
  ['a role that a rule tells', 'role', 'librarian', () => null, '逾期提醒'],
  ['a tag that a rule sets', 'tag', '常客', () => null, '欢迎'],
  ['a policy that a rule uses', 'assignmentPolicy', 'by_interest', () => null, '欢迎'],
  ['a form that a rule waits for', 'form', 'join', () => null, '欢迎'],
  ['an object that another points to', 'object', 'book', () => null, '借阅'],
]
for (const [what, kind, key, change, by] of TAKEN) {
  test(`M18 ${what}`, async () => {
    const body = copyOf(kind, key)
    const removed = change(body) === null
    const result = await desk.publish(kind, key, removed ? null : body)
    expect(outcome(result)).toContain('DEFINITION_IN_USE')
    expect(JSON.stringify(result)).toContain(by)
  })
}

test('M19 an old fault elsewhere stays its own', async () => {
  await desk.rows(`update {t}.definition set body = jsonb_set(body, '{columns}', '["gone"]') where kind = 'view'`)
  await desk.rows('update {t}.state set epoch = epoch + 1')
  const genre = copyOf('dictionary', 'genre')
  genre.options.push({ key: 'poetry', label: { zh: '诗', en: 'Poetry' } })
  expect(outcome(await desk.publish('dictionary', 'genre', genre))).toBe('ok')
})
