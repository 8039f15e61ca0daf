import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectAccess } from '#language/definitions'
import { effectOfRole, lensOf, type Context } from '#kernel/access'
import { publish } from '#kernel/metadata'
import { ids } from '#platform/db'
import { countRecords, getRecord, listRecords, timelineOf, write, writeOrRefuse, type Intent } from '#kernel/records'
import { PEOPLE, workshop, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const JOBS = { cheap: ids.next(), dear: ids.next(), mine: ids.next() }
const URGENT = { field: 'urgent', op: 'eq', value: true } as const
beforeAll(async () => {
  home = await workshop()
  const job = (id: string, owner: number, urgent: boolean): Intent => ({ op: 'create', object: 'job', id, values: { name: '单', urgent }, owner })
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [job(JOBS.cheap, PEOPLE.bob, false), job(JOBS.dear, PEOPLE.bob, true), job(JOBS.mine, PEOPLE.watcher, false)]))
})
afterAll(() => home.drop())

/** The watcher's role with this reach of jobs. */
const giving = (job: ObjectAccess) => home.as('chief', (ctx) => publish(ctx, 'role', 'watcher', { ...ctx.metadata.roles.get('watcher')!, objects: { job, visit: { read: 'all' } } }))
const seen = () => home.looking('watcher', async (ctx) => (await listRecords(ctx, 'job', { limit: 9 })).records.map(({ id }) => Object.entries(JOBS).find(([, each]) => each === id)![0]).sort().join(' '))

test('A18 a role has only the records that meet its condition, however it comes to them', async () => {
  expect(await giving({ read: 'all', edit: 'all', rows: URGENT })).toMatchObject({ ok: true })
  expect(await seen()).toBe('dear')
  await home.looking('watcher', async (ctx) => {
    expect(await countRecords(ctx, 'job', {})).toEqual({ exact: 1 })
    await expect(getRecord(ctx, 'job', JOBS.cheap)).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
    await expect(timelineOf(ctx, 'job', JOBS.mine, { limit: 3 })).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  })
  await home.as('bob', (ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'job', id: JOBS.cheap, share: [{ member: PEOPLE.watcher, access: 'write' }] }]))
  expect(await seen()).toBe('dear')
  expect(await home.as('watcher', (ctx) => write(ctx, [{ op: 'update', object: 'job', id: JOBS.cheap, values: { name: '改' } }]))).toMatchObject({ ok: false, refusals: [{ refusal: { code: 'NOT_FOUND' } }] })
  await giving({ read: 'all', rows: { field: 'owner', op: 'eq', value: { me: true } } })
  expect(await seen()).toBe('mine')
})

test('A18 nor does what hangs on a record in reach come along without meeting it', async () => {
  const visits = await home.as('chief', (ctx) => writeOrRefuse(ctx, ['甲', '乙'].map((note): Intent => ({ op: 'create', object: 'visit', values: { note, job: JOBS.mine }, owner: PEOPLE.bob }))))
  await home.as('chief', (ctx) => publish(ctx, 'role', 'watcher', { ...ctx.metadata.roles.get('watcher')!, objects: { job: { read: 'all' }, visit: { read: 'own', rows: { field: 'note', op: 'eq', value: '甲' } } } }))
  expect(await home.looking('watcher', async (ctx) => (await listRecords(ctx, 'visit', { limit: 9 })).records.map(({ id }) => id))).toEqual([visits[0]!.id])
})

test('A18 A8 another role adds to it, and a lens with another condition has another version', async () => {
  await giving({ read: 'all', rows: URGENT })
  const both = await home.looking('watcher', async (ctx) => {
    const facts = ctx.principal.kind === 'member' ? ctx.principal.member : undefined
    const twice: Context = { ...ctx, principal: { kind: 'member', member: { ...facts!, roles: ['watcher', 'fixer'] } } }
    return { rows: (await listRecords(twice, 'job', { limit: 9 })).records.map(({ id }) => id).sort(), version: lensOf(ctx, 'job').version }
  })
  expect(both.rows).toEqual([JOBS.cheap, JOBS.dear, JOBS.mine].sort())
  await giving({ read: 'all', rows: { not: URGENT } })
  expect(await home.looking('watcher', (ctx) => Promise.resolve(lensOf(ctx, 'job').version))).not.toBe(both.version)
})

test('A19 what is created must be what the role has', async () => {
  await giving({ read: 'all', create: 'all', rows: URGENT })
  const make = (urgent: boolean) => home.as('watcher', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '急', urgent } }, { op: 'create', object: 'job', values: { name: '更急', urgent: true } }]))
  expect(await make(true)).toHaveLength(2)
  const before = await home.looking('chief', (ctx) => countRecords(ctx, 'job', {}))
  await expect(make(false)).rejects.toMatchObject({ refusal: { code: 'FORBIDDEN' } })
  expect(await home.looking('chief', (ctx) => countRecords(ctx, 'job', {}))).toEqual(before)
})

test('A20 the condition reads what is stored, also what its holder does not see; a wrong one is not published', async () => {
  await giving({ read: 'all', fields: { urgent: { read: 'hidden' } }, rows: URGENT })
  expect(await home.looking('watcher', async (ctx) => [(await countRecords(ctx, 'job', {})), lensOf(ctx, 'job').field('urgent')])).toEqual([{ exact: 3 }, undefined])
  expect(await giving({ read: 'all', rows: { field: 'nothing', op: 'eq', value: 1 } as never })).toMatchObject({ ok: false })
})

test('A15 fewer records are a loss, not a gain', async () => {
  await giving({ read: 'all' })
  const effect = await home.looking('chief', (ctx) => effectOfRole(ctx, { ...ctx.metadata.roles.get('watcher')!, objects: { job: { read: 'all', rows: URGENT } } }))
  expect([effect.gains.reach, effect.losses.reach]).toEqual([{ members: 0, things: 0 }, { members: 1, things: 2 }])
  await giving({ read: 'all', rows: URGENT })
  const back = await home.looking('chief', (ctx) => effectOfRole(ctx, { ...ctx.metadata.roles.get('watcher')!, objects: { job: { read: 'all' }, visit: { read: 'all' } } }))
  expect([back.gains.reach, back.losses.reach]).toEqual([{ members: 1, things: 1 }, { members: 0, things: 0 }])
})
