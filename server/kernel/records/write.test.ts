import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Refused } from '#contract'
import { ids } from '#platform/db'
import type { Context } from '#kernel/access'
import { changesView, getRecord, lockRecords, readRecords, write, writeOrRefuse, type Intent, type Values } from '#kernel/records'
import { PEOPLE, workshop, type Person, type Workshop } from './testing/workshop.ts'

let home: Workshop
beforeAll(async () => {
  home = await workshop()
  await home.as('kernel', ({ tx }) => uploaded(tx, NOBODY, PEOPLE.ann))
})
afterAll(() => home.drop())

const NOBODY = ids.next()
const uploaded = (tx: Context['tx'], id: string, by: number) => tx.query(`insert into {t}.file (id, sha256, name, type, bytes, uploaded_by, uploaded_at, scan) values ($1, '', 'x', 'text/plain', 1, $2, $3, 'unscanned')`, [id, by, tx.now])
const job = (values: Values = {}, more: object = {}): Intent => ({ op: 'create', object: 'job', values: { name: '维修', ...values }, ...more }) as Intent
const edit = (id: string, values: Values, more: object = {}): Intent => ({ op: 'update', object: 'job', id, values, ...more }) as Intent
const site = (id = ids.next()): Intent => ({ op: 'create', object: 'site', id, values: { name: '城东' } })

/** Write as somebody; answers `ok` or `CODE path`. */
const outcome = async (who: Person | 'kernel', intents: readonly Intent[]): Promise<string> => {
  const result = await home.as(who, (ctx) => write(ctx, intents))
  return result.ok ? 'ok' : [...new Set(result.refusals.map(({ refusal: { code, path } }) => `${code} ${path ?? ''}`.trim()))].join(', ')
}
const made = async (who: Person | 'kernel', intent: Intent = job()): Promise<string> => (await home.as(who, (ctx) => writeOrRefuse(ctx, [intent])))[0]!.id
const stored = async (id: string, object = 'job') => (await home.looking('kernel', (ctx) => readRecords(ctx, object, [id]))).get(id)!
const rows = <R>(text: string, values: unknown[] = []): Promise<R[]> => home.looking('kernel', ({ tx }) => tx.query<R>(text, values))

/** One line per case: what is sent for a field of a job, and what is stored or refused. */
const check = (field: string, sent: unknown, expected: unknown) =>
  test(`W${isCode(expected) ? 2 : 1} ${field}: ${JSON.stringify(sent)?.slice(0, 40)} → ${JSON.stringify(expected)}`, async () => {
    const result = await home.as('kernel', (ctx) => write(ctx, [job({ [field]: sent })]))
    const [told, kept] = result.ok ? [result.written[0]!.after, await stored(result.written[0]!.id)].map(({ values }) => values[field] ?? null) : result.refusals.flatMap(({ refusal: { code, path } }) => [code, path])
    expect([told, kept]).toEqual([expected, isCode(expected) ? field : expected])
  })
const isCode = (expected: unknown): boolean => typeof expected === 'string' && /^[A-Z_]{5,}$/.test(expected)

