import { afterEach, beforeEach, expect, test } from 'vitest'
import { metadataOf, publish, setRuleState } from '#kernel/metadata'
import { applySolution, type Applied, type ApplyOptions, exportSolution } from '#kernel/solutions'
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
const apply = (solution: Solution, options?: ApplyOptions) => mutate((tx) => applySolution({ tx, ...AUTHOR }, solution, options))
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

test('S7 private views and retired fields stay behind', async () => {
  await apply(LIBRARY)
  await apply(revised(({ object }) => object[0]!.fields.splice(4, 1)))
  await mutate((tx) => publish({ tx, ...AUTHOR }, 'view', 'mine', { ...LIBRARY.view[0]!, key: 'mine', owner: 3 }))
  const { view, object } = await exported()
  expect([view.map(({ key }) => key), object[0]!.fields.some(({ key }) => key === 'price')]).toEqual([['out'], false])
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
