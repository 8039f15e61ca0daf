import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ObjectDefinition, Policy, Role } from '#language/definitions'
import { effectOfPolicy, lensOf, lintPolicy, whyField, type Changed, type Context } from '#kernel/access'
import { definitionOf, publish, publishAll } from '#kernel/metadata'
import { ids } from '#platform/db'
import { aggregate, changesView, countRecords, getRecord, listRecords, type ListQuery, timelineOf, undoActs, write, writeOrRefuse, type RecordView } from '#kernel/records'
import { decreeIn } from './testing/decree.ts'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const JOBS = { plain: ids.next(), sealed: ids.next(), bobs: ids.next() }
const label = { zh: '策略', en: 'Policy' }
const SEALED = { field: 'tags', op: 'has', value: '保密' } as const

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [
    { op: 'create', object: 'job', id: JOBS.plain, values: { name: '平', price: '100', phone: '13800138001', note: '平常', email: 'a@plain.cn', due: '2026-05-06' }, owner: PEOPLE.ann },
    { op: 'create', object: 'job', id: JOBS.sealed, values: { name: '密', price: '900', phone: '13800138002', note: '机密', email: 'b@sealed.cn', due: '2027-08-09' }, owner: PEOPLE.ann, tags: ['保密'] },
    { op: 'create', object: 'job', id: JOBS.bobs, values: { name: '鲍', price: '500', phone: '13800138003', note: '鲍的' }, owner: PEOPLE.bob },
  ]))
})
afterAll(() => home.drop())

const decree = (...policies: Partial<Policy>[]): Promise<void> => decreeIn(home, policies)
beforeEach(() => decree())

const at = <T>(who: Person, look: (ctx: Context) => Promise<T>): Promise<T> => home.looking(who, look)
const shown = (who: Person, field: string) => at(who, async (ctx) => {
  const { records } = await listRecords(ctx, 'job', { limit: 9, fields: [field], sort: [{ field: 'name', direction: 'asc' }] })
  const said = (record: RecordView | undefined) => (record ? ((record.values[field] as string | undefined) ?? record.held?.[field]?.read ?? '-') : 'out')
  return [JOBS.plain, JOBS.sealed, JOBS.bobs].map((id) => said(records.find((record) => record.id === id))).join(' ')
})
const change = (who: Person, id: string, values: Record<string, unknown>) => home.as(who, async (ctx) => {
  const result = await write(ctx, [{ op: 'update', object: 'job', id, values }])
  return result.ok ? 'ok' : `${result.refusals[0]!.refusal.code} ${result.refusals[0]!.refusal.path ?? ''}`
})

test('A32 a limit hides or masks a field in the records it speaks of, and nowhere else', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' }, phone: { read: 'last4' }, due: { read: 'year' } } })
  expect(await shown('ann', 'note')).toBe('平常 hidden out')
  expect(await shown('ann', 'phone')).toBe('+8613800138001 *******8002 out')
  expect(await shown('ann', 'due')).toBe('2026-05-06 2027-01-01 out')
  expect(await shown('chief', 'note')).toBe('平常 机密 鲍的')
})

test('A22 filters, order, groups, search, counts and history answer as if the hidden value were not there', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' }, price: { read: 'leading' }, name: { read: 'star' } } })
  const ids = async (filter: object) => at('ann', async (ctx) => (await listRecords(ctx, 'job', { limit: 9, filter: filter as never })).records.map(({ id }) => id))
  const [is, isnt] = [{ field: 'note', op: 'eq', value: '机密' }, { field: 'note', op: 'ne', value: '机密' }]
  expect([await ids(is), await ids({ not: is }), await ids(isnt), await ids({ field: 'note', op: 'empty' })]).toEqual([[], [JOBS.plain], [JOBS.plain], []])
  expect(await at('ann', (ctx) => countRecords(ctx, 'job', { search: '机密' }))).toEqual({ exact: 0 })
  expect(await at('ann', (ctx) => countRecords(ctx, 'job', { search: '平常' }))).toEqual({ exact: 1 })
  expect(await at('ann', async (ctx) => (await aggregate(ctx, 'job', { groupBy: [{ field: 'name' }] })).rows.map(({ keys, count }) => [keys[0], count]))).toEqual([['***', 1], ['平', 1]])
  const story = await at('ann', async (ctx) => JSON.stringify([await timelineOf(ctx, 'job', JOBS.sealed, { limit: 9 }), await changesView(ctx, 'job', JOBS.sealed, { limit: 9 }), await getRecord(ctx, 'job', JOBS.sealed)]))
  expect(story).not.toContain('机密')
  expect(story).not.toContain('"密"')
})

test('A22 a sum counts what its reader sees, record by record', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, fields: { price: { read: 'hidden' } } })
  const sums = (who: Person) => at(who, async (ctx) => (await aggregate(ctx, 'job', { groupBy: [{ field: 'owner' }], measures: [{ of: 'sum', field: 'price' }, { of: 'distinct', field: 'price' }] })).rows.find(({ keys }) => String(keys[0]) === String(PEOPLE.ann))?.values)
  expect([await sums('ann'), await sums('chief')]).toEqual([['100', 1], ['1000', 2]])
})