describe('values', () => {
  check('name', ' 屏幕\n碎了　', '屏幕 碎了')
  check('name', 'é', 'é')
  check('name', 'a\u0000b', 'ab')
  check('name', 7, 'VALUE_INVALID')
  check('name', '一'.repeat(41), 'TEXT_TOO_LONG')
  check('name', '👩‍🔧'.repeat(13), '👩‍🔧'.repeat(13))
  check('note', '一\n二', '一\n二')
  check('note', '', null)
  check('phone', '138-0013 8000', '+8613800138000')
  check('phone', '12345', 'PHONE_INVALID')
  check('price', '1,000.50', '1000.5')
  check('price', '５０万', '500000')
  check('price', 0.1, '0.1')
  check('price', 'abc', 'NUMBER_INVALID')
  check('price', Number.POSITIVE_INFINITY, 'NUMBER_INVALID')
  check('price', 'NaN', 'NUMBER_INVALID')
  check('count', 3, 3)
  check('count', '12', 12)
  check('count', 1.5, 'VALUE_INVALID')
  check('count', 2 ** 53, 'VALUE_INVALID')
  check('count', 0, 'VALUE_INVALID')
  check('due', '2026-11-22', '2026-11-22')
  check('due', '2026-02-30', 'DATE_INVALID')
  check('due', '31/12/26', 'DATE_INVALID')
  check('due', 'infinity', 'DATE_INVALID')
  check('received', '2026-11-22T10:00:00+08:00', '2026-11-22T02:00:00.000Z')
  check('received', '2026-11-22T10:00:00', 'DATE_INVALID')
  check('state', 'busy', 'busy')
  check('state', 'nope', 'VALUE_INVALID')
  check('parts', ['case', 'screen', 'case'], ['case', 'screen'])
  check('parts', [], null)
  check('parts', ['nope'], 'VALUE_INVALID')
  check('email', 'A@Example.com', 'a@example.com')
  check('email', 'a b@c', 'VALUE_INVALID')
  check('link', 'javascript:alert(1)', 'VALUE_INVALID')
  check('urgent', true, true)
  check('urgent', 'true', 'VALUE_INVALID')
  check('area', '310000', '310000')
  check('area', '990000', 'VALUE_INVALID')
  check('checker', PEOPLE.bob, PEOPLE.bob)
  check('checker', PEOPLE.gone, 'VALUE_INVALID')
  check('checker', 2 ** 40, 'VALUE_INVALID')
  check('site', 'nope', 'VALUE_INVALID')
  check('site', NOBODY, 'VALUE_INVALID')
  check('about', { object: 'nope', id: NOBODY }, 'VALUE_INVALID')
  check('photos', [NOBODY.toUpperCase()], [NOBODY])
  check('count', 5, 5)
})

test('W3 unknown, hidden and prototype keys are refused alike; nothing is saved', async () => {
  const mine = await made('ann')
  for (const values of [{ nope: 1 }, { secret: '5' }, JSON.parse('{"__proto__": {"x": 1}}'), { constructor: 1 }, { version: 9 }, { gone_act: 1 }] as Values[]) {
    const [key] = Object.keys(values)
    const result = await home.as('ann', (ctx) => write(ctx, [edit(mine, values)]))
    expect(result).toEqual({ ok: false, refusals: [{ index: 0, refusal: { code: 'FIELD_NOT_AVAILABLE', path: key, params: { field: key } } }] })
  }
  expect(await outcome('ann', [edit(mine, { price: '1', sealed: 'x', number: 'J1', created_at: '2026-01-01T00:00:00Z', id: mine })])).toBe('FIELD_READ_ONLY price, FIELD_READ_ONLY sealed, FIELD_READ_ONLY number, FIELD_READ_ONLY created_at, FIELD_READ_ONLY id')
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  expect((await stored(mine)).recordVersion).toBe(1)
})

test('W4 required at birth and afterwards', async () => {
  expect(await outcome('ann', [{ op: 'create', object: 'job', values: {} }])).toBe('VALUE_REQUIRED name')
  expect(await outcome('ann', [edit(await made('ann'), { name: '　' })])).toBe('VALUE_REQUIRED name')
})

test('W5 an option that is off stays but is not chosen', async () => {
  const id = await made('ann')
  expect(await outcome('ann', [edit(id, { state: 'old' })])).toBe('VALUE_INVALID state')
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.o_job set f_state = 'old' where id = $1`, [id]))
  expect(await outcome('ann', [edit(id, { state: 'old', note: 'x' })])).toBe('ok')
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.o_job set f_state = 'open' where id = $1`, [id]))
})

