import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { carryMail, dispatch, keepBack, keptFor, noticesOf, outboxOf } from '#kernel/delivery'
import { setOwnAutomation } from '#kernel/members'
import { bumpEpoch } from '#kernel/metadata'
import { opensAt } from '#language/values'
import type { OwnAutomation } from '#language/definitions'
import { advanceClock } from '#platform/db'
import { answerOfRun } from './testing/runs.ts'
import { CHIEF, type Depot, depot } from './testing/depot.ts'
import { whyNot } from './index.ts'

let home: Depot
beforeAll(async () => { home = await depot() })
afterAll(() => home.drop())

const [FIRST, SECOND] = [1, 2]
let count = 0
const fresh = () => `own${++count}`
const named = (name: string) => ({ field: 'name', op: 'eq' as const, value: name })
const ADDRESSES = { record: () => 'https://x/r', notices: 'https://x/n', settings: 'https://x/s' }

const settle = (member: number, settings: Partial<OwnAutomation>) => home.db.mutate(home.tenant, async (tx) => {
  const ctx = await memberContext(tx, member)
  const after = await setOwnAutomation(ctx, member, { paused: [], slots: [], ...settings })
  const opens = opensAt(ctx.now.getTime(), after.slots, tx.tenant.zone)!
  await keepBack(tx, { member, until: opens === ctx.now.getTime() ? null : new Date(opens), paused: after.paused })
})
const parcelOf = async (owner: number, name: string) => {
  const id = await home.parcel({ name })
  await home.write([{ op: 'update', object: 'parcel', id, owner }])
  await home.drain()
  return id
}
const touch = (id: string) => home.write([{ op: 'update', object: 'parcel', id, values: { note: `${++count}` } }])
const runs = (record: string, rule: string) => answerOfRun(home, record, rule)
const onNote = (key: string, name: string, more: object = {}) => home.rule({ key, trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, condition: named(name), actions: [{ do: 'tag', add: ['a'] }], ...more })

test('E50 whoever paused a rule is left alone by it, at once; others are not, and the run and why-not say so', async () => {
  const name = fresh()
  await onNote('mine', name)
  const [mine, theirs] = [await parcelOf(FIRST, name), await parcelOf(SECOND, name)]
  await settle(FIRST, { paused: ['mine'] })
  await Promise.all([touch(mine), touch(theirs)])
  await home.drain()
  expect([await home.tags(mine), await home.tags(theirs)]).toEqual([[], ['a']])
  expect(await runs(mine, 'mine')).toMatchObject([{ status: 'skipped', steps: [{ do: 'tag', why: 'own_pause', member: FIRST }] }])
  expect(await home.within((ctx) => whyNot(ctx, { object: 'parcel', id: mine }, 'mine'))).toMatchObject({ kind: 'own_pause', detail: String(FIRST) })
  await settle(FIRST, {})
  await touch(mine)
  await home.drain()
  expect(await home.tags(mine)).toEqual(['a'])
})

test('E50 a record that a rule finds without owner, or through another one, is looked at by whose it is', async () => {
  const name = fresh()
  await home.rule({ key: 'born', condition: named(name), actions: [{ do: 'assign', policy: 'able' }, { do: 'tag', add: ['b'] }] })
  await home.rule({ key: 'scanned', trigger: { on: 'created', object: 'scan' }, actions: [{ do: 'tag', via: 'parcel', add: ['c'] }] })
  for (const id of [1, 2, 3, 4]) await settle(id, { paused: ['born', 'scanned'] })
  const id = await home.parcel({ name, goods: 'fruit' })
  await home.drain()
  expect((await home.image('parcel', id)).owner).not.toBeNull()
  expect(await home.tags(id)).toEqual(['b'])
  await home.write([{ op: 'create', object: 'scan', values: { parcel: id } }])
  await home.drain()
  expect(await home.tags(id)).toEqual(['b'])
  for (const each of [1, 2, 3, 4]) await settle(each, {})
})

test('E50 E51 a required rule takes no notice', async () => {
  const name = fresh()
  await onNote('must', name, { actions: [{ do: 'tag', add: ['a'] }, { do: 'notify', to: [{ owner: true }], kind: 'k', title: '必做' }] })
  const id = await parcelOf(FIRST, name)
  await settle(FIRST, { paused: ['must'], slots: [{ days: [1, 2, 3, 4, 5, 6], from: '00:00', to: null }, { days: [7], from: '00:00', to: '23:59' }] })
  await onNote('must', name, { required: true, actions: [{ do: 'tag', add: ['a'] }, { do: 'notify', to: [{ owner: true }], kind: 'k', title: '必做' }] })
  await touch(id)
  await home.drain()
  expect(await home.tags(id)).toEqual(['a'])
  expect((await home.within(({ tx }) => noticesOf(tx, { member: FIRST, limit: 5 })))[0]).toMatchObject({ title: '必做' })
  await settle(FIRST, {})
})