test('A23 a limit on writing is told by the record; what is masked there is not written back', async () => {
  await decree({ except: { roles: ['chief'], relations: ['owner'] }, fields: { nick: { write: false } } }, { who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'star' } } })
  expect([await change('ann', JOBS.plain, { nick: '阿平' }), await change('chief', JOBS.bobs, { nick: '阿鲍' })]).toEqual(['ok', 'ok'])
  await home.as('bob', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS.bobs, share: [{ member: PEOPLE.ann, access: 'write' }] }]))
  expect([await change('ann', JOBS.bobs, { nick: '夺' }), await change('ann', JOBS.bobs, { name: '鲍二' })]).toEqual(['FIELD_LOCKED nick', 'ok'])
  expect([await change('ann', JOBS.sealed, { note: '***' }), await change('ann', JOBS.plain, { note: '平平' }), await change('ann', JOBS.plain, { note: '平常' })]).toEqual(['MASKED_VALUE note', 'ok', 'ok'])
  expect((await at('ann', (ctx) => getRecord(ctx, 'job', JOBS.bobs))).held).toEqual({ nick: { read: 'full', write: false } })
  await home.as('bob', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS.bobs, values: { name: '鲍' }, share: [{ member: PEOPLE.ann, access: 'none' }] }]))
})

test('A23 a version that was read through a policy stands until what it showed changes', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' } } })
  const { version } = await at('ann', (ctx) => getRecord(ctx, 'job', JOBS.sealed))
  expect(await change('chief', JOBS.sealed, { note: '更机密' })).toBe('ok')
  expect((await at('ann', (ctx) => getRecord(ctx, 'job', JOBS.sealed))).version).toBe(version)
  await home.as('ann', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS.sealed, expect: version, values: { nick: '小密' } }]))
  expect(await change('chief', JOBS.sealed, { note: '机密' })).toBe('ok')
})

test('A24 whatever their order: a limit beats what is allowed, the least remains, and two masks that tell different things tell nothing', async () => {
  const parts: Partial<Policy>[] = [
    { effect: 'allow', who: { roles: ['fixer'] }, fields: { secret: { read: 'full' } } },
    { who: { roles: ['fixer'] }, when: SEALED, fields: { secret: { read: 'hidden' }, email: { read: 'domain' } } },
    { who: { members: [PEOPLE.ann] }, when: { field: 'price', op: 'gt', value: '200' }, fields: { email: { read: 'star' } } },
  ]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [JOBS.plain, JOBS.sealed].map((id) => ({ op: 'update', object: 'job', id, values: { secret: '7' } }))))
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2]]) {
    await decree(...order.map((i) => parts[i]!))
    expect([await shown('ann', 'secret'), await shown('ann', 'email')]).toEqual(['7 hidden out', 'a@plain.cn *** out'])
  }
  await decree(parts[1]!, { who: { roles: ['fixer'] }, when: { field: 'price', op: 'gt', value: '200' }, fields: { email: { read: 'last4' } } })
  expect(await shown('ann', 'email')).toBe('a@plain.cn hidden out')
  await decree({ who: { roles: ['fixer'] }, fields: { email: { read: 'last4' } } }, { who: { members: [PEOPLE.ann] }, fields: { email: { read: 'domain' } } })
  expect(await at('ann', (ctx) => Promise.resolve(lensOf(ctx, 'job').field('email')))).toBeUndefined()
})

test('A25 actions: a limit takes them away, an allow gives them, by the record', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, actions: ['edit'] }, { effect: 'allow', who: { roles: ['fixer'] }, when: { field: 'name', op: 'eq', value: '鲍' }, actions: ['read'] }, { who: { roles: ['watcher'] }, when: SEALED, actions: ['read'] })
  expect(await shown('ann', 'name')).toBe('平 密 鲍')
  expect([await change('ann', JOBS.sealed, { name: '改' }), await change('ann', JOBS.bobs, { name: '改' }), await change('ann', JOBS.plain, { name: '平' })]).toEqual(['FORBIDDEN ', 'FORBIDDEN ', 'ok'])
  expect(await shown('watcher', 'name')).toBe('平 out 鲍')
  // What is allowed everywhere is still limited in a record.
  await decree({ effect: 'allow', who: { roles: ['fixer'] }, actions: ['read'] }, { who: { roles: ['fixer'] }, when: SEALED, actions: ['read'] })
  expect(await shown('ann', 'name')).toBe('平 out 鲍')
  await decree({ who: { roles: ['fixer'] }, actions: ['create'], when: { field: 'price', op: 'gt', value: '1' } })
  const make = () => home.as('ann', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '新', nick: 'x' } }]))
  expect(await make()).toHaveLength(1)
  await decree({ who: { roles: ['fixer'] }, when: { field: 'name', op: 'eq', value: '新' }, fields: { nick: { write: false } } })
  await expect(make()).rejects.toMatchObject({ refusal: { code: 'FIELD_LOCKED', path: 'nick' } })
  await decree({ except: { relations: ['owner'] }, fields: { nick: { write: false } } })
  expect(await make()).toHaveLength(1)
})

