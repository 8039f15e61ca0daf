import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lensOf, maskedSql, maskedValue, type Context } from '#kernel/access'
import type { ReadState } from '#language/definitions'
import { publish } from '#kernel/metadata'
import { ids } from '#platform/db'
import { aggregate, changesView, countRecords, getRecord, listRecords, timelineOf, write, writeOrRefuse } from '#kernel/records'
import { PEOPLE, workshop, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const JOBS = Array.from({ length: 4 }, () => ids.next())
beforeAll(async () => {
  home = await workshop()
  await home.as('chief', async (ctx) => {
    const fixer = ctx.metadata.roles.get('fixer')!
    const job = { ...fixer.objects['job']!, fields: { ...fixer.objects['job']!.fields, phone: { read: 'last4' as const }, note: { read: 'star' as const } } }
    await publish(ctx, 'role', 'fixer', { ...fixer, objects: { ...fixer.objects, job } })
  })
  await home.as('chief', (ctx) => writeOrRefuse(ctx, JOBS.map((id, i) => ({ op: 'create', object: 'job', id, values: { name: `维修${i}`, phone: `1380013800${i}`, note: i === 3 ? null : `第${i}次` }, owner: PEOPLE.ann }))))
})
afterAll(() => home.drop())

test('A16 what is masked reads the same as SQL and in memory', async () => {
  const texts = fc.sample(fc.option(fc.string({ unit: 'grapheme', maxLength: 12 })), 60).map((text) => text?.replaceAll('\u0000', '') ?? null)
  texts.push('a@b.c', '@', 'x@@y', null)
  for (const read of ['full', 'domain', 'last4', 'star', 'constant', 'hidden'] as const) {
    const rows = await home.db.read(home.tenant, (tx) => tx.query<{ seen: string | null }>(`select ${maskedSql(read, 'x.v')}::text as seen from unnest($1::text[]) with ordinality x(v, n) order by n`, [texts]))
    expect(rows.map(({ seen }) => seen)).toEqual(texts.map((text) => maskedValue(read, text)))
  }
})

test('A16 numbers and days in part read the same as SQL and in memory', async () => {
  const check = async (read: ReadState, type: string, values: readonly (string | null)[]) => {
    const rows = await home.db.read(home.tenant, (tx) => tx.query<{ seen: string | null }>(`select ${maskedSql(read, 'x.v')}::text as seen from unnest($1::${type}[]) with ordinality x(v, n) order by n`, [values]))
    expect(rows.map(({ seen }) => seen)).toEqual(values.map((value) => maskedValue(read, value)))
  }
  await check('leading', 'numeric', [null, '0', '0.7', '-0.7', '7', '10', '126000', '126000.55', '-4200', '999999999999999999999'])
  await check('year', 'date', [null, '2026-11-22', '1999-01-01', '2000-12-31'])
})

test('A16 lists, filters, order, groups, search and history say what the mask says', async () => {
  await home.looking('ann', async (ctx) => {
    expect((await getRecord(ctx, 'job', JOBS[1]!)).values).toMatchObject({ phone: '*******8001', note: '***' })
    const found = async (field: string, op: 'eq' | 'contains' | 'empty' | 'endsWith', value?: string) => (await listRecords(ctx, 'job', { filter: { field, op, ...(value !== undefined && { value }) } as never, limit: 9 })).records.map(({ id }) => JOBS.indexOf(id))
    expect(await found('phone', 'eq', '+8613800138001')).toEqual([])
    expect(await found('note', 'contains', '第')).toEqual([])
    expect(await found('note', 'empty')).toEqual([3])
    expect(await countRecords(ctx, 'job', { search: '13800138001' })).toEqual({ exact: 0 })
    expect(await countRecords(ctx, 'job', { search: '维修1' })).toEqual({ exact: 1 })
    const sorted = await listRecords(ctx, 'job', { sort: [{ field: 'phone', direction: 'desc' }], limit: 2 })
    expect(sorted.records.map(({ id }) => JOBS.indexOf(id))).toEqual([3, 2])
    expect((await listRecords(ctx, 'job', { sort: [{ field: 'phone', direction: 'desc' }], limit: 2, cursor: sorted.next! })).records.map(({ id }) => JOBS.indexOf(id))).toEqual([1, 0])
    expect(JSON.stringify([await changesView(ctx, 'job', JOBS[1]!, { limit: 9 }), await aggregate(ctx, 'job', { groupBy: [{ field: 'name' }] })])).not.toMatch(/138001|第1次/)
    expect((await aggregate(ctx, 'job', { groupBy: [{ field: 'phone' }], order: { by: 'key', direction: 'asc' }, top: 1 })).rows).toEqual([{ keys: ['*******8000'], rest: false, count: 1, values: [1] }, { keys: [null], rest: true, count: 3, values: [3] }])
  })
})

test('A16 several roles: the fullest; a kind that is no text is not published in part', async () => {
  const lens = await home.looking('ann', (ctx) => {
    const member = ctx.principal.kind === 'member' ? ctx.principal.member : undefined
    return Promise.resolve(lensOf({ ...ctx, principal: { kind: 'member', member: { ...member!, roles: ['fixer', 'lead'] } } } as Context, 'job'))
  })
  expect([lens.field('phone')?.read, lens.field('note')?.read, lens.writable.has('phone')]).toEqual(['full', 'full', true])
  await home.as('chief', async (ctx) => {
    const role = ctx.metadata.roles.get('fixer')!
    const refused = await publish(ctx, 'role', 'fixer', { ...role, objects: { job: { read: 'own', fields: { price: { read: 'last4' }, origin: { read: 'star' } } } } })
    expect(refused.ok ? [] : refused.refusals.map(({ path }) => path)).toEqual(['objects.job.fields.price', 'objects.job.fields.origin'])
  })
})

test('A17 a masked value is given once and never changed; what is not masked of the record is', async () => {
  await home.as('ann', async (ctx) => {
    const [made] = await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '新', phone: '13900139009' } }])
    expect((await getRecord(ctx, 'job', made!.id)).values).toMatchObject({ phone: '*******9009' })
    for (const phone of ['13900139001', '*******9009', null]) expect(await write(ctx, [{ op: 'update', object: 'job', id: made!.id, values: { phone } }])).toMatchObject({ ok: false, refusals: [{ refusal: { code: 'MASKED_VALUE', path: 'phone' } }] })
  })
  const { version } = await home.looking('ann', (ctx) => getRecord(ctx, 'job', JOBS[0]!))
  await home.as('ann', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS[0]!, expect: version, values: { name: '改' } }]))
})

test('A16 an edit behind a mask that leaves the mask as it was leaves no trace, and two such worlds give the same bytes', async () => {
  const look = () => home.looking('ann', async (ctx) => JSON.stringify([(await getRecord(ctx, 'job', JOBS[2]!)).version, await timelineOf(ctx, 'job', JOBS[2]!, { limit: 9 }), await changesView(ctx, 'job', JOBS[2]!, { limit: 9 })]))
  const list = () => home.looking('ann', async (ctx) => JSON.stringify([await getRecord(ctx, 'job', JOBS[1]!), await listRecords(ctx, 'job', { limit: 9, sort: [{ field: 'phone', direction: 'asc' }], filter: { field: 'phone', op: 'notEmpty' }, search: '维修' })]))
  const [before, listed] = [await look(), await list()]
  await home.db.mutate(home.tenant, (tx) => tx.query("update {t}.o_job set f_phone = '+86159' || right(f_phone, 8), f_note = f_note || '别的'"))
  expect(await list()).toBe(listed)
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS[2]!, values: { phone: '15912348002', note: '别的' } }]))
  expect(await look()).toBe(before)
})
