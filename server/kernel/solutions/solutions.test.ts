import { afterEach, beforeEach, expect, test } from 'vitest'
import { metadataOf, publish, setRuleState } from '#kernel/metadata'
import { applySolution, type Applied, exportSolution, mergeBodies, type PlanOptions, planSolution, templateOf } from '#kernel/solutions'
import { DEFINITION_KINDS, type DefinitionKind, type Solution } from '#language/definitions'
import type { Tx } from '#platform/db'
import { LIBRARY } from '../../../test/library.ts'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let home: FreshTenant
beforeEach(async () => { home = await freshTenant() })
afterEach(() => home.drop())

const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[]
const FACTS = { key: LIBRARY.key, label: LIBRARY.label, version: LIBRARY.version }
const AUTHOR = { actor: { kind: 'system', reason: 'test' } } as const

const mutate = <T>(work: (tx: Tx) => Promise<T>) => home.db.mutate(home.tenant, work)
const apply = (solution: Solution, options?: PlanOptions) => mutate((tx) => applySolution({ tx, ...AUTHOR }, solution, options))
const metadata = () => home.db.read(home.tenant, metadataOf)
const exported = (from = home) => from.db.read(from.tenant, (tx) => exportSolution(tx, FACTS))
const sorted = (solution: Solution) => ({ ...solution, ...Object.fromEntries(KINDS.map((kind) => [kind, byKey(solution[kind])])) })
const byKey = (definitions: readonly { key: string }[]): { key: string }[] => definitions.toSorted((a, b) => (a.key < b.key ? -1 : 1))
const changedIn = (applied: Applied) => (applied.ok ? applied.published.filter(({ changed }) => changed).map(({ key, version }) => `${key} ${version}`) : applied.refusals)
const keptIn = (applied: Applied) => (applied.ok ? applied.kept.map(({ key }) => key) : applied.refusals)

/** The library with something changed. */
function revised(change: (solution: Solution) => unknown): Solution {
  const copy = structuredClone(LIBRARY)
  change(copy)
  return copy
}

test('S1 everything is there after one act', async () => {
  const applied = await apply(LIBRARY)
  expect(changedIn(applied)).toHaveLength(KINDS.reduce((sum, kind) => sum + LIBRARY[kind].length, 0))
  const { rules, objects } = await metadata()
  expect([[...rules.values()].map(({ key, state }) => `${key} ${state}`), [...objects.keys()]]).toEqual([['overdue active', 'returned template', 'welcome active'], ['book', 'loan', 'reader']])
  expect(await mutate((tx) => tx.query('select count(*) from {t}.act'))).toEqual([{ count: 1 }])
})

test('S2 again is nothing', async () => {
  await apply(LIBRARY)
  const { epoch } = await metadata()
  expect(changedIn(await apply(LIBRARY))).toEqual([])
  expect((await metadata()).epoch).toBe(epoch)
})

test('S3 a newer version', async () => {
  await apply(LIBRARY)
  const newer = revised(({ object, tag, rule }) => {
    object[0]!.fields.push({ key: 'pages', label: { zh: '页数', en: 'Pages' }, kind: 'integer' })
    tag.push({ key: '新书', label: { zh: '新书', en: 'New' } })
    rule[0]!.priority = 11
  })
  const applied = await apply(newer)
  expect([changedIn(applied), keptIn(applied)]).toEqual([['book 2', '新书 1', 'overdue 2'], []])
  expect(changedIn(await apply(newer))).toEqual([])
})

test('S3 a field that the newer version leaves out is retired, and later versions still apply', async () => {
  await apply(LIBRARY)
  const newer = revised(({ object }) => object[0]!.fields.splice(4, 1))
  expect(changedIn(await apply(newer))).toEqual(['book 2'])
  expect(changedIn(await apply(newer))).toEqual([])
  expect([changedIn(await apply(LIBRARY)), (await metadata()).objects.get('book')!.field.has('price')]).toEqual([['book 3'], true])
})

