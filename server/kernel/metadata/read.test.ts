import { expect, test } from 'vitest'
import { isWorkingDay } from '#language/values'
import { bumpEpoch, metadataOf, publish, type Changed } from '#kernel/metadata'
import { createTenant, openDatabase } from '#platform/db'
import { freshTenant } from '../../../test/tenant.ts'
import { copyOf, Desk, outcome } from './testing/desk.ts'

const desk = new Desk()

test('M1 the same object while the epoch stands', async () => {
  const first = await desk.metadata()
  expect(await desk.metadata()).toBe(first)
  await desk.mutate(bumpEpoch)
  const second = await desk.metadata()
  expect([second === first, second.epoch]).toEqual([false, first.epoch + 1])
})

test('M1 no statement while the epoch stands, one when it has risen', async () => {
  await desk.metadata()
  const count = (): Promise<number> => desk.home.db.read(desk.home.tenant, async (tx) => {
    let statements = 0
    await metadataOf({ ...tx, query: (...args) => (statements++, tx.query(...args)) as never })
    return statements
  })
  expect(await count()).toBe(0)
  await desk.mutate(bumpEpoch)
  expect([await count(), await count()]).toEqual([1, 0])
})

test('M1 nobody can change what all share', async () => {
  const { objects } = await desk.metadata()
  expect(() => { (objects.get('book')!.label as { zh: string }).zh = 'x' }).toThrow('read only')
})