test('W6 unique among the living, in a batch and between writers', async () => {
  const first = await made('ann', job({ serial: 'S1' }))
  const result = await home.as('bob', (ctx) => write(ctx, [job({ serial: 'S1' })]))
  expect(result).toEqual({ ok: false, refusals: [{ index: 0, refusal: { code: 'VALUE_DUPLICATE', path: 'serial', params: { field: '序列号' } } }] })
  expect(await outcome('bob', [job({ serial: 'S2' }), job({ serial: 'S2' })])).toBe('VALUE_DUPLICATE serial')
  expect(await outcome('ann', [edit(first, { serial: 'S1' })])).toBe('ok')
  expect(await outcome('chief', [{ op: 'delete', object: 'job', id: first }, job({ serial: 'S1' })])).toBe('ok')
  expect(await outcome('chief', [{ op: 'restore', object: 'job', id: first }])).toBe('VALUE_DUPLICATE serial')
  const race = await Promise.allSettled([1, 2, 3, 4].map(() => home.as('ann', (ctx) => writeOrRefuse(ctx, [job({ serial: 'S3' })]))))
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(race.filter((each) => each.status === 'rejected').map(({ reason }) => (reason as Refused).refusal.code)).toEqual(Array.from({ length: 3 }, () => 'VALUE_DUPLICATE'))
  const [a, b] = [await made('ann', job({ serial: 'SA' })), await made('ann', job({ serial: 'SB' }))]
  expect(await outcome('ann', [edit(a, { serial: 'SC' }), edit(b, { serial: 'SA' })])).toBe('ok')
})

test('W7 a refused batch leaves nothing behind', async () => {
  const count = () => rows(`select (select count(*) from {t}.o_job) j, (select count(*) from {t}.change) c, (select count(*) from {t}.act) a, (select count(*) from {t}.assignment) s, (select sum(open) from {t}.member_load) l, (select count(*) from {t}.todo) t`)
  const before = await count()
  expect(await outcome('ann', [job(), job(), job({ state: 'nope' })])).toBe('VALUE_INVALID state')
  expect(await outcome('ann', [job(), edit(NOBODY, { name: 'x' })])).toBe('NOT_FOUND')
  expect(await outcome('ann', [job(), job({ site: NOBODY })])).toBe('VALUE_INVALID site')
  expect(await count()).toEqual(before)
})

test('W8 references: missing, deleted and invisible targets alike', async () => {
  const [seen, unseen] = [await made('ann'), await made('bob')]
  const gone = await made('chief', site())
  await outcome('chief', [{ op: 'delete', object: 'site', id: gone }])
  for (const target of [{ object: 'job', id: unseen }, { object: 'job', id: NOBODY }, { object: 'site', id: gone }]) expect(await outcome('ann', [edit(seen, { about: target })])).toBe('VALUE_INVALID about')
  expect(await outcome('ann', [edit(seen, { about: { object: 'job', id: seen } })])).toBe('ok')
  expect(await outcome('ann', [{ op: 'create', object: 'visit', values: { note: 'x', job: unseen } }])).toBe('VALUE_INVALID job')
  expect(await outcome('chief', [edit(seen, { about: { object: 'job', id: unseen } })])).toBe('ok')
})

test('W9 an owner is an active member', async () => {
  for (const owner of [PEOPLE.gone, 999]) expect(await outcome('chief', [job({}, { owner })])).toBe('VALUE_INVALID owner')
})

test('W10 sentences hold after every write', async () => {
  const result = await home.as('ann', (ctx) => write(ctx, [job({ count: -1 })]))
  expect(result).toMatchObject({ refusals: [{ refusal: { code: 'VALUE_INVALID', path: 'count', params: { field: '件数', reason: '必须大于零' } } }] })
})

test('W11 a new record is filled in', async () => {
  const mine = await stored(await made('ann'))
  expect(mine).toMatchObject({ owner: PEOPLE.ann, ownerTeam: 2, values: { state: 'open', origin: 'member', created_by: PEOPLE.ann, number: expect.stringMatching(/^J\d{4}$/) } })
  expect(mine.values['received']).toBe(mine.values['created_at'])
  expect(await stored(await made('ann', job({ received: null })))).not.toHaveProperty('values.received')
  expect(await stored(await made('kernel'))).toMatchObject({ owner: null, ownerTeam: null, values: { origin: 'rule:closed' } })
  expect(await stored(await made('chief', job({}, { owner: PEOPLE.bob })))).toMatchObject({ owner: PEOPLE.bob, ownerTeam: 3 })
})