test('A26 circumstances: scenario, working time, network', async () => {
  const seen = async (request: Partial<NonNullable<Context['request']>>, when?: Date) => at('ann', async (ctx) => {
    const asked: Context = { ...ctx, now: when ?? ctx.now, request: { id: 'x', ip: '10.1.2.3', agent: null, lang: 'zh', ...request } }
    return (await getRecord(asked, 'job', JOBS.plain)).values['note'] ?? '-'
  })
  await decree({ who: { roles: ['fixer'] }, scenarios: ['export', 'print'], fields: { note: { read: 'hidden' } } })
  expect([await seen({}), await seen({ scenario: 'export' }), await seen({ scenario: 'api' })]).toEqual(['平常', '-', '平常'])
  await decree({ who: { roles: ['fixer'] }, scenarios: ['import'], fields: { note: { read: 'hidden' } } })
  expect([await seen({}), await seen({ scenario: 'import' }), await seen({ scenario: 'bulk' })]).toEqual(['平常', '-', '平常'])
  await decree({ off: true, who: { roles: ['fixer'] }, fields: { note: { read: 'hidden' } } })
  expect(await seen({})).toBe('平常')
  await decree({ who: { roles: ['fixer'] }, network: { ranges: ['10.0.0.0/8'], inside: false }, fields: { note: { read: 'hidden' } } })
  expect([await seen({}), await seen({ ip: '8.8.8.8' }), await seen({ ip: null })]).toEqual(['平常', '-', '-'])
  await decree({ who: { roles: ['fixer'] }, time: 'off', fields: { note: { read: 'hidden' } } })
  expect([await seen({}, new Date('2026-11-23T02:00:00Z')), await seen({}, new Date('2026-11-22T18:00:00Z'))]).toEqual(['平常', '-'])
})

test('A37 what was worked out for a reader holds in the same circumstances only', async () => {
  const starred: Partial<Policy> = { who: { roles: ['fixer'] }, fields: { note: { read: 'star' } } }
  const seen = (request: Partial<NonNullable<Context['request']>>, now?: Date, filter?: ListQuery['filter']) => at('ann', async (ctx) => {
    const asked: Context = { ...ctx, now: now ?? ctx.now, request: { id: 'x', ip: '10.1.2.3', agent: null, lang: 'zh', ...request } }
    const { records } = await listRecords(asked, 'job', { limit: 9, fields: ['note'], filter })
    return [JOBS.plain, JOBS.sealed].map((id) => (records.find((each) => each.id === id)?.values['note'] as string | undefined) ?? 'out').join(' ')
  })
  const twice = async (looks: readonly (() => Promise<string>)[]) => { const said: string[] = []; for (const look of [...looks, ...looks]) said.push(await look()); return said }
  const [noon, night] = [new Date('2026-11-23T02:00:00Z'), new Date('2026-11-22T18:00:00Z')]
  await decree({ ...starred, network: { ranges: ['10.0.0.0/8'], inside: false } })
  expect(await twice([() => seen({}), () => seen({ ip: '8.8.8.8' })])).toEqual(['平常 机密', '*** ***', '平常 机密', '*** ***'])
  await decree({ ...starred, scenarios: ['api'] }, { ...starred, time: 'off' })
  expect(await twice([() => seen({}, noon), () => seen({ scenario: 'api' }, noon), () => seen({}, night)])).toEqual(['平常 机密', '*** ***', '*** ***', '平常 机密', '*** ***', '*** ***'])
  // From one instant to the next.
  const created = await at('ann', async (ctx) => new Date((await getRecord(ctx, 'job', JOBS.plain, ['created_at'])).values['created_at'] as string).getTime())
  const after = (ms: number) => new Date(created + ms)
  await decree({ ...starred, when: { field: 'created_at', op: 'olderThan', value: '1d' } })
  expect(await twice([() => seen({}, after(86_399_000)), () => seen({}, after(86_401_000))])).toEqual(['平常 机密', '*** ***', '平常 机密', '*** ***'])
  await decree()
  const named = (more: Partial<ListQuery>) => () => at('chief', async (ctx) => (await listRecords(ctx, 'job', { limit: 9, fields: ['name'], filter: { field: 'name', op: 'in', value: ['平', '密', '鲍'] }, ...more })).records.map(({ values }) => values['name'] as string).join(' '))
  expect(await twice([named({ sort: [{ field: 'name', direction: 'asc' }], limit: 1 }), named({ sort: [{ field: 'name', direction: 'asc' }] }), named({ sort: [{ field: 'name', direction: 'desc' }] })])).toEqual(['鲍', '鲍 密 平', '平 密 鲍', '鲍', '鲍 密 平', '平 密 鲍'])
  expect(await twice([() => seen({}, after(1_000), { field: 'created_at', op: 'withinLast', value: '1d' }), () => seen({}, after(86_401_000), { field: 'created_at', op: 'withinLast', value: '1d' })])).toEqual(['平常 机密', 'out out', '平常 机密', 'out out'])
})