test('M2 a transaction sees its own publication, and nobody sees one that rolled back', async () => {
  const seen: (number | undefined)[] = []
  const failing = desk.mutate(async (tx) => {
    await publish(desk.author(tx), 'tag', '新书', { key: '新书', label: { zh: '新书', en: 'New' } })
    seen.push((await metadataOf(tx)).tags.byKey.get('新书')?.id, (await desk.metadata()).tags.byKey.get('新书')?.id)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await desk.publish('tag', '别的', { key: '别的', label: { zh: '别的', en: 'Other' } })
  seen.push((await desk.metadata()).tags.byKey.get('新书')?.id)
  expect(seen).toEqual([expect.any(Number), undefined, undefined])
})

test('M3 kinds of fields, base fields and tags', async () => {
  const book = copyOf('object', 'book')
  book.fields.find(({ key }) => key === 'topics')!.retired = true
  expect(outcome(await desk.publish('object', 'book', book))).toBe('ok')
  const metadata = await desk.metadata()
  const kinds = ['name', 'price', 'owner', 'tags', 'created_at', 'topics', 'nothing', 'constructor'].map((field) => metadata.fieldKind('book', field))
  expect(kinds).toEqual(['text', 'money', 'member', 'tags', 'datetime', undefined, undefined, undefined])
  expect([metadata.fieldKind('nothing', 'name'), metadata.objects.get('book')!.table, metadata.objects.get('book')!.field.has('topics')]).toEqual([undefined, '{t}."o_book"', false])
})

const HEARD: [object: string, event: 'created' | 'changed' | 'deleted' | 'restored', fields: string[], heard: boolean][] = [
  ['reader', 'created', [], true],
  ['reader', 'changed', ['name'], false],
  ['loan', 'created', [], true],
  ['loan', 'changed', ['state'], true],
  ['loan', 'changed', ['due'], true],
  ['loan', 'changed', ['reader'], true],
  ['loan', 'changed', ['note', 'fine'], false],
  ['loan', 'deleted', [], true],
  ['loan', 'restored', [], true],
  ['book', 'created', ['name'], false],
  ['book', 'changed', ['name'], false],
  ['book', 'deleted', [], false],
  ['unknown', 'created', [], false],
]
for (const [object, event, fields, heard] of HEARD) {
  test(`M4 ${object} ${event} ${fields.join(' ')} ${heard ? 'is heard' : 'is not'}`, async () => {
    expect((await desk.metadata()).listens(object, event, given(fields))).toBe(heard)
  })
}

const given = (fields: readonly string[]): Changed => Object.fromEntries(fields.map((key) => [key, [null, 1]]))

const TRIGGERS: [string, unknown, [event: 'created' | 'changed', fields: string[], heard: boolean][]][] = [
  ['any change', { on: 'changed', object: 'book' }, [['changed', ['price'], true], ['created', ['price'], false]]],
  ['a deadline', { on: 'deadline', object: 'book', field: 'next_contact_at' }, [['changed', ['next_contact_at'], true], ['created', ['next_contact_at'], true], ['created', [], false]]],
]
for (const [name, trigger, cases] of TRIGGERS) {
  test(`M4 a rule listens for ${name} only while it is active`, async () => {
    const rule = { ...copyOf('rule', 'returned'), key: 'mine', trigger, condition: { all: [] }, actions: [{ do: 'tag', add: ['常客'] }] }
    for (const state of ['active', 'paused'] as const) {
      expect(outcome(await desk.publish('rule', 'mine', rule, { state }))).toBe('ok')
      const { listens } = await desk.metadata()
      expect(cases.map(([event, fields]) => listens('book', event, given(fields)))).toEqual(cases.map(([, , heard]) => heard && state === 'active'))
    }
  })
}

const TAGGED: [name: string, on: string, event: 'created' | 'changed', tags: readonly [before: string[] | null, after: string[] | null], heard: boolean][] = [
  ['with the record', 'tagged', 'created', [null, ['常客']], true],
  ['to the record', 'tagged', 'changed', [['其他'], ['常客', '其他']], true],
  ['where another comes', 'tagged', 'changed', [['常客'], ['常客', '其他']], false],
  ['where it goes', 'tagged', 'changed', [['常客'], null], false],
  ['away', 'untagged', 'changed', [['常客', '其他'], ['其他']], true],
  ['where another goes', 'untagged', 'changed', [['常客', '其他'], ['常客']], false],
]
test('M4 a rule about a tag listens for that tag, when it comes or when it goes, and only while it is active', async () => {
  expect(outcome(await desk.publish('tag', '其他', { key: '其他', label: { zh: '其他', en: 'Other' } }))).toBe('ok')
  for (const [state, on] of [['active', 'tagged'], ['paused', 'tagged'], ['active', 'untagged'], ['paused', 'untagged']] as const) {
    const rule = { ...copyOf('rule', 'returned'), key: 'mine', trigger: { on, object: 'book', tag: '常客' }, condition: { all: [] }, actions: [{ do: 'notify', to: [{ owner: true }], kind: 'k', title: 't' }] }
    expect(outcome(await desk.publish('rule', 'mine', rule, { state }))).toBe('ok')
    const { listens, tags: known } = await desk.metadata()
    for (const [name, , event, tags, heard] of TAGGED.filter((each) => each[1] === on)) {
      const [before, after] = tags.map((each) => each?.map((key) => known.byKey.get(key)!.id) ?? null)
      expect(listens('book', event, { tags: [before, after] }), `${state}: ${name}`).toBe(heard && state === 'active')
    }
  }
})

test('M5 two databases with the same tenant id and epoch', async () => {
  const other = await freshTenant()
  await desk.metadata()
  expect((await other.db.read(other.tenant, metadataOf)).objects.size).toBe(0)
  await other.drop()
  const second = await createTenant(desk.home.db, { key: 'second', name: 'Second' })
  expect((await desk.home.db.read(second, metadataOf)).objects.size).toBe(0)
})

test('M27 a team is seen once the epoch has risen, by every process', async () => {
  const elsewhere = openDatabase(desk.home.db.pool.options as never)
  const [there] = await elsewhere.tenants()
  const names = async () => [...(await elsewhere.read(there!, metadataOf)).teams.values()]
  expect(await names()).toEqual([])
  await desk.mutate(async (tx) => {
    await tx.query(`insert into {t}.team (name, parent) values ('一部', null)`)
    await bumpEpoch(tx)
  })
  expect(await names()).toEqual([{ id: 1, name: '一部', parent: null, head: null }])
  await elsewhere.close()
})

test('M28 the published calendar is in force, over the years of the product; without one the standard week', async () => {
  const days = ['2026-10-01', '2026-10-10', '2028-03-01', '2028-03-04', '2026-11-21']
  const works = async () => { const { calendar, calendarVersion } = await desk.metadata(); return [calendarVersion, ...days.map((day) => isWorkingDay(day, calendar))] }
  expect(await works()).toEqual([1, false, true, false, true, false])
  await desk.publish('calendar', 'working', { ...copyOf('calendar', 'working'), weekdays: [1, 2, 3, 4, 5, 6], years: [] })
  expect(await works()).toEqual([2, false, true, true, true, true])
  await desk.publish('calendar', 'working', null)
  expect(await works()).toEqual([0, false, true, true, false, false])
})