test('W13 a write that changes nothing writes nothing', async () => {
  const id = await made('ann', job({ count: 3 }))
  const before = await rows('select count(*) from {t}.act')
  const result = await home.as('ann', (ctx) => write(ctx, [edit(id, { count: '3', note: '' })]))
  expect(result).toMatchObject({ ok: true, written: [{ changed: false, seq: null, act: null, recordVersion: 1 }] })
  expect(await rows('select count(*) from {t}.act')).toEqual(before)
  expect(await stored(id)).toMatchObject({ recordVersion: 1 })
})

test('W14 wishes for one record are taken in order, one change per act', async () => {
  const id = ids.next()
  const acts = ['a', 'b'].map((key) => ({ actor: { kind: 'rule' as const, key, event: 1, depth: 1 }, cause: { kind: 'rule' as const, rule: key } }))
  const result = await home.as('kernel', (ctx) => write(ctx, [
    job({ count: 1 }, { id, act: 0 }), edit(id, { count: 2 }, { act: 0 }), edit(id, { count: 3, note: 'n' }, { act: 1 }), edit(id, { note: null }, { act: 1, addTags: ['急'] }),
  ], { acts }))
  expect(result.ok && result.written.map(({ recordVersion, changed }) => [recordVersion, changed])).toEqual([[2, true], [2, true], [2, true], [2, true]])
  const log = await rows<{ fields: Record<string, unknown>; record_version: number; actor_ref: string }>('select c.fields, c.record_version, a.actor_ref from {t}.change c join {t}.act a on a.id = c.act where record = $1 order by record_version', [id])
  expect(log.map(({ record_version, actor_ref, fields }) => [record_version, actor_ref, fields['count'], fields['note'], fields['tags']])).toEqual([[1, 'a', [null, 2], undefined, undefined], [2, 'b', [2, 3], undefined, [null, [expect.any(Number)]]]])
  expect(await stored(id)).toMatchObject({ recordVersion: 2, tags: ['急'] })
})

test('W15 creations of one batch may point to each other', async () => {
  const [place, work] = [ids.next(), ids.next()]
  expect(await outcome('kernel', [job({ site: place }, { id: work }), site(place), { op: 'create', object: 'visit', values: { job: work } }])).toBe('ok')
  expect(await stored(work)).toMatchObject({ values: { site: place, last_activity_at: expect.any(String) } })
})

test('W16 unknown and invisible are refused alike, without waiting', async () => {
  const theirs = await made('bob')
  await home.as('bob', async (ctx) => {
    await lockRecords(ctx, 'job', [theirs])
    const started = Date.now()
    for (const id of [theirs, NOBODY, 'nonsense']) expect(await home.as('ann', (mine) => write(mine, [edit(id, { name: 'x' })]))).toEqual({ ok: false, refusals: [{ index: 0, refusal: { code: 'NOT_FOUND', params: {} } }] })
    // Whoever waits for the lock waits two seconds.
    expect(Date.now() - started).toBeLessThan(1_900)
  })
  expect(await outcome('nobody', [job()])).toBe('NOT_FOUND')
  expect(await outcome('ann', [{ op: 'create', object: 'nope', values: {} }])).toBe('NOT_FOUND')
})