test('A37 what moves with the clock is another on another day, in a field as in the rows of a role; and in one transaction each request is by itself', async () => {
  const { body } = await home.looking('chief', async (ctx) => (await definitionOf(ctx.tx, 'object', 'job'))!)
  const role = await home.looking('chief', async (ctx) => (await definitionOf(ctx.tx, 'role', 'fixer'))!.body as Role)
  const object = body as ObjectDefinition
  const put = (kind: 'object' | 'role', key: string, draft: unknown) => home.as('chief', async (ctx) => expect(await publish(ctx, kind, key, draft)).toMatchObject({ ok: true }))
  await put('object', 'job', { ...object, fields: [...object.fields, { key: 'left', label, kind: 'integer', formula: 'days(today(), due)' }] })
  const left = (now: Date) => at('ann', async (ctx) => (await listRecords({ ...ctx, now }, 'job', { limit: 9, fields: ['left'], sort: [{ field: 'name', direction: 'asc' }] })).records.flatMap(({ values }) => values['left'] ?? []))
  const [one, next] = [new Date('2026-05-01T04:00:00Z'), new Date('2026-05-02T04:00:00Z')]
  expect([await left(one), await left(next), await left(one)]).toEqual([[465, 5], [464, 4], [465, 5]])
  await put('object', 'job', { ...object, fields: [...object.fields, { key: 'left', label, kind: 'integer', formula: 'days(today(), due)', retired: true }] })
  const created = await at('ann', async (ctx) => new Date((await getRecord(ctx, 'job', JOBS.plain, ['created_at'])).values['created_at'] as string).getTime())
  await put('role', 'fixer', { ...role, objects: { ...role.objects, job: { ...role.objects['job'], rows: { field: 'created_at', op: 'withinLast', value: '1d' } } } })
  const seen = (ms: number) => at('ann', async (ctx) => (await listRecords({ ...ctx, now: new Date(created + ms) }, 'job', { limit: 9 })).records.some(({ id }) => id === JOBS.plain))
  expect([await seen(1_000), await seen(86_401_000), await seen(1_000)]).toEqual([true, false, true])
  await put('role', 'fixer', role)
  await decree({ who: { roles: ['fixer'] }, scenarios: ['api'], fields: { note: { read: 'hidden' } } })
  const both = await at('ann', async (ctx) => (['screen', 'api', 'screen'] as const).map((scenario) => lensOf({ ...ctx, request: { ...ctx.request!, scenario } }, 'job').field('note') !== undefined))
  expect(both).toEqual([true, false, true])
})

test('A37 the kernel on its own errand and a rule do not share what was worked out', async () => {
  await decree({ fields: { nick: { write: false } } })
  const writes = (actor: Context['actor']) => home.looking('kernel', (ctx) => Promise.resolve(lensOf({ ...ctx, actor }, 'job').writable.has('nick')))
  const [own, rule] = [{ kind: 'system', reason: 'test' }, { kind: 'rule', key: 'closed', event: 7, depth: 1 }] as const
  expect([await writes(own), await writes(rule), await writes(own)]).toEqual([true, false, true])
})

test('A8 a lens has another version as soon as a policy asks something else of its records', async () => {
  const versions: string[] = []
  for (const value of ['100', '200', '100']) {
    await decree({ who: { roles: ['fixer'] }, when: { field: 'price', op: 'gt', value }, fields: { note: { read: 'hidden' } } })
    versions.push(await at('ann', async (ctx) => lensOf(ctx, 'job').version))
  }
  expect([versions[0] === versions[1], versions[0] === versions[2]]).toEqual([false, true])
})

test('A37 the same reader is asked about once, until the epoch changes or they stand in for somebody', async () => {
  const look = () => at('ann', async (ctx) => ({ lens: lensOf(ctx, 'job'), standing: ctx.principal }))
  const [first, second] = [await look(), await look()]
  expect([first.lens === second.lens, first.standing === second.standing]).toEqual([true, true])
  await decree({ who: { roles: ['fixer'] }, fields: { note: { read: 'hidden' } } })
  expect((await look()).lens.field('note')).toBeUndefined()
})

test('A27 with roles switched off, policies alone decide', async () => {
  const mode = (roles: boolean) => home.as('chief', (ctx) => publish(ctx, 'accessMode', 'standard', { key: 'standard', label, roles }))
  await decree({ effect: 'allow', who: { relations: ['owner'] }, actions: ['read', 'edit'], fields: { '*': { read: 'star' }, name: { read: 'full', write: true } } })
  expect(await mode(false)).toMatchObject({ ok: true })
  expect([await shown('ann', 'name'), await shown('ann', 'note')]).toEqual(['平 密 out', '*** *** out'])
  expect([await change('ann', JOBS.plain, { name: '平' }), await change('ann', JOBS.plain, { note: 'x' })]).toEqual(['ok', 'FIELD_READ_ONLY note'])
  await expect(shown('watcher', 'price')).rejects.toMatchObject({ refusal: { code: 'FIELD_NOT_AVAILABLE' } })
  expect(await at('nobody', async (ctx) => lensOf(ctx, 'visit').can('read'))).toBe(false)
  expect(await mode(true)).toMatchObject({ ok: true })
})