test('S4 what the tenant changed, made or removed', async () => {
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'tag', '停借', { key: '停借', label: { zh: '停', en: 'Stop' } }))
  expect(keptIn(await apply(LIBRARY))).toEqual(['停借'])
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'rule', 'overdue', { ...LIBRARY.rule[0]!, priority: 77 }))
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'view', 'out', null))
  const applied = await apply(revised(({ rule, view }) => { rule[0]!.priority = 11; rule[1]!.priority = 12; view[0]!.order = 9 }))
  expect([changedIn(applied), keptIn(applied)]).toEqual([['welcome 2'], ['停借', 'overdue', 'out']])
  expect((await metadata()).rules.get('overdue')!.priority).toBe(77)
})

test('S4 what the tenant changed and changed back is the solution’s again', async () => {
  await apply(LIBRARY)
  for (const priority of [77, LIBRARY.rule[0]!.priority]) await mutate((tx) => publish({ tx, ...AUTHOR }, 'rule', 'overdue', { ...LIBRARY.rule[0]!, priority }))
  expect(changedIn(await apply(revised(({ rule }) => { rule[0]!.priority = 11 })))).toEqual(['overdue 4'])
})

test('S5 a paused rule stays paused', async () => {
  await apply(LIBRARY)
  await mutate((tx) => setRuleState({ tx, ...AUTHOR }, 'overdue', 'paused'))
  await apply(revised(({ rule }) => { rule[0]!.priority = 11 }))
  expect((await metadata()).rules.get('overdue')).toMatchObject({ state: 'paused', priority: 11 })
})

test('S6 only what is missing', async () => {
  await apply(LIBRARY)
  const applied = await apply(revised(({ rule, tag }) => { rule[0]!.priority = 11; tag.push({ key: '新书', label: { zh: '新书', en: 'New' } }) }), { onlyMissing: true })
  expect(changedIn(applied)).toEqual(['新书 1'])
})

test('S7 there and back', async () => {
  await apply(LIBRARY)
  const first = await exported()
  expect(sorted(first)).toEqual(sorted(LIBRARY))
  const other = await freshTenant({ solution: first })
  expect(await exported(other)).toEqual(first)
  await other.drop()
})

test('S7 properties come in the order of their schema', async () => {
  await apply(LIBRARY)
  expect(JSON.stringify((await exported()).rule.find(({ key }) => key === 'overdue'))).toBe(JSON.stringify(LIBRARY.rule[0]))
})

test('S7 retired fields and what is one’s own stay behind; what one shares with everybody is nobody’s there, unless it names somebody', async () => {
  await apply(LIBRARY)
  await apply(revised(({ object }) => object[0]!.fields.splice(4, 1)))
  for (const [key, more] of [['mine', { shared: false }], ['theirs', { shared: false, teams: [4] }], ['all', { shared: true, teams: [4] }], ['clerks', { shared: true, filter: { field: 'owner', op: 'eq', value: 3 } }]] as const) await mutate((tx) => publish({ tx, ...AUTHOR }, 'view', key, { ...LIBRARY.view[0]!, key, owner: 3, ...more }))
  const { view, object } = await exported()
  expect([view.map(({ key, owner, teams }) => [key, owner, teams]), object[0]!.fields.some(({ key }) => key === 'price')]).toEqual([[['all', null, undefined], ['out', null, undefined]], false])
})

test('S8 a fault anywhere stops everything', async () => {
  const applied = await apply(revised(({ view }) => view[0]!.columns.push('nothing')))
  expect(applied).toMatchObject({ ok: false, refusals: [{ kind: 'view', key: 'out', refusal: { code: 'DEFINITION_INVALID', path: 'columns.3' } }] })
  expect([(await metadata()).objects.size, await mutate((tx) => tx.query(`select to_regclass('{t}.o_book') as book, (select count(*) from {t}.definition) as count`))]).toEqual([0, [{ book: null, count: 0 }]])
})

