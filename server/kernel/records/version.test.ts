import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRecord, listRecords, write, writeOrRefuse, type Values } from '#kernel/records'
import { workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

const made = async (values: Values = {}) => (await home.as('ann', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '维修', ...values } }])))[0]!.id
const seen = async (who: Person, id: string) => (await home.looking(who, (ctx) => getRecord(ctx, 'job', id))).version
const edit = async (who: Person, id: string, values: Values, expect?: string): Promise<string> => {
  const result = await home.as(who, (ctx) => write(ctx, [{ op: 'update', object: 'job', id, values, expect }]))
  return result.ok ? 'ok' : `${result.refusals[0]!.refusal.code} ${result.refusals[0]!.refusal.params?.['fields'] ?? ''}`
}

/** One line per case: what somebody else wrote meanwhile, what I write on the version I saw, and what I am told. */
const check = (title: string, { theirs, mine, told }: { theirs: Values[]; mine: Values; told: string }) =>
  test(`W19 ${title}`, async () => {
    const id = await made({ count: 1, note: '一' })
    const version = await seen('ann', id)
    for (const values of theirs) await edit('chief', id, values)
    expect(await edit('ann', id, mine, version)).toBe(told)
  })

check('nothing happened', { theirs: [], mine: { count: 2 }, told: 'ok' })
check('another field changed: merged', { theirs: [{ note: '二' }], mine: { count: 2 }, told: 'ok' })
check('the same field changed', { theirs: [{ note: '二' }, { count: 7 }], mine: { count: 2, urgent: true }, told: 'VERSION_STALE 件数' })
check('the same field changed and back', { theirs: [{ count: 7 }, { note: '二' }, { count: 1 }], mine: { count: 2 }, told: 'ok' })
check('a hidden field changed', { theirs: [{ secret: '9' }], mine: { count: 2 }, told: 'ok' })
check('a hidden field changed, then mine', { theirs: [{ secret: '9' }, { count: 3 }, { secret: '8' }], mine: { count: 2 }, told: 'VERSION_STALE 件数' })

test('W19 a version does not move with what its reader does not see', async () => {
  const id = await made()
  const [before, chief] = [await seen('ann', id), await seen('chief', id)]
  await edit('chief', id, { secret: '9' })
  expect(await seen('ann', id)).toBe(before)
  expect(await seen('chief', id)).not.toBe(chief)
})

test('W19 a made-up version is stale; a version of some fields speaks of those', async () => {
  const id = await made({ count: 1 })
  expect(await edit('ann', id, { count: 2 }, 'x')).toBe('VERSION_STALE 件数')
  const listed = (await home.looking('ann', (ctx) => listRecords(ctx, 'job', { limit: 50, fields: ['name', 'count'] }))).records.find((each) => each.id === id)!
  await edit('chief', id, { note: '二' })
  expect(await edit('ann', id, { note: '三' }, listed.version)).toBe('ok')
  await edit('chief', id, { count: 5 })
  expect(await edit('ann', id, { count: 3 }, listed.version)).toBe('VERSION_STALE 件数')
})

test('W20 writers of different fields merge, of one field exactly one wins', async () => {
  const id = await made({ count: 1 })
  const version = await seen('ann', id)
  const merged = await Promise.all([edit('ann', id, { note: 'a' }, version), edit('chief', id, { urgent: true }), edit('ann', id, { link: 'https://a.example' }, version)])
  expect(merged).toEqual(['ok', 'ok', 'ok'])
  expect(await home.looking('ann', (ctx) => getRecord(ctx, 'job', id, ['note', 'urgent', 'link']))).toMatchObject({ values: { note: 'a', urgent: true, link: 'https://a.example' } })
  const fresh = await seen('ann', id)
  const race = await Promise.all([2, 3, 4, 5].map((count) => edit('ann', id, { count }, fresh)))
  expect(race.toSorted()).toEqual(['VERSION_STALE 件数', 'VERSION_STALE 件数', 'VERSION_STALE 件数', 'ok'])
})