test('A28 a rule writes on nobody’s behalf: a limit on everybody holds it back, those on somebody do not; it reads what is stored', async () => {
  const as = (key: string, values: Record<string, unknown>) => home.as('kernel', async (ctx) => {
    const result = await write({ ...ctx, actor: { kind: 'rule', key, event: 1, depth: 0 } }, [{ op: 'update', object: 'job', id: JOBS.sealed, values }])
    return result.ok ? 'ok' : result.refusals[0]!.refusal.code
  })
  await decree({ except: { roles: ['chief'] }, when: SEALED, fields: { price: { write: false, read: 'hidden' } } }, { who: { roles: ['fixer'] }, fields: { name: { write: false } } })
  expect([await as('closed', { price: '901' }), await as('closed', { name: '密' })]).toEqual(['FIELD_LOCKED', 'ok'])
  // What a rule creates it fills in as whoever creates does; afterwards it is nobody's owner.
  await decree({ except: { relations: ['owner'] }, fields: { price: { write: false } } })
  const made = ids.next()
  const born = await home.as('kernel', async (ctx) => write({ ...ctx, actor: { kind: 'rule', key: 'opened', event: 2, depth: 0 } }, [{ op: 'create', object: 'job', id: made, values: { name: '新', price: '7' }, owner: null }]))
  expect([born.ok, await as('opened', { price: '902' })]).toEqual([true, 'FIELD_LOCKED'])
})

test('A32 a broken condition of a limit holds everywhere, of an allow nowhere; what is not said rightly is not published', async () => {
  const wrong: Partial<Policy>[] = [{ fields: {} }, { fields: { nope: { read: 'hidden' } } }, { fields: { price: { read: 'last4' } } }, { who: { roles: ['nope'] }, actions: ['edit'] }, { when: { field: 'nope', op: 'eq', value: 1 }, actions: ['edit'] }, { network: { ranges: ['10.0.0.0/99'], inside: true }, actions: ['edit'] }]
  const told = await home.as('chief', async (ctx) => {
    const results: boolean[] = []
    for (const each of wrong) results.push((await publish(ctx, 'policy', 'wrong', { key: 'wrong', label, object: 'job', effect: 'limit', fields: {}, actions: [], ...each })).ok)
    return results
  })
  expect(told).toEqual(wrong.map(() => false))
})

test('A46 a limit that is decided further off than by what hangs on a record is not published; one that stands already stays', async () => {
  const [hung, name] = [{ object: 'visit', via: 'job' }, { field: 'name', op: 'eq', value: '总店' }] as const
  const limit = (when: Policy['when'], more: Partial<Policy> = {}) => ({ key: 'far', label, object: 'job', effect: 'limit' as const, fields: { note: { read: 'hidden' as const } }, actions: [], when, ...more })
  const segment = (condition: Policy['when'], object = 'job') => ({ key: '远', label, segment: { object, condition } })
  const told = (...drafts: Parameters<typeof publishAll>[1]) => home.as('chief', async (ctx) => { const result = await publishAll(ctx, drafts); return result.ok ? 'ok' : result.refusals.map(({ kind, refusal }) => `${kind} ${refusal.code} ${refusal.path}`).join() })
  const put = (when: Policy['when'], more?: Partial<Policy>) => told({ kind: 'policy', key: 'far', body: limit(when, more) })
  const FAR = 'policy DEFINITION_INVALID when'
  const back = { some: hung, where: { parent: 'job', where: { field: 'count', op: 'eq', value: 5 } } } as const
  expect([await put(back), await put({ not: { all: [{ none: hung, where: { not: back.where } }] } }), await put({ recent: hung, last: 2, that: back.where }), await put({ parent: 'site', where: { some: { object: 'job', via: 'site' }, where: { some: hung } } })]).toEqual([FAR, FAR, FAR, FAR])
  expect([await put({ parent: 'site', where: name }), await put({ parent: 'site', where: { some: { object: 'job', via: 'site' }, where: { field: 'count', op: 'eq', value: 5 } } }), await put({ some: hung, where: { field: 'note', op: 'eq', value: '投诉' } }), await put(back, { off: true }), await put(back, { effect: 'allow', fields: {}, actions: ['read'] })]).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  expect([await told({ kind: 'tag', key: '远', body: segment({ field: 'count', op: 'eq', value: 5 }) }), await put({ field: 'tags', op: 'hasNot', value: '远' }), await told({ kind: 'tag', key: '远', body: segment(back) })]).toEqual(['ok', 'ok', 'tag DEFINITION_IN_USE undefined'])
  // Of what hangs on a record a segment may keep a limit, not end it.
  expect([await told({ kind: 'policy', key: 'far', body: null }, { kind: 'tag', key: '远', body: segment({ field: 'note', op: 'eq', value: '好' }, 'visit') }), await put({ some: hung, where: { field: 'tags', op: 'has', value: '远' } }), await put({ none: hung, where: { field: 'tags', op: 'has', value: '远' } }), await put({ not: { some: hung, where: { field: 'tags', op: 'has', value: '远' } } })]).toEqual(['ok', 'ok', FAR, FAR])
  // As an earlier version let it in: it holds, and publications beside it go on.
  await told({ kind: 'policy', key: 'far', body: limit({ field: 'count', op: 'eq', value: 5 }) })
  await home.as('chief', ({ tx }) => tx.query(`update {t}.definition set body = $1 where kind = 'policy' and key = 'far'`, [JSON.stringify(limit(back))]))
  await home.as('chief', ({ tx }) => tx.query(`update {t}.state set epoch = epoch + 1`))
  expect([await told({ kind: 'tag', key: '近', body: { key: '近', label } }), await told({ kind: 'tag', key: '近', body: { key: '近', label: { zh: '很近', en: 'Near' } } }), await put(back, { label: { zh: '远', en: 'Far' } })]).toEqual(['ok', 'ok', FAR])
  await told({ kind: 'policy', key: 'far', body: null }, { kind: 'tag', key: '远', body: null }, { kind: 'tag', key: '近', body: null })
})

