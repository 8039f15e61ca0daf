import { expect, test } from 'vitest'
import { definitionOf, definitionRecord, ensureTags, publish, publishAll, revert, setRuleState, versionsOf } from '#kernel/metadata'
import { ADMIN, copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()
const TAG = { key: '新书', label: { zh: '新书', en: 'New' } }

test('M6 a publication is in force, numbered, and in the log', async () => {
  const before = (await desk.metadata()).epoch
  expect(await desk.publish('tag', '新书', TAG)).toEqual({ ok: true, version: 1, changed: true, building: [] })
  expect(await desk.publish('tag', '新书', { ...TAG, colour: 'red' })).toMatchObject({ version: 2 })
  const metadata = await desk.metadata()
  expect([metadata.epoch, metadata.tags.byKey.get('新书')]).toEqual([before + 2, { ...TAG, colour: 'red', id: expect.any(Number), version: 2 }])
  const log = await desk.rows(`select a.actor_kind, a.actor_ref, a.cause, a.ip, a.request, c.object, c.record_version, c.fields, u.act is not null as unsealed
    from {t}.change c join {t}.act a on a.id = c.act left join {t}.unsealed u on u.act = a.id where c.record = $1 order by c.seq`, [definitionRecord('tag', '新书')])
  expect(log).toEqual([
    { actor_kind: 'member', actor_ref: '1', cause: { kind: 'definition' }, ip: '10.0.0.1', request: 'r1', object: 'definition:tag', record_version: 1, unsealed: true,
      fields: { key: [null, '新书'], label: [null, TAG.label], state: [null, 'active'] } },
    expect.objectContaining({ record_version: 2, fields: { colour: [null, 'red'] } }),
  ])
})

test('M7 nothing happens when it is already so', async () => {
  const before = await desk.metadata()
  const rule = copyOf('rule', 'overdue')
  const shuffled = { ...Object.fromEntries(Object.entries(rule).reverse()) }
  expect(await desk.publish('rule', 'overdue', shuffled)).toEqual({ ok: true, version: 1, changed: false, building: [] })
  expect((await desk.metadata()).epoch).toBe(before.epoch)
})

const SHAPES: [string, Parameters<typeof desk.publish>[0], string, unknown, string[]][] = [
  ['nothing at all', 'tag', 'x', {}, ['key: 必须填写 / This is required', 'label: 必须填写 / This is required']],
  ['another type', 'tag', 'x', { key: 'x', label: 'x' }, ['label: 应为一组设置 / Expected object']],
  ['an unknown property', 'tag', 'x', { ...TAG, key: 'x', color: 1 }, [': 不认识：color，请去掉或检查拼写 / Not known: color; remove it or check its spelling']],
  ['a choice', 'tag', 'x', { ...TAG, key: 'x', colour: 'pink' }, ['colour: 只能是：red、amber、green、blue、grey / Only these are possible: red、amber、green、blue、grey']],
  ['too short', 'tag', 'x', { ...TAG, key: 'x', label: { zh: '', en: 'x' } }, ['label.zh: 至少 1 个字 / At least 1 characters']],
  ['another key', 'tag', 'x', TAG, ['key: 应为「x」：标识发布后不能改 / It must be “x”: a key never changes']],
  ['a bad leaf deep in a condition', 'view', 'out', { ...copyOf('view', 'out'), filter: { all: [{ not: { field: 'state', op: 'is', value: 'out' } }] } }, ['filter.all.0.not.op: 只能是：eq']],
  ['an unknown action', 'rule', 'r', { ...copyOf('rule', 'returned'), key: 'r', actions: [{ do: 'fly' }] }, ['actions.0.do: 这种类型不存在，请选择已有的类型 / There is no such kind; choose an existing one']],
  ['an unknown value', 'rule', 'r', { ...copyOf('rule', 'returned'), key: 'r', actions: [{ do: 'set', values: { note: { fild: 'x' } } }] }, ['actions.0.values.note.field: 必须填写', 'actions.0.values.note: 不认识：fild']],
  ['no list', 'view', 'out', { ...copyOf('view', 'out'), columns: 'x' }, ['columns: 应为列表 / Expected array']],
  ['NUL', 'tag', 'x', { ...TAG, key: 'x', label: { zh: 'a\u0000b', en: 'x' } }, [': 内容里有不可见的空字符']],
]
for (const [name, kind, key, body, sentences] of SHAPES) {
  test(`M8 ${name}`, async () => {
    const result = await desk.publish(kind, key, body)
    const said = result.ok ? [] : result.refusals.map(({ path = '', params }) => `${path}: ${params!['reason']} / ${params!['reasonEn']}`)
    expect(said.map((each, i) => each.slice(0, sentences[i]?.length))).toEqual(sentences)
  })
}

test('M9 a refused publication leaves nothing, and the transaction goes on', async () => {
  const before = await desk.metadata()
  await desk.mutate(async (tx) => {
    const author = desk.author(tx)
    const refused = await publishAll(author, [{ kind: 'tag', key: '甲', body: { key: '甲', label: { zh: '甲', en: 'A' } } },
      { kind: 'object', key: 'shelf', body: { ...copyOf('object', 'book'), key: 'shelf' } }, { kind: 'view', key: 'v', body: { ...copyOf('view', 'out'), key: 'v', object: 'nothing' } }])
    expect(refused.ok).toBe(false)
    expect(outcome(await publish(author, 'tag', '乙', { key: '乙', label: { zh: '乙', en: 'B' } }))).toBe('ok')
  })
  const after = await desk.metadata()
  expect([after.epoch, after.objects.has('shelf'), after.tags.byKey.has('甲'), after.tags.byKey.has('乙')]).toEqual([before.epoch + 1, false, false, true])
  expect(await desk.rows(`select to_regclass('{t}.o_shelf') as shelf, (select count(*) from {t}.tag where key = '甲') as tags`)).toEqual([{ shelf: null, tags: 0 }])
})

test('M10 stale and expected versions', async () => {
  expect(outcome(await desk.publish('tag', '新书', TAG, { expectVersion: 1 }))).toEqual(['DEFINITION_STALE'])
  expect(outcome(await desk.publish('tag', '新书', TAG, { expectVersion: 0 }))).toBe('ok')
  const stale = await desk.publish('tag', '新书', { ...TAG, colour: 'red' }, { expectVersion: 0 })
  expect(stale).toEqual({ ok: false, refusals: [{ code: 'DEFINITION_STALE', path: undefined, params: { version: 1 } }] })
})

test('M11 drafts that refer to each other are published together', async () => {
  const shelf = { ...copyOf('object', 'book'), key: 'shelf' }
  shelf.fields.push({ key: 'best', label: { zh: '最佳', en: 'Best' }, kind: 'reference', to: 'hall' })
  const hall = { ...copyOf('object', 'book'), key: 'hall' }
  hall.fields.push({ key: 'main', label: { zh: '主', en: 'Main' }, kind: 'reference', to: 'shelf' })
  const drafts = [{ kind: 'object', key: 'shelf', body: shelf }, { kind: 'object', key: 'hall', body: hall }] as const
  expect(outcome(await desk.publish('object', 'shelf', shelf))).toEqual(['DEFINITION_INVALID fields.6.to'])
  expect(await desk.mutate((tx) => publishAll(desk.author(tx), drafts))).toMatchObject({ ok: true, published: [{ key: 'shelf', version: 1 }, { key: 'hall', version: 1 }] })
})

test('M11 the same key twice is refused', async () => {
  const twice = await desk.mutate((tx) => publishAll(desk.author(tx), [{ kind: 'tag', key: '新书', body: TAG }, { kind: 'tag', key: '新书', body: { ...TAG, colour: 'red' } }]))
  expect(twice).toMatchObject({ ok: false, refusals: [{ kind: 'tag', key: '新书', refusal: { code: 'DEFINITION_INVALID' } }] })
})

test('M12 publishing waits for the batch under way', async () => {
  const order: string[] = []
  let publishing: Promise<unknown> | undefined
  await desk.mutate(async (batch) => {
    await batch.query('select pg_advisory_xact_lock_shared($1, 1)', [desk.home.tenant.id])
    publishing = desk.publish('tag', '新书', TAG).then(() => order.push('published'))
    await batch.query('select pg_sleep(0.2)')
    order.push('batch')
  })
  await publishing
  expect(order).toEqual(['batch', 'published'])
})

test('M13 removed and published again', async () => {
  await desk.publish('tag', '新书', TAG)
  const id = (await desk.metadata()).tags.byKey.get('新书')!.id
  expect(await desk.publish('tag', '新书', null)).toMatchObject({ ok: true, version: 2 })
  expect((await desk.metadata()).tags.byKey.has('新书')).toBe(false)
  expect(outcome(await desk.publish('tag', '新书', null))).toEqual(['NOT_FOUND'])
  expect(await desk.publish('tag', '新书', TAG)).toMatchObject({ ok: true, version: 3 })
  expect((await desk.metadata()).tags.byKey.get('新书')!.id).toBe(id)
  const versions = await desk.home.db.read(desk.home.tenant, (tx) => versionsOf(tx, 'tag', '新书'))
  expect(versions.map(({ version, body, actor }) => [version, body, actor])).toEqual([[3, TAG, { kind: 'member', ref: '1' }], [2, null, { kind: 'member', ref: '1' }], [1, TAG, { kind: 'member', ref: '1' }]])
})

test('M14 an old version is in force again', async () => {
  const rule = copyOf('rule', 'overdue')
  await desk.publish('rule', 'overdue', { ...rule, priority: 99 })
  expect(await desk.mutate((tx) => revert(desk.author(tx), 'rule', 'overdue', 1))).toMatchObject({ ok: true, version: 3, changed: true })
  expect((await desk.metadata()).rules.get('overdue')).toMatchObject({ priority: rule.priority, state: 'active', version: 3 })
  expect(outcome(await desk.mutate((tx) => revert(desk.author(tx), 'rule', 'overdue', 9)))).toEqual(['NOT_FOUND'])
})

test('M6 a rule’s state is a version too', async () => {
  expect(await desk.mutate((tx) => setRuleState(desk.author(tx), 'overdue', 'paused'))).toMatchObject({ ok: true, version: 2, changed: true })
  expect((await desk.metadata()).rules.get('overdue')).toMatchObject({ state: 'paused', version: 2 })
  expect(outcome(await desk.publish('tag', '新书', TAG, { state: 'paused' }))).toEqual(['DEFINITION_INVALID state'])
  expect(await desk.home.db.read(desk.home.tenant, (tx) => definitionOf(tx, 'rule', 'overdue'))).toMatchObject({ state: 'paused', version: 2, body: copyOf('rule', 'overdue') })
})

test('M26 missing tags are made, known ones cost nothing', async () => {
  const ensure = (...keys: string[]) => desk.mutate((tx) => ensureTags({ tx, actor: ADMIN }, keys))
  const made = await ensure('常客', '新', '新', '旧')
  expect([...made.keys()].toSorted()).toEqual(['常客', '新', '旧'].toSorted())
  const { epoch, tags } = await desk.metadata()
  expect([...made].every(([key, id]) => tags.byKey.get(key)!.id === id && tags.byId.get(id)!.key === key)).toBe(true)
  expect(await ensure('旧', '新')).toEqual(new Map([['旧', made.get('旧')], ['新', made.get('新')]]))
  expect((await desk.metadata()).epoch).toBe(epoch)
  await expect(ensure('x'.repeat(65))).rejects.toMatchObject({ refusal: { code: 'DEFINITION_INVALID' } })
})

test('M26 two batches make the same tags without waiting in a circle', async () => {
  const both = await Promise.all([['甲', '乙'], ['乙', '甲']].map((keys) => desk.mutate(async (tx) => {
    await tx.query('select pg_advisory_xact_lock_shared($1, 1)', [desk.home.tenant.id])
    return ensureTags({ tx, actor: ADMIN }, keys)
  })))
  expect(Object.fromEntries(both[0]!)).toEqual(Object.fromEntries(both[1]!))
  expect(await desk.rows(`select count(*) from {t}.definition_version where kind = 'tag' and key in ('甲', '乙')`)).toEqual([{ count: 2 }])
})
