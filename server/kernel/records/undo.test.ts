import { afterAll, beforeAll, expect, test } from 'vitest'
import { drain } from '#kernel/automation'
import { definitionOf, publish } from '#kernel/metadata'
import { actsToUndo, changesView, getRecord, readRecords, undoActs, undoToken, verifyTenant, write, writeOrRefuse, type Intent, type Values } from '#kernel/records'
import { advanceClock } from '#platform/db'
import type { Role } from '#language/definitions'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

/** One act; answers its number and the ids it wrote. */
const act = async (who: Person | 'kernel', ...intents: Intent[]) => {
  const written = await home.as(who, (ctx) => writeOrRefuse(ctx, intents))
  return { act: written[0]!.act!, id: written[0]!.id, ids: written.map(({ id }) => id) }
}
const job = (values: Values = {}, more: object = {}): Intent => ({ op: 'create', object: 'job', values: { name: '维修', ...values }, ...more }) as Intent
const edit = (id: string, values: Values, more: object = {}): Intent => ({ op: 'update', object: 'job', id, values, ...more }) as Intent
const undo = (who: Person | 'kernel', ...acts: number[]) => home.as(who, (ctx) => undoActs(ctx, acts))
const stored = async (id: string, object = 'job') => (await home.looking('kernel', (ctx) => readRecords(ctx, object, [id]))).get(id)!
const count = async (text: string, values: unknown[]) => (await home.looking('kernel', ({ tx }) => tx.query<{ n: number }>(`select count(*)::int as n from ${text}`, values)))[0]!.n

test('W50 fields changed since stay, the others go back', async () => {
  const { id } = await act('ann', job({ note: 'a', count: 1, urgent: true }, { tags: ['急'] }))
  const changed = await act('ann', edit(id, { note: 'b', count: 2, urgent: null }, { addTags: ['熟客'], removeTags: ['急'] }))
  await act('chief', edit(id, { count: 3 }))
  const { changed: n, kept } = await undo('ann', changed.act)
  expect([n, kept]).toEqual([1, [{ object: 'job', id, title: '维修', fields: ['count'], why: 'changed' }]])
  expect(await stored(id)).toMatchObject({ values: { note: 'a', count: 3, urgent: true }, tags: ['急'] })
})

test('W51 an undo is an act of its own, can be undone, and does nothing twice', async () => {
  const { id } = await act('ann', job({ note: 'a' }))
  const changed = await act('ann', edit(id, { note: 'b' }))
  const first = await undo('ann', changed.act)
  expect(await undo('ann', changed.act)).toMatchObject({ changed: 0, acts: [], kept: [{ fields: ['note'], why: 'changed' }] })
  const token = await home.looking('ann', (ctx) => undoToken(ctx, first.acts))
  expect(await home.looking('ann', (ctx) => actsToUndo(ctx, token!))).toEqual(first.acts)
  const [item] = (await home.looking('chief', (ctx) => changesView(ctx, 'job', id, { limit: 5 }))).items
  expect([item!.cause?.kind, item!.undo]).toEqual(['undo', token])
  expect(await count(`{t}.act where id = $1 and (cause->>'undoOf')::int = $2 and actor_ref = '${PEOPLE.ann}'`, [first.acts[0], changed.act])).toBe(1)
  await undo('ann', ...first.acts)
  expect((await stored(id)).values['note']).toBe('b')
})

test('W52 what was created goes unless worked on, what was deleted returns', async () => {
  const [one, two] = [await act('ann', job()), await act('ann', job())]
  await act('kernel', edit(one.id, { note: 'from a rule' }))
  await act('bob', { op: 'create', object: 'visit', values: { note: '上门' } } as Intent).catch(() => {})
  await act('chief', { op: 'create', object: 'visit', values: { note: '上门', job: two.id } } as Intent)
  expect(await undo('ann', one.act, two.act)).toMatchObject({ changed: 1, kept: [{ id: two.id, why: 'changed' }] })
  expect([(await stored(one.id)).gone, (await stored(two.id)).gone]).toEqual([true, false])
  const gone = await act('chief', { op: 'delete', object: 'job', id: two.id })
  await undo('chief', gone.act)
  expect((await stored(two.id)).gone).toBe(false)
  const fresh = await act('ann', job())
  const { acts } = await undo('ann', fresh.act)
  await undo('ann', ...acts)
  expect((await stored(fresh.id)).gone).toBe(false)
})