test('E51 in closed hours messages wait, the run names the instant, and they come when it is there', async () => {
  const name = fresh()
  await onNote('told', name, { actions: [{ do: 'notify', to: [{ owner: true }], kind: 'k', title: `告知 ${name}` }, { do: 'webhook', url: 'https://example.com/x' }] })
  const id = await parcelOf(FIRST, name)
  await settle(FIRST, { slots: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:00' }] })
  await untilNoon()
  await touch(id)
  await home.drain()
  const sent: string[] = []
  const channels = { webhook: { idempotent: true, send: async ({ key }: { key: string }) => { sent.push(key); return { is: 'delivered' as const } } } }
  await dispatch(home.db, home.tenant, channels)
  await carryMail(home.db, home.tenant, ADDRESSES)
  expect([await titles(), sent]).toEqual([[], []])
  const [run] = await runs(id, 'told')
  expect(run!.steps.map((step) => step['later'])).toEqual([[{ member: FIRST, until: expect.stringMatching(/T15:00/) }], [{ member: FIRST, until: expect.stringMatching(/T15:00/) }]])
  expect(await home.within(({ tx }) => keptFor(tx, FIRST))).toEqual({ notices: 1, outside: 1 })
  await advanceClock(home.db, home.tenant, 12 * 3_600_000)
  await carryMail(home.db, home.tenant, ADDRESSES)
  await dispatch(home.db, home.tenant, channels)
  expect([await titles(), sent.length]).toEqual([[`告知 ${name}`], 1])

  async function titles() { return (await home.within(({ tx }) => noticesOf(tx, { member: FIRST, limit: 50 }))).map(({ title }) => title).filter((title) => title.includes(name)) }
})

test('E51 hours that are opened again let go what they kept; a paused rule’s message is held and goes with its pause', async () => {
  const name = fresh()
  await onNote('later', name, { actions: [{ do: 'notify', to: [{ owner: true }], kind: 'k', title: `放行 ${name}` }, { do: 'webhook', url: 'https://example.com/y' }] })
  const id = await parcelOf(SECOND, name)
  await settle(SECOND, { slots: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }] })
  await untilNoon()
  await touch(id)
  await home.drain()
  await settle(SECOND, { paused: ['later'] })
  await carryMail(home.db, home.tenant, ADDRESSES)
  expect((await home.within(({ tx }) => noticesOf(tx, { member: SECOND, limit: 1 })))[0]!.title).toBe(`放行 ${name}`)
  const channels = { webhook: { idempotent: true, send: async () => ({ is: 'delivered' as const }) } }
  await dispatch(home.db, home.tenant, channels)
  expect((await state())).toBe('held')
  await settle(SECOND, {})
  await dispatch(home.db, home.tenant, channels)
  expect((await state())).toBe('sent')

  async function state() { return (await home.within(({ tx }) => outboxOf(tx, { states: ['ready', 'held', 'sent', 'dead'] }))).find(({ rule }) => rule === 'later')?.state }
})

test('E52 a rule of a department answers for its people’s records and nobody’s, not for others’', async () => {
  const name = fresh()
  await home.switchRule('scanned', 'paused')
  const [north, south] = await home.within(async ({ tx }) => {
    const made = await tx.query<{ id: number }>(`insert into {t}.team (name, parent) values ('north', null), ('south', null) returning id`)
    const [below] = await tx.query<{ id: number }>(`insert into {t}.team (name, parent) values ('north 1', $1) returning id`, [made[0]!.id])
    await tx.query(`update {t}.member set team = case id when 1 then $1::int else $2::int end where id in (1, 2)`, [below!.id, made[1]!.id])
    await bumpEpoch(tx)
    return made.map(({ id }) => id)
  })
  await onNote('northern', name, { team: north })
  await home.rule({ key: 'through', trigger: { on: 'created', object: 'scan' }, team: north, actions: [{ do: 'tag', via: 'parcel', add: ['b'] }] })
  const [ours, theirs] = [await parcelOf(FIRST, name), await parcelOf(SECOND, name)]
  const nobodys = await home.parcel({ name })
  for (const id of [ours, theirs, nobodys]) { await touch(id); await home.write([{ op: 'create', object: 'scan', values: { parcel: id } }]) }
  await home.drain()
  expect([await home.tags(ours), await home.tags(theirs), await home.tags(nobodys)]).toEqual([['a', 'b'], [], ['a', 'b']])
  expect(await runs(theirs, 'northern')).toEqual([])
  expect((await home.within((ctx) => whyNot(ctx, { object: 'parcel', id: theirs }, 'northern'))).kind).toBe('other_team')
  expect(south).toBeTruthy()
})

test('E59 a rule that a few try first answers for their records and for what they do; widened it is everybody’s', async () => {
  const name = fresh()
  const [east, under] = await home.within(async ({ tx }) => {
    const [above] = await tx.query<{ id: number }>(`insert into {t}.team (name, parent) values ('east', null) returning id`)
    const [below] = await tx.query<{ id: number }>(`insert into {t}.team (name, parent) values ('east 1', $1) returning id`, [above!.id])
    await tx.query(`update {t}.member set team = case id when 1 then $1::int end where id in (1, 2)`, [below!.id])
    await bumpEpoch(tx)
    return [above!.id, below!.id]
  })
  expect(under).not.toBe(east)
  await onNote('tried', name, { pilot: { teams: [east], members: [CHIEF] } })
  const [ours, theirs, done] = [await parcelOf(FIRST, name), await parcelOf(SECOND, name), await parcelOf(SECOND, name)]
  for (const id of [ours, theirs]) await touch(id)
  await home.write([{ op: 'update', object: 'parcel', id: done, values: { note: `${++count}` } }], CHIEF)
  await home.drain()
  expect([await home.tags(ours), await home.tags(theirs), await home.tags(done)]).toEqual([['a'], [], ['a']])
  expect((await home.within((ctx) => whyNot(ctx, { object: 'parcel', id: theirs }, 'tried'))).kind).toBe('pilot')
  await onNote('tried', name)
  await touch(theirs)
  await home.drain()
  expect(await home.tags(theirs)).toEqual(['a'])
})

/** Noon of the next day, by the tenant's clock. */
async function untilNoon(): Promise<void> {
  const wall = await home.within(async ({ now }) => now.getTime() + 8 * 3_600_000)
  await advanceClock(home.db, home.tenant, 86_400_000 - (wall % 86_400_000) + 12 * 3_600_000)
}