const effect = (key: string, policy: Partial<Policy> | null) => at('chief', async (ctx) => {
  const body = policy && ({ key, label, object: 'job', effect: 'limit', fields: {}, actions: [], ...policy } as Policy)
  return { ...(await effectOfPolicy(ctx, key, body)), found: body ? (await lintPolicy(ctx, body)).map(({ kind, field }) => [kind, field].filter(Boolean).join(' ')) : [] }
})
const counted = ({ gains, losses }: { gains: Changed; losses: Changed }) => [gains, losses].map(({ read, write, reach }) => [read, write, reach].map(({ members, things }) => `${members}×${things}`).join(' '))

test('A29 what a policy gives and takes is reckoned over every member before it is published', async () => {
  // Ann, Bob and one who is suspended hold the fixer's role.
  expect(counted(await effect('p0', { who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' }, phone: { read: 'last4' } } }))).toEqual(['0×0 0×0 0×0', '2×2 2×2 0×0'])
  expect(counted(await effect('p0', { effect: 'allow', who: { roles: ['fixer'] }, fields: { secret: { read: 'full' } } }))).toEqual(['2×1 0×0 0×0', '0×0 0×0 0×0'])
  await decree({ who: { roles: ['fixer'] }, fields: { note: { read: 'hidden' } } })
  expect(counted(await effect('p0', null))).toEqual(['2×1 2×1 0×0', '0×0 0×0 0×0'])
  expect(counted(await effect('p1', { who: { members: [PEOPLE.watcher] }, when: SEALED, actions: ['read'] }))).toEqual(['0×0 0×0 0×0', '0×0 0×0 1×1'])
})

test('A30 the linter says what its author may not have meant', async () => {
  expect((await effect('p0', { who: { roles: ['lead'] }, except: { members: [PEOPLE.lead] }, actions: ['edit'] })).found).toEqual(['concernsNobody'])
  expect((await effect('p0', { who: { roles: ['fixer'] }, fields: { secret: { read: 'hidden' } } })).found).toEqual(['changesNothing'])
  expect((await effect('p0', { who: { roles: ['fixer'] }, when: { all: [{ field: 'price', op: 'gt', value: '100' }, { field: 'price', op: 'lt', value: '50' }] }, fields: { note: { read: 'hidden' } } })).found).toEqual(['impossible'])
  expect((await effect('p0', { effect: 'allow', actions: ['edit'], fields: {} })).found).toContain('everybodyEdits')
  expect((await effect('p0', { effect: 'allow', who: { roles: ['fixer'] }, fields: { secret: { read: 'full' } } })).found).toEqual(['widens'])
  expect((await effect('p0', { when: SEALED, fields: { note: { read: 'hidden' } } })).found).toEqual(['nobodyReads note'])
  expect((await effect('p0', { except: { roles: ['nobody'] }, fields: { nick: { write: false } } })).found).toEqual(['nobodyWrites nick'])
  expect((await effect('p0', { who: { roles: ['fixer'] }, when: { field: 'secret', op: 'gt', value: '5' }, fields: { note: { read: 'star' } } })).found).toEqual(['tells secret'])
  expect((await effect('p0', { who: { roles: ['fixer'] }, when: { field: 'state', op: 'eq', value: 'busy' }, fields: { note: { read: 'star' } } })).found).toEqual(['guarded state'])
  await decree({ fields: { sealed: { read: 'hidden' } } })
  expect((await effect('p1', { effect: 'allow', who: { roles: ['fixer'] }, fields: { sealed: { read: 'full' } } })).found).toEqual(['changesNothing', 'overruled sealed'])
})

test('A31 why a field is as it is: by the decision itself, with the roles and policies behind it', async () => {
  await decree({ who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' } } }, { except: { relations: ['owner'] }, fields: { note: { write: false } } })
  const why = (who: Person, id: string, field: string) => at(who, (ctx) => whyField(ctx, 'job', id, field))
  expect(await why('ann', JOBS.sealed, 'note')).toEqual({ secret: false,
    read: 'hidden', write: false, roles: [{ role: 'fixer', read: 'full', write: true }],
    policies: [{ policy: 'p0', effect: 'limit', stealth: false, read: 'hidden', write: null, holds: true }, { policy: 'p1', effect: 'limit', stealth: false, read: null, write: false, holds: false }],
  })
  expect(await why('ann', JOBS.plain, 'note')).toMatchObject({ read: 'full', write: true, policies: [{ holds: false }, { holds: false }] })
  expect(await why('chief', JOBS.bobs, 'note')).toMatchObject({ read: 'full', write: false, policies: [{ policy: 'p1', holds: true }] })
  expect(await why('ann', JOBS.plain, 'secret')).toMatchObject({ read: 'hidden', write: false, policies: [], roles: [{ read: 'hidden' }] })
  await expect(why('ann', JOBS.bobs, 'note')).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
})

test('A22 words that no number can be are looked for beside a phone that is shown in part', async () => {
  await decree({ who: { roles: ['fixer'] }, when: { field: 'price', op: 'gt', value: '200' }, fields: { phone: { read: 'last4' } } })
  expect(await at('ann', (ctx) => countRecords(ctx, 'job', { search: '机密' }))).toEqual({ exact: 1 })
  expect(await at('ann', (ctx) => countRecords(ctx, 'job', { search: '8002' }))).toEqual({ exact: 0 })
  expect(await at('ann', (ctx) => countRecords(ctx, 'job', { search: '8001' }))).toEqual({ exact: 1 })
})

test('A34 a tag that policies read decides permissions, whatever its definition says: to set or remove it is a right of its own, and what was tagged otherwise is put back by nobody else', async () => {
  const tag = (who: Person, id: string, tags: { addTags?: string[]; removeTags?: string[] }) => home.as(who, async (ctx) => { const result = await write(ctx, [{ op: 'update', object: 'job', id, ...tags }]); return result.ok ? (result.written[0]!.act ?? 'nothing') : result.refusals[0]!.refusal.code })
  expect(await tag('ann', JOBS.plain, { addTags: ['急'] })).toEqual(expect.any(Number))
  expect(await tag('ann', JOBS.plain, { removeTags: ['急'] })).toEqual(expect.any(Number))
  await decree({ who: { roles: ['fixer'] }, when: { any: [{ field: 'price', op: 'empty' }, { not: { field: 'tags', op: 'has', value: '急' } }] }, fields: { note: { read: 'hidden' } } })
  expect([await tag('ann', JOBS.plain, { addTags: ['急'] }), await tag('ann', JOBS.sealed, { removeTags: ['保密'] })]).toEqual(['POLICY_TAG_PROTECTED', 'POLICY_TAG_PROTECTED'])
  const act = await tag('chief', JOBS.plain, { addTags: ['急'] })
  expect(await home.as('ann', (ctx) => undoActs(ctx, [act as number]))).toMatchObject({ changed: 0, kept: [{ why: 'rights', fields: ['tags'] }] })
  expect((await home.as('chief', (ctx) => undoActs(ctx, [act as number]))).changed).toBe(1)
})

test('A35 whoever is held back by what their record points to does not point it elsewhere; others do, and new records are made there', async () => {
  const [vault, street] = [ids.next(), ids.next()]
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'site', id: vault, values: { name: '金库' } }, { op: 'create', object: 'site', id: street, values: { name: '街边' } }]))
  await decree({ who: { roles: ['fixer'] }, when: { parent: 'site', where: { field: 'name', op: 'eq', value: '金库' } }, fields: { nick: { read: 'hidden' } } })
  expect([await change('ann', JOBS.plain, { site: vault }), await change('ann', JOBS.plain, { site: street })]).toEqual(['ok', 'FIELD_LOCKED site'])
  const record = await at('ann', (ctx) => getRecord(ctx, 'job', JOBS.plain))
  expect(record.held).toEqual({ nick: { read: 'hidden', write: false }, site: { read: 'full', write: false } })
  expect(await at('ann', (ctx) => whyField(ctx, 'job', JOBS.plain, 'site'))).toMatchObject({ read: 'full', write: false, policies: [{ policy: 'p0', write: false, holds: true }] })
  expect(await home.as('ann', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '新到', site: vault } }]))).toHaveLength(1)
  expect((await effect('p0', { who: { roles: ['fixer'] }, when: { parent: 'site', where: { field: 'name', op: 'eq', value: '金库' } }, fields: { nick: { read: 'hidden' } } })).found).toEqual([])
  expect(await change('chief', JOBS.plain, { site: street })).toBe('ok')
})