test('W53 own acts for an hour, others with today\'s rights', async () => {
  const { id } = await act('ann', job())
  const away = await act('ann', { op: 'update', object: 'job', id, owner: PEOPLE.bob })
  expect(await undo('watcher', away.act)).toMatchObject({ changed: 0, kept: [{ why: 'refused', title: '维修' }] })
  expect(await undo('ann', away.act)).toMatchObject({ changed: 1, kept: [] })
  expect(await stored(id)).toMatchObject({ owner: PEOPLE.ann, ownerTeam: 2 })
  const priced = await act('chief', edit(id, { price: '5', note: 'x', secret: '9' }))
  const { kept } = await undo('ann', priced.act)
  expect(kept).toEqual([{ object: 'job', id, title: '维修', fields: ['price'], why: 'rights' }])
  expect((await stored(id)).values).toMatchObject({ price: '5', secret: '9' })
  expect((await stored(id)).values['note']).toBeUndefined()
  const later = await act('ann', { op: 'update', object: 'job', id, owner: PEOPLE.bob })
  await advanceClock(home.db, home.tenant, 2 * 3_600_000)
  expect(await undo('ann', later.act)).toMatchObject({ changed: 0, kept: [{ why: 'refused', title: '' }] })
})

test('W74 whoever may restore data puts back what others wrote and deleted, without typing or reading it; locked records and tags that decide permissions stay', async () => {
  const role = async (rights: Role['rights']) => home.as('chief', async (ctx) => { await publish(ctx, 'role', 'watcher', { ...(await definitionOf(ctx.tx, 'role', 'watcher'))!.body as Role, rights }) })
  const { id } = await act('ann', job({ note: 'a', phone: '13800138000' }))
  const wrong = await act('chief', edit(id, { note: 'b', secret: '9', phone: null, price: '5' }, { addTags: ['保密', '急'] }))
  expect(await undo('watcher', wrong.act)).toMatchObject({ changed: 0, kept: [{ id, why: 'refused' }] })
  await role(['restore'])
  const rehearsed = await home.as('watcher', (ctx) => undoActs(ctx, [wrong.act], { rehearse: true }))
  const { changed, kept } = await undo('watcher', wrong.act)
  expect([changed, kept]).toEqual([1, [{ object: 'job', id, title: '维修', fields: ['tags'], why: 'rights' }]])
  expect(rehearsed.kept).toEqual(kept)
  expect(await stored(id)).toMatchObject({ values: { note: 'a', phone: '+8613800138000' }, tags: ['保密', '急'] })
  expect([(await stored(id)).values['secret'], (await stored(id)).values['price']]).toEqual([undefined, undefined])
  expect(Object.keys((await home.looking('watcher', (ctx) => getRecord(ctx, 'job', id))).values)).not.toContain('phone')
  const gone = await act('chief', { op: 'delete', object: 'job', id })
  expect(await undo('watcher', gone.act)).toMatchObject({ changed: 1, kept: [] })
  const typed = await home.as('watcher', async (ctx) => write(ctx, [edit(id, { note: 'z' })]))
  expect(typed.ok).toBe(false)
  const more = await act('chief', edit(id, { note: 'c' }))
  await act('chief', edit(id, { locked: true }))
  expect(await undo('watcher', more.act)).toMatchObject({ changed: 0, kept: [{ id, fields: ['note'], why: 'rights' }] })
  await role([])
})

test('W54 a record that refuses is left, the others go back', async () => {
  const [a, b] = (await act('chief', job({ serial: 'S1' }), job({ serial: 'S2' }))).ids as [string, string]
  const cleared = await act('chief', edit(a, { serial: 'T1' }), edit(b, { serial: 'T2' }))
  await act('chief', job({ serial: 'S1' }))
  expect(await undo('chief', cleared.act)).toMatchObject({ changed: 1, kept: [{ id: a, why: 'refused', refusal: { code: 'VALUE_DUPLICATE' } }] })
  expect([(await stored(a)).values['serial'], (await stored(b)).values['serial']]).toEqual(['T1', 'S2'])
  const reading = await act('chief', { op: 'create', object: 'reading', values: { about: { object: 'job', id: a }, value: 1 } } as Intent)
  expect(await undo('chief', reading.act)).toMatchObject({ changed: 0, kept: [{ why: 'immutable' }] })
  await expect(undo('chief', 99_999_999)).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  const [published] = await home.looking('kernel', ({ tx }) => tx.query<{ act: number }>(`select act from {t}.change where object like 'definition:%' limit 1`))
  await expect(undo('chief', published!.act)).rejects.toMatchObject({ refusal: { code: 'UNDO_IMPOSSIBLE' } })
})