test('W17 rights on the row decide', async () => {
  const [mine, theirs] = [await made('ann'), await made('bob')]
  expect(await outcome('watcher', [edit(mine, { name: 'x' })])).toBe('FORBIDDEN')
  expect(await outcome('lead', [edit(mine, { name: 'x' })])).toBe('ok')
  expect(await outcome('lead', [edit(mine, {}, { owner: PEOPLE.bob })])).toBe('FORBIDDEN')
  expect(await outcome('lead', [edit(mine, { owner: PEOPLE.bob })])).toBe('FIELD_READ_ONLY owner')
  expect(await outcome('ann', [{ op: 'delete', object: 'job', id: mine }])).toBe('FORBIDDEN')
  expect(await outcome('watcher', [job()])).toBe('FORBIDDEN')
  expect(await outcome('ann', [job({}, { owner: PEOPLE.bob })])).toBe('FORBIDDEN owner')
  const [visit, seen] = [await made('ann', { op: 'create', object: 'visit', values: { job: mine } }), await made('chief', { op: 'create', object: 'visit', values: { job: mine } })]
  expect(await outcome('ann', [{ op: 'update', object: 'visit', id: visit, values: { note: 'x' } }])).toBe('ok')
  expect(await outcome('ann', [{ op: 'update', object: 'visit', id: seen, values: { note: 'x' } }])).toBe('FORBIDDEN')
  expect(await outcome('ann', [edit(mine, { owner: PEOPLE.bob })])).toBe('ok')
  expect(await outcome('ann', [edit(mine, { name: 'x' })])).toBe('NOT_FOUND')
  expect(await outcome('area', [edit(theirs, { name: 'x' })])).toBe('NOT_FOUND')
})

test('W18 delete keeps the row, restore brings it back', async () => {
  const id = await made('chief', job({ serial: 'D1' }))
  const before = await stored(id)
  const drop: Intent = { op: 'delete', object: 'job', id }
  expect(await outcome('chief', [drop])).toBe('ok')
  expect(await outcome('chief', [drop])).toBe('NOT_FOUND')
  expect(await outcome('chief', [edit(id, { name: 'x' })])).toBe('NOT_FOUND')
  await expect(home.looking('chief', (ctx) => getRecord(ctx, 'job', id))).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  expect(await rows('select fields from {t}.change where record = $1 and record_version = 2', [id])).toEqual([{ fields: { $gone: [false, true] } }])
  expect(await outcome('chief', [{ op: 'restore', object: 'job', id }])).toBe('ok')
  const { updated_at: _, ...values } = (await stored(id)).values
  expect({ ...before.values, ...values }).toEqual({ ...values, updated_at: before.values['updated_at'] })
})

test('W21 one open assignment while the owner carries it, and the load moves with it', async () => {
  const loads = async () => Object.fromEntries((await rows<{ member: number; open: number }>('select member, open from {t}.member_load')).map(({ member, open }) => [member, open]))
  const before = await loads()
  const id = await made('ann')
  const delta = async () => { const now = await loads(); return [now[PEOPLE.ann]! - before[PEOPLE.ann]!, now[PEOPLE.bob]! - (before[PEOPLE.bob] ?? 0)] }
  expect(await delta()).toEqual([1, 0])
  const steps: [Intent, number[]][] = [
    [edit(id, { state: 'busy' }), [1, 0]], [edit(id, {}, { owner: PEOPLE.bob }), [0, 1]], [edit(id, { state: 'closed' }), [0, 0]], [edit(id, {}, { owner: PEOPLE.ann }), [0, 0]],
    [edit(id, { state: null }), [1, 0]], [{ op: 'delete', object: 'job', id }, [0, 0]], [{ op: 'restore', object: 'job', id }, [1, 0]], [edit(id, {}, { owner: null }), [0, 0]],
  ]
  for (const [intent, expected] of steps) {
    expect(await outcome('chief', [intent])).toBe('ok')
    expect(await delta()).toEqual(expected)
  }
  const periods = await rows<{ member: number; closed: boolean }>('select member, closed_at is not null and closed_act is not null as closed from {t}.assignment where record = $1 order by id', [id])
  expect(periods).toEqual([PEOPLE.ann, PEOPLE.bob, PEOPLE.ann, PEOPLE.ann].map((member) => ({ member, closed: true })))
})