test('S9 a large solution takes as many statements as a small one', async () => {
  const large = revised((solution) => {
    const rule = solution.rule[2]!
    for (let i = 0; i < 120; i++) solution.rule.push({ ...rule, key: `copy_${i}` })
    for (let i = 0; i < 12; i++) solution.object.push({ ...solution.object[0]!, key: `shelf_${i}` })
  })
  const count = (solution: Solution, tenant = home) => tenant.db.mutate(tenant.tenant, async (tx) => {
    let statements = 0
    await applySolution({ tx: { ...tx, query: (...args) => (statements++, tx.query(...args)) as never }, ...AUTHOR }, solution)
    return statements
  })
  const other = await freshTenant()
  const began = performance.now()
  const many = await count(large)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(many).toBe(await count(LIBRARY, other))
  await other.drop()
})

const label = (zh: string) => ({ zh, en: zh })
const object = async (key: string) => (await metadata()).objects.get(key)!
const planned = async (solution: Solution) => Object.fromEntries((await home.db.read(home.tenant, (tx) => planSolution(tx, solution))).map(({ kind, key, verdict }) => [`${kind} ${key}`, verdict]))
const mineIn = (change: (solution: Solution) => unknown, kind: DefinitionKind, key: string) => {
  const body = revised(change)[kind].find((each) => each.key === key)!
  return mutate((tx) => publish({ tx, ...AUTHOR }, kind, key, body))
}

test('S10 fields of both sides stand side by side, the tenant wins where both changed the same', async () => {
  await apply(LIBRARY)
  await mineIn(({ object: [book] }) => { book!.label = label('图书'); book!.fields[0]!.label = label('书名（我们的）'); book!.fields.push({ key: 'shelf', label: label('书架'), kind: 'text' }) }, 'object', 'book')
  const newer = revised(({ object: [book] }) => { book!.fields[0]!.label = label('题名'); book!.fields[0]!.help = label('写全名'); book!.fields.push({ key: 'pages', label: label('页数'), kind: 'integer' }) })
  const applied = await apply(newer)
  expect(applied.ok && applied.merged.map(({ key, conflicts }) => [key, conflicts.map(({ path }) => path).sort()])).toEqual([['book', ['en', 'zh'].map((lang) => `fields.${LIBRARY.object[0]!.fields[0]!.key}.label.${lang}`)]])
  const book = await object('book')
  expect([book.label.zh, book.field.has('shelf'), book.field.has('pages'), book.fields[0]!.label.zh, book.fields[0]!.help?.zh]).toEqual(['图书', true, true, '书名（我们的）', '写全名'])
  expect(changedIn(await apply(newer))).toEqual([])
})

test('S30 S10 what a solution brought of a rule is there to look at and to take up again; a later version keeps what was changed', async () => {
  const template = () => home.db.read(home.tenant, (tx) => templateOf(tx, 'rule', 'welcome')) as Promise<Solution['rule'][number] | null>
  const mine = async () => (await metadata()).rules.get('welcome')!
  await apply(LIBRARY)
  const asItCame = LIBRARY.rule.find(({ key }) => key === 'welcome')!
  await mineIn(({ rule }) => { rule.find(({ key }) => key === 'welcome')!.priority = 777 }, 'rule', 'welcome')
  expect([(await mine()).priority, await template()]).toEqual([777, asItCame])
  await apply(revised(({ rule }) => { rule.find(({ key }) => key === 'welcome')!.label = label('欢迎新读者') }))
  expect([(await mine()).priority, (await mine()).label.zh, await template()]).toEqual([777, '欢迎新读者', { ...asItCame, label: label('欢迎新读者') }])
  await mutate(async (tx) => publish({ tx, ...AUTHOR }, 'rule', 'welcome', await templateOf(tx, 'rule', 'welcome')))
  expect((await mine()).priority).toBe(asItCame.priority)
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'rule', 'own', { ...asItCame, key: 'own' }))
  expect(await home.db.read(home.tenant, (tx) => templateOf(tx, 'rule', 'own'))).toBeNull()
})