test('W55 owners and load go back with the record', async () => {
  const many = await act('ann', ...Array.from({ length: 5 }, () => job()))
  const away = await act('chief', ...many.ids.map((id): Intent => ({ op: 'update', object: 'job', id, owner: PEOPLE.bob })), ...many.ids.slice(0, 2).map((id) => edit(id, { state: 'closed' })))
  await undo('chief', away.act)
  expect(await count(`{t}.assignment where closed_at is null and member = $1 and record = any($2::uuid[])`, [PEOPLE.ann, many.ids])).toBe(5)
  expect((await home.looking('kernel', (ctx) => verifyTenant(ctx))).loads.filter(({ recounted, stored }) => recounted !== stored)).toEqual([])
})

test('W56 no event rule answers an undo', async () => {
  const { id } = await act('ann', job({ state: 'closed' }))
  const reopened = await act('ann', edit(id, { state: 'open' }))
  await drain(home.db, home.tenant)
  await undo('ann', reopened.act)
  await drain(home.db, home.tenant)
  expect(await stored(id)).toMatchObject({ values: { state: 'closed' }, tags: [] })
  const closed = await act('ann', edit(id, { state: 'open' }))
  await act('ann', edit(id, { state: 'closed' }))
  await drain(home.db, home.tenant)
  expect((await stored(id)).tags).toEqual(['熟客'])
  expect(closed.act).toBeGreaterThan(0)
})

test('W57 a locked record is for whoever may unlock it', async () => {
  const { id } = await act('ann', job({ note: 'a' }))
  const refusal = async (who: Person | 'kernel', intent: Intent) => { const result = await home.as(who, (ctx) => write(ctx, [intent])); return result.ok ? 'ok' : result.refusals[0]!.refusal.code }
  expect(await refusal('ann', edit(id, { locked: true }))).toBe('FIELD_READ_ONLY')
  await act('chief', edit(id, { locked: true }))
  expect([await refusal('ann', edit(id, { note: 'b' })), await refusal('ann', { op: 'update', object: 'job', id, owner: PEOPLE.bob }), await refusal('kernel', edit(id, { note: 'c' })), await refusal('chief', edit(id, { note: 'd' }))]).toEqual(['RECORD_LOCKED', 'RECORD_LOCKED', 'ok', 'ok'])
  expect(await refusal('chief', { op: 'create', object: 'visit', values: { note: '上门', job: id } } as Intent)).toBe('ok')
  expect((await home.looking('ann', (ctx) => getRecord(ctx, 'job', id))).can).toEqual({ edit: false, delete: false, transfer: false, share: false, unlock: false })
  await act('chief', edit(id, { locked: false }))
  expect([(await stored(id)).values['locked'], await refusal('ann', edit(id, { note: 'e' }))]).toEqual([undefined, 'ok'])
})

test('W112 a segment’s tag follows its condition, also when an act is taken back', async () => {
  await home.as('kernel', (ctx) => publish(ctx, 'tag', '大单', { key: '大单', label: { zh: '大单', en: 'Large' }, segment: { object: 'job', condition: { field: 'note', op: 'eq', value: '大' } } }))
  const { id } = await act('chief', job({ note: '小' }))
  const grown = await act('chief', { ...edit(id, { note: '大' }), addTags: ['急'] } as Intent)
  await drain(home.db, home.tenant)
  expect([...(await stored(id)).tags].sort()).toEqual(['大单', '急'].sort())
  const byHand = await home.as('chief', (ctx) => write(ctx, [{ ...edit(id, {}), removeTags: ['大单'] } as Intent]))
  expect(byHand).toMatchObject({ ok: false, refusals: [{ refusal: { code: 'SEGMENT_TAG' } }] })
  const [segment] = await home.looking('kernel', ({ tx }) => tx.query<{ act: number }>(`select act from {t}.run where rule = 'segment:大单' and record = $1`, [id]))
  expect(await undo('chief', segment!.act)).toMatchObject({ changed: 0 })
  expect((await stored(id)).tags).toContain('大单')
  await undo('chief', grown.act)
  await drain(home.db, home.tenant)
  expect((await stored(id))).toMatchObject({ values: { note: '小' } })
  expect((await stored(id)).tags).not.toContain('大单')
})