test('W23 a follow-up stamps its subject in the same act', async () => {
  const id = await made('ann')
  const visit = (values: Values): Intent => ({ op: 'create', object: 'visit', values: { job: id, ...values } })
  const result = await home.as('ann', (ctx) => write(ctx, [visit({ next: '2099-01-01T00:00:00Z' })]))
  expect(result).toMatchObject({ ok: true, also: [{ id, changed: true, recordVersion: 2 }] })
  const [made_, stamped] = result.ok ? [result.written[0]!, result.also[0]!] : []
  expect(stamped!.act).toBe(made_!.act)
  const { last_activity_at, first_touch_at } = (await stored(id)).values
  expect(first_touch_at).toBe(last_activity_at)
  await outcome('ann', [visit({})])
  expect((await stored(id)).values).toMatchObject({ first_touch_at, next_contact_at: '2099-01-01T00:00:00.000Z' })
  await home.as('kernel', (ctx) => write(ctx, [edit(id, { next_contact_at: '2020-01-01T00:00:00Z' })]))
  await outcome('ann', [visit({})])
  expect((await stored(id)).values['next_contact_at'] ?? null).toBeNull()
})

test('W24 an append-only record is not edited, by nobody', async () => {
  const [about, id] = [await made('ann'), ids.next()]
  expect(await outcome('kernel', [{ op: 'create', object: 'reading', id, values: { about: { object: 'job', id: about }, value: '1.5' } }])).toBe('ok')
  for (const who of ['kernel', 'chief'] as const) {
    expect(await outcome(who, [{ op: 'update', object: 'reading', id, values: { value: '2' } }])).toBe('FORBIDDEN')
    expect(await outcome(who, [{ op: 'delete', object: 'reading', id }])).toBe('FORBIDDEN')
  }
  expect(await rows('select fields from {t}.change where record = $1', [id])).toEqual([{ fields: { $hash: [null, expect.stringMatching(/^[0-9a-f]{64}$/)] } }])
})

test('W25 policy tags are permissions', async () => {
  const id = await made('ann')
  expect(await outcome('ann', [edit(id, {}, { addTags: ['保密'] })])).toBe('POLICY_TAG_PROTECTED tags')
  expect(await outcome('ann', [edit(id, {}, { addTags: ['没有'] })])).toBe('VALUE_INVALID tags')
  expect(await outcome('chief', [edit(id, {}, { addTags: ['保密', '急'] })])).toBe('ok')
  expect(await outcome('ann', [edit(id, {}, { removeTags: ['保密'] })])).toBe('POLICY_TAG_PROTECTED tags')
  expect(await outcome('kernel', [edit(id, {}, { removeTags: ['保密'] })])).toBe('ok')
  expect((await stored(id)).tags).toEqual(['急'])
})

test('W26 statements do not depend on the size of the batch', async () => {
  const place = await made('chief', site())
  const counted = (size: number) => home.as('kernel', async (ctx) => {
    let count = 0
    const tx = { ...ctx.tx, query: ((...args: Parameters<typeof ctx.tx.query>) => { count++; return ctx.tx.query(...args) }) as typeof ctx.tx.query }
    const mine: Context = { ...ctx, tx }
    const created = await writeOrRefuse(mine, Array.from({ length: size }, () => job({ site: place, serial: ids.next() }, { owner: PEOPLE.ann })))
    const creating = count
    await writeOrRefuse(mine, created.map(({ id }) => edit(id, { state: 'closed', serial: ids.next() }, { owner: PEOPLE.bob })))
    return [creating, count - creating]
  })
  const one = await counted(1)
  expect(await counted(100)).toEqual(one)
  expect(Math.max(...one)).toBeLessThanOrEqual(8)
})

test('W27 the kernel passes every step', async () => {
  expect(await outcome('kernel', [job({ name: null, state: 'nope' })])).toBe('VALUE_INVALID state')
  expect(await outcome('kernel', [job({ name: null })])).toBe('VALUE_REQUIRED name')
  expect(await outcome('kernel', [edit(NOBODY, { name: 'x' })])).toBe('NOT_FOUND')
})

