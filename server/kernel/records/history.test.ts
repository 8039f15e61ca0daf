import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids } from '#platform/db'
import { changesView, deletedRecords, timelineOf, writeOrRefuse, type Intent, type TimelineItem, type Values } from '#kernel/records'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
const JOB = ids.next()
const edit = (values: Values, more: object = {}): Intent => ({ op: 'update', object: 'job', id: JOB, values, ...more }) as Intent
const about = { object: 'job', id: JOB }
const steps: [Person | 'kernel', Intent][] = [
  ['ann', { op: 'create', object: 'job', id: JOB, values: { name: '维修' } }],
  ['chief', edit({ secret: '9' })],
  ['ann', { op: 'create', object: 'visit', values: { job: JOB, note: '到场' } }],
  ['kernel', { op: 'create', object: 'reading', values: { about, value: '7' } }],
  ['chief', edit({ secret: '8', count: 2 }, { addTags: ['急'] })],
  ['kernel', edit({ state: 'closed' })],
]
beforeAll(async () => {
  home = await workshop()
  for (const [who, intent] of steps) await home.as(who, (ctx) => writeOrRefuse(ctx, [intent]))
})
afterAll(() => home.drop())

const line = ({ kind, fields, child }: TimelineItem): string => (child ? `${child.object} ${child.title}` : [kind, ...(fields ?? []).map(({ field }) => field)].join(' '))
const lines = async (who: Person, limit = 50): Promise<string[]> => {
  const found: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await home.looking(who, (ctx) => timelineOf(ctx, 'job', JOB, { limit, cursor }))
    found.push(...page.items.map(line))
    if (page.next === null) return found
    cursor = page.next
  }
}

test('W38 own changes and children, newest first, each through its own lens', async () => {
  expect(await lines('chief')).toEqual(['changed state', 'changed tags count secret', 'reading 7', 'changed last_activity_at first_touch_at', 'visit 到场', 'changed secret', 'created'])
  expect(await lines('ann')).toEqual(['changed state', 'changed tags count', 'reading 7', 'changed last_activity_at first_touch_at', 'visit 到场', 'created'])
  expect(await lines('watcher')).toEqual(['changed state', 'changed tags count', 'changed last_activity_at first_touch_at', 'created'])
  for (const limit of [1, 2, 3]) expect(await lines('ann', limit)).toEqual(await lines('ann'))
})

test('W38 a child says who made it: a colleague, or the rule that did', async () => {
  const { items } = await home.looking('ann', (ctx) => timelineOf(ctx, 'job', JOB, { limit: 50 }))
  expect(items.flatMap(({ child, actor }) => (child ? [[child.object, actor]] : []))).toEqual([['reading', { kind: 'rule', name: '完工' }], ['visit', { kind: 'member', id: PEOPLE.ann, name: 'ann' }]])
})

test('W38 a child that points elsewhere is no longer shown', async () => {
  const [other, visit] = [ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', id: other, values: { name: '另一' } }, { op: 'create', object: 'visit', id: visit, values: { job: other, note: '走错' } }]))
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'visit', id: visit, values: { job: JOB } }]))
  const items = async (id: string) => (await home.looking('chief', (ctx) => timelineOf(ctx, 'job', id, { limit: 50 }))).items.filter(({ child }) => child?.id === visit).length
  expect([await items(other), await items(JOB)]).toEqual([0, 1])
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'delete', object: 'visit', id: visit }]))
  expect(await items(JOB)).toBe(0)
})

test('W39 the audit says who, why and from where, in fields of today’s lens', async () => {
  const audit = (who: Person) => home.looking(who, (ctx) => changesView(ctx, 'job', JOB, { limit: 50 }))
  const mine = await audit('ann')
  expect(JSON.stringify(mine)).not.toMatch(/secret|"9"|"8"/)
  expect(mine.items.map(({ kind }) => kind)).toEqual(['changed', 'changed', 'changed', 'created'])
  expect(mine.items[0]).toMatchObject({ actor: { kind: 'rule', name: '完工' }, cause: { kind: 'rule', rule: 'closed', ruleLabel: '完工' }, fields: [{ field: 'state', label: '状态', before: 'open', after: 'closed' }] })
  expect(mine.items[1]).toMatchObject({ actor: { kind: 'member', id: PEOPLE.chief, name: 'chief' }, ip: '10.0.0.1', fields: expect.arrayContaining([{ field: 'tags', label: '标签', before: [], after: ['急'] }]) })
  expect(mine.items[1]).not.toHaveProperty('seq')
  const all = await audit('chief')
  expect(all.items).toHaveLength(5)
  expect(all.items[0]).toMatchObject({ seq: expect.any(Number), act: expect.any(Number) })
})

test('W39 the audit of another’s record is not found', async () => {
  for (const work of [changesView, timelineOf]) await expect(home.looking('bob', (ctx) => work(ctx, 'job', JOB, { limit: 5 }))).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
})

test('W80 what was deleted, by whom, and who may bring it back', async () => {
  const [one, two, three] = [ids.next(), ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [one, two, three].map((id, i): Intent => ({ op: 'create', object: 'job', id, values: { name: `删${i}` } }))))
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'delete', object: 'job', id: one }]))
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [two, three].map((id): Intent => ({ op: 'delete', object: 'job', id }))))
  const page = await home.looking('chief', (ctx) => deletedRecords(ctx, 'job', { limit: 2 }))
  expect(new Set(page.items.map(({ record }) => record.id))).toEqual(new Set([two, three]))
  expect(new Set(page.items.map(({ act }) => act)).size).toBe(1)
  expect(page.items[0]).toMatchObject({ actor: { kind: 'member', name: 'chief' }, cause: { kind: 'member' } })
  const rest = await home.looking('chief', (ctx) => deletedRecords(ctx, 'job', { limit: 2, cursor: page.next! }))
  expect(rest.items.map(({ record: { id, title } }) => [id, title])).toEqual([[one, '删0']])
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [two, three].map((id): Intent => ({ op: 'restore', object: 'job', id }))))
  expect((await home.looking('chief', (ctx) => deletedRecords(ctx, 'job', { limit: 9 }))).items.map(({ record }) => record.id)).toEqual([one])
  await expect(home.looking('watcher', (ctx) => deletedRecords(ctx, 'job', { limit: 9 }))).rejects.toMatchObject({ refusal: { code: 'FORBIDDEN' } })
})