test('S10 a version later, what the tenant changed is still the tenant’s', async () => {
  await apply(LIBRARY)
  await mineIn(({ object: [book] }) => book!.fields.push({ key: 'shelf', label: label('书架'), kind: 'text' }), 'object', 'book')
  await apply(revised(({ object: [book] }) => book!.fields.push({ key: 'pages', label: label('页数'), kind: 'integer' })))
  await apply(revised(({ object: [book] }) => book!.fields.push({ key: 'pages', label: label('页码'), kind: 'integer' }, { key: 'weight', label: label('重量'), kind: 'integer' })))
  const { field } = await object('book')
  expect([field.has('shelf'), field.get('pages')?.label.zh, field.has('weight')]).toEqual([true, '页码', true])
})

test.each([
  ['one side each', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }, []],
  ['both the same', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }, []],
  ['both, differently', { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }, ['a']],
  ['a part that one side took away', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }, []],
  ['a part that one took away and the other changed', { a: 1 }, {}, { a: 2 }, {}, ['a']],
  ['words in a list', ['x', 'y'], ['x', 'y', 'mine'], ['new', 'x', 'y'], ['new', 'x', 'y', 'mine'], []],
  ['the tenant’s order', ['x', 'y', 'z'], ['z', 'y', 'x'], ['x', 'y', 'new', 'z'], ['z', 'y', 'new', 'x'], []],
  ['an element that the solution took away', [{ key: 'x', n: 1 }, { key: 'y', n: 1 }], [{ key: 'x', n: 1 }, { key: 'y', n: 1 }, { key: 'mine', n: 1 }], [{ key: 'y', n: 1 }], [{ key: 'y', n: 1 }, { key: 'mine', n: 1 }], []],
  ['a list without keys is one thing', [1, 2], [1, 3], [1, 4], [1, 3], ['']],
])('S10 %s', (_, base, mine, theirs, body, conflicts) => {
  const merged = mergeBodies({ base, mine, theirs })
  expect([merged.body, merged.conflicts.map(({ path }) => path)]).toEqual([body, conflicts])
})

test('S11 the plan says what will be done', async () => {
  expect(new Set(Object.values(await planned(LIBRARY)))).toEqual(new Set(['new']))
  await apply(LIBRARY)
  expect(new Set(Object.values(await planned(LIBRARY)))).toEqual(new Set(['same']))
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'view', 'out', null))
  await mineIn(({ rule }) => { rule[0]!.priority = 77 }, 'rule', 'overdue')
  await mineIn(({ rule }) => { rule[1]!.priority = 78 }, 'rule', LIBRARY.rule[1]!.key)
  const newer = revised(({ rule, tag, dictionary }) => { rule[1]!.label = label('改名'); rule[2]!.priority = 5; tag.push({ key: '新书', label: label('新书') }); dictionary[0]!.label = label('换名') })
  const { epoch } = await metadata()
  const plan = await planned(newer)
  expect([plan['view out'], plan['rule overdue'], plan[`rule ${LIBRARY.rule[1]!.key}`], plan[`rule ${LIBRARY.rule[2]!.key}`], plan['tag 新书'], plan['object book']]).toEqual(['removed', 'keep', 'merge', 'update', 'new', 'same'])
  expect((await metadata()).epoch).toBe(epoch)
})

test('S12 upgraded is as installed new', async () => {
  const newer = revised(({ object: objects, rule, tag }) => { objects[0]!.fields.push({ key: 'pages', label: label('页数'), kind: 'integer' }); rule[0]!.priority = 11; tag.push({ key: '新书', label: label('新书') }) })
  await apply(LIBRARY)
  await apply(newer)
  const other = await freshTenant({ solution: newer })
  expect(sorted(await exported())).toEqual(sorted(await exported(other)))
  await other.drop()
})