test('W28 without an owner a record stays with the team', async () => {
  const id = await made('ann')
  await outcome('chief', [edit(id, {}, { owner: null })])
  expect(await stored(id)).toMatchObject({ owner: null, ownerTeam: 2 })
})

describe('sharing', () => {
  const share = (id: string, member: number, access: 'read' | 'write' | 'none') => edit(id, {}, { share: [{ member, access }] })
  const { ann, bob, lead, gone } = PEOPLE

  test('W43 shared to look, to change, and no longer; each is a change', async () => {
    const id = await made('bob')
    const [look, change] = [() => outcome('ann', [edit(id, {})]), () => outcome('ann', [edit(id, { name: '改名' })])]
    expect([await look(), await change()]).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await outcome('bob', [share(id, ann, 'read')])).toBe('ok')
    expect([await look(), await change()]).toEqual(['ok', 'FORBIDDEN'])
    expect(await outcome('bob', [share(id, ann, 'write')])).toBe('ok')
    expect([await look(), await change()]).toEqual(['ok', 'ok'])
    expect(await outcome('bob', [share(id, ann, 'read'), share(id, lead, 'read')])).toBe('ok')
    expect((await stored(id)).values).toMatchObject({ collaborators: [ann, lead] })
    expect(await outcome('bob', [share(id, ann, 'none'), share(id, lead, 'none')])).toBe('ok')
    expect(await look()).toBe('NOT_FOUND')
    const log = await rows<{ fields: Record<string, unknown> }>('select fields from {t}.change where record = $1 order by record_version', [id])
    expect(log.slice(1).map(({ fields }) => fields)).toEqual([
      { collaborators: [null, [ann]] }, { co_editors: [null, [ann]] }, { name: ['维修', '改名'] }, { collaborators: [[ann], [ann, lead]], co_editors: [[ann], null] }, { collaborators: [[ann, lead], null] },
    ])
  })

  test('W43 those it is shared with do not share on, hand over or delete', async () => {
    const id = await made('bob', job({}, { share: [{ member: ann, access: 'write' }] }))
    expect(await outcome('ann', [share(id, lead, 'read')])).toBe('FORBIDDEN')
    expect(await outcome('ann', [edit(id, {}, { owner: ann })])).toBe('FORBIDDEN')
    expect(await outcome('watcher', [share(id, lead, 'read')])).toBe('FORBIDDEN')
    expect(await outcome('bob', [share(id, gone, 'read')])).toBe('VALUE_INVALID collaborators')
    expect(await outcome('bob', [share(id, bob, 'none')])).toBe('ok')
  })

  test('W43 it is told where the owner is told', async () => {
    const id = await made('bob', job({}, { share: [{ member: ann, access: 'write' }, { member: lead, access: 'read' }] }))
    expect((await home.looking('ann', (ctx) => getRecord(ctx, 'job', id))).collaborators).toEqual([{ member: ann, write: true }, { member: lead, write: false }])
    await home.as('bob', (ctx) => write(ctx, [share(id, lead, 'none')]))
    const { items } = await home.looking('chief', (ctx) => changesView(ctx, 'job', id, { limit: 1 }))
    expect(items[0]!.fields).toEqual([{ field: 'collaborators', label: '协作人', before: 'ann、lead', after: 'ann' }])
  })
})

test('W29 a file stands where its uploader puts it, or where it has stood', async () => {
  const file = ids.next()
  await home.as('kernel', ({ tx }) => uploaded(tx, file, PEOPLE.ann))
  expect(await outcome('bob', [job({ photos: [file] })])).toBe('VALUE_INVALID photos')
  expect(await outcome('ann', [job({ photos: [file, ids.next()] })])).toBe('VALUE_INVALID photos')
  const id = await made('ann', job({ photos: [file] }))
  expect(await outcome('chief', [edit(id, { photos: null })])).toBe('ok')
  expect(await outcome('chief', [edit(id, { photos: [file] })])).toBe('ok')
  expect(await outcome('chief', [edit(id, { attachments: [file] })])).toBe('VALUE_INVALID attachments')
})