test('A23 what a policy keeps from being changed is not changed back by undoing what somebody else did', async () => {
  const [written] = await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS.plain, values: { nick: '阿平平' } }]))
  const act = written!.act!
  await decree({ who: { roles: ['fixer'] }, fields: { nick: { write: false } }, when: { field: 'name', op: 'eq', value: '平' } })
  expect(await home.as('ann', (ctx) => undoActs(ctx, [act]))).toMatchObject({ changed: 0, kept: [{ why: 'rights', fields: ['nick'] }] })
  await decree()
  expect((await home.as('ann', (ctx) => undoActs(ctx, [act]))).changed).toBe(1)
})

test('A32 a condition that no longer fits the definitions: its limit holds everywhere, its allow nowhere', async () => {
  const broken = { field: 'gone', op: 'eq', value: 1 } as unknown as Policy['when']
  const seen = (effect: Policy['effect'], field: string, read: 'hidden' | 'full') => at('ann', async (ctx) => {
    const policy = { key: 'broken', label, object: 'job', effect, when: broken, fields: { [field]: { read } }, actions: [] } as Policy
    const asked: Context = { ...ctx, metadata: { ...ctx.metadata, policiesOf: () => [policy] }, principal: { ...ctx.principal } }
    const { values, held } = await getRecord(asked, 'job', JOBS.sealed)
    return held?.[field]?.read ?? values[field] ?? '-'
  })
  expect([await seen('limit', 'note', 'hidden'), await seen('allow', 'secret', 'full')]).toEqual(['hidden', 'hidden'])
})

