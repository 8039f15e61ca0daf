import { afterAll, beforeAll, expect, test } from 'vitest'
import { lensOf, whyField } from '#kernel/access'
import { changesOf } from '#kernel/changes'
import { definitionOf, publish } from '#kernel/metadata'
import { getRecord, write, writeOrRefuse } from '#kernel/records'
import type { ObjectDefinition, Policy } from '#language/definitions'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
let job = ''
beforeAll(async () => {
  home = await workshop()
  await home.as('chief', async (ctx) => {
    const { fields, ...object } = (await definitionOf(ctx.tx, 'object', 'job'))!.body as ObjectDefinition
    const opened = fields.map((field) => (['note', 'phone', 'sealed', 'price'].includes(field.key) ? { ...field, open: true } : field))
    await publish(ctx, 'object', 'job', { ...object, fields: opened })
    job = (await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '修屏', note: '旧', price: '10' }, owner: PEOPLE.ann }]))[0]!.id
  })
})
afterAll(() => home.drop())

const change = (who: Person, values: Record<string, unknown>) => home.as(who, async (ctx) => {
  const result = await write(ctx, [{ op: 'update', object: 'job', id: job, values }])
  const first = result.ok ? null : result.refusals[0]!.refusal
  return first ? `${first.code} ${first.path?.split('.').at(-1) ?? ''}`.trim() : 'done'
})
const limit = (more: Partial<Policy> | null) => home.as('chief', (ctx) => publish(ctx, 'policy', 'shut', more && { key: 'shut', label: { zh: '关', en: 'Shut' }, object: 'job', effect: 'limit', fields: { note: { write: false } }, actions: [], ...more }))

test('A38 whoever reads it in full changes it, and nothing else of the record; it is theirs in the log', async () => {
  expect([await change('watcher', { note: '旁观的' }), await change('watcher', { name: '改名' }), await change('watcher', { note: 'x', name: 'y' })]).toEqual(['done', 'FORBIDDEN', 'FIELD_READ_ONLY name'])
  expect((await home.looking('watcher', (ctx) => getRecord(ctx, 'job', job))).values).toMatchObject({ note: '旁观的', name: '修屏' })
  const [last] = (await home.looking('chief', (ctx) => changesOf(ctx.tx, 'job', job, { limit: 1 })))
  expect([last!.actor, last!.fields]).toEqual([{ kind: 'member', id: PEOPLE.watcher }, { note: ['旧', '旁观的'] }])
  expect([await change('lead', { note: '组长的' }), await change('nobody', { note: 'x' }), await change('bob', { note: 'x' })]).toEqual(['done', 'NOT_FOUND', 'NOT_FOUND'])
  expect(await home.looking('watcher', (ctx) => whyField(ctx, 'job', job, 'note'))).toMatchObject({ read: 'full', write: true, roles: [{ role: 'watcher', write: true }] })
  expect(await home.looking('watcher', (ctx) => whyField(ctx, 'job', job, 'name'))).toMatchObject({ write: false })
})

test('A38 not what they do not read, what their role shuts, what nobody fills; a limit and a lock hold', async () => {
  expect([await change('watcher', { phone: '13800138000' }), await change('watcher', { sealed: 'x' }), await change('ann', { price: '99' })]).toEqual(['FIELD_NOT_AVAILABLE phone', 'FIELD_READ_ONLY sealed', 'FIELD_READ_ONLY price'])
  expect(await home.looking('watcher', async (ctx) => [...lensOf(ctx, 'job').writable].filter((key) => ['note', 'price', 'name', 'sealed'].includes(key)).sort())).toEqual(['note', 'price'])
  await limit({ when: { field: 'state', op: 'eq', value: 'open' } })
  expect(await change('watcher', { note: '再改' })).toBe('FIELD_LOCKED note')
  await limit(null)
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: job, values: { locked: true } }]))
  expect(await change('watcher', { note: '再改' })).toBe('RECORD_LOCKED')
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: job, values: { locked: false } }]))
  expect(await change('watcher', { note: '再改' })).toBe('done')
})