test('A36 what a limit hides without a trace is an empty field on every way', async () => {
  const limit: Partial<Policy> = { who: { roles: ['fixer'] }, when: SEALED, fields: { note: { read: 'hidden' }, email: { read: 'hidden' } }, stealth: true }
  const [note, empty] = [{ field: 'note', op: 'eq', value: '机密' }, { field: 'note', op: 'empty' }] as const
  const filters = [note, { not: note }, { ...note, op: 'ne' }, { ...note, op: 'contains', value: '密' }, empty, { not: empty }, { field: 'note', op: 'notEmpty' }, { any: [note, empty] }, { field: 'email', op: 'startsWith', value: 'b' }]
  const story = () => at('ann', async (ctx) => {
    const list = async (query: object) => (await listRecords(ctx, 'job', { limit: 9, fields: ['name', 'note', 'email'], ...query })).records
    const told = await Promise.all([...filters.map((filter) => list({ filter })), list({ sort: [{ field: 'email', direction: 'asc' }] }), list({ search: '机密' })])
    const sums = await aggregate(ctx, 'job', { groupBy: [{ field: 'email' }] })
    const record = await getRecord(ctx, 'job', JOBS.sealed)
    const past = await changesView(ctx, 'job', JOBS.sealed, { limit: 20 })
    return JSON.stringify([told, sums, await Promise.all(filters.map((filter) => countRecords(ctx, 'job', { filter: filter as never }))), record, past.items.map(({ fields }) => fields?.map((each) => ({ ...each, field: each.field })) ?? [])])
  })
  const refusals = async () => [await change('ann', JOBS.sealed, { note: 'x' }), await change('ann', JOBS.plain, { note: 'x' })]
  await decree(limit)
  const [hidden, refused] = [await story(), await refusals()]
  expect(hidden).not.toContain('机密')
  expect(hidden).not.toContain('hidden')
  expect(refused).toEqual(['FIELD_READ_ONLY note', 'FIELD_READ_ONLY note'])
  const was = await at('chief', (ctx) => getRecord(ctx, 'job', JOBS.sealed))
  await home.as('kernel', ({ tx }) => tx.query(`update {t}.o_job set f_note = null, f_email = null where id = $1`, [JOBS.sealed]))
  expect([await story(), await refusals()]).toEqual([hidden, refused])
  await home.as('kernel', ({ tx }) => tx.query(`update {t}.o_job set f_note = $2, f_email = $3 where id = $1`, [JOBS.sealed, was.values['note'], was.values['email']]))
  await decree({ ...limit, except: { relations: ['owner'] } })
  expect([await shown('ann', 'note'), await change('ann', JOBS.sealed, { note: '机密' })]).toEqual(['平常 机密 out', 'ok'])
  await decree(limit)
  const why = await at('ann', (ctx) => whyField(ctx, 'job', JOBS.sealed, 'note'))
  expect(why).toMatchObject({ secret: true, policies: [{ stealth: true, holds: true }] })
  expect((await home.as('chief', (ctx) => publish(ctx, 'policy', 'p9', { key: 'p9', label, object: 'job', effect: 'limit', fields: { note: { write: false } }, actions: [], stealth: true }))).ok).toBe(false)
})

